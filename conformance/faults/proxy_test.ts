import { Buffer } from "node:buffer";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { openProxy } from "./proxy.ts";

const bytes = Buffer.from(Array.from({ length: 5000 }, (_, i) => i * 7));

test("a proxy passes every byte on in order, both ways, and both ends", async () => {
  const echo = await listening((socket) => socket.pipe(socket));
  for (const chunk of [{ min: 1, max: 1 }, { min: 1, max: 300 }, { min: 60000, max: 60000 }]) {
    const proxy = await openProxy({ target: echo, seed: 1, chunk, coalesceMs: 1 });
    const socket = connect(proxy.port, proxy.host);
    socket.end(bytes);
    const { received } = await everything(socket);
    assertEquals(Buffer.compare(received, bytes), 0, `pieces of ${chunk.min} to ${chunk.max}`);
    await proxy.close();
  }
  await echo.close();
});

test("a proxy cuts where the seed says, not where the sender did", async () => {
  const sink = await listening((socket) => pieces.push(everything(socket)));
  const pieces: Promise<{ sizes: number[] }>[] = [];
  const proxy = await openProxy({ target: sink, seed: 3, chunk: { min: 1, max: 3 } });
  const socket = connect(proxy.port, proxy.host);
  socket.end(bytes.subarray(0, 2000));
  await everything(socket);
  const { sizes } = await pieces[0]!;
  assert(sizes.length > 10, `2000 bytes came in ${sizes.length} pieces`);
  await proxy.close();
  await sink.close();
});

test("cut() breaks what is connected, and the next connection works", async () => {
  const echo = await listening((socket) => socket.pipe(socket));
  const proxy = await openProxy({ target: echo, seed: 2 });
  const first = connect(proxy.port, proxy.host);
  first.write("x");
  await new Promise((resolve) => first.once("data", resolve));
  proxy.cut();
  await everything(first);
  const second = connect(proxy.port, proxy.host);
  second.end("again");
  assertEquals((await everything(second)).received.toString(), "again");
  await proxy.close();
  await echo.close();
});

test("a target that is not there ends the connection", async () => {
  const gone = await listening(() => {});
  await gone.close();
  const proxy = await openProxy({ target: gone, seed: 2 });
  assertEquals((await everything(connect(proxy.port, proxy.host))).received.length, 0);
  await proxy.close();
});

async function listening(serve: (socket: Socket) => void) {
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => socket.destroy());
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { host: "127.0.0.1", port, close };
}

/** What comes until the connection is closed, and in pieces of which sizes. */
function everything(socket: Socket): Promise<{ received: Buffer; sizes: number[] }> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    socket.on("error", () => {});
    socket.on("data", (part: Buffer) => parts.push(part));
    socket.on("end", () => socket.end());
    socket.on("close", () => {
      resolve({ received: Buffer.concat(parts), sizes: parts.map((part) => part.length) });
    });
  });
}
