import { Buffer } from "node:buffer";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { openProxy, type Proxy } from "./proxy.ts";

const bytes = Buffer.from(Array.from({ length: 2000 }, (_, i) => i * 7));

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
  socket.end(bytes);
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

test("a delay keeps every byte back, and their order", async () => {
  const echo = await listening((socket) => socket.pipe(socket));
  const proxy = await openProxy({ target: echo, seed: 1, chunk: whole, delayMs: 20 });
  const from = performance.now();
  const { received } = await echoed(proxy, bytes);
  assertEquals(Buffer.compare(received, bytes), 0);
  assert(performance.now() - from >= 40, "there and back took less than two delays");
  await proxy.close();
  await echo.close();
});

test("a throttle lets no more through than so many bytes a second", async () => {
  const echo = await listening((socket) => socket.pipe(socket));
  const proxy = await openProxy({ target: echo, seed: 1, chunk: whole, bytesPerSecond: 50_000 });
  const from = performance.now();
  const { received } = await echoed(proxy, bytes);
  assertEquals(Buffer.compare(received, bytes), 0);
  // Of its two directions the slower one counts, as they run at the same time.
  const leastMs = bytes.length / 50_000 * 1000;
  assert(
    performance.now() - from >= leastMs * 0.9,
    `${bytes.length} bytes in less than ${leastMs} ms`,
  );
  await proxy.close();
  await echo.close();
});

test("corruption flips bits after so many bytes, and neither adds nor removes a byte", async () => {
  const sink = await listening((socket) => pieces.push(everything(socket)));
  const pieces: Promise<{ received: Buffer }>[] = [];
  const corrupt = { after: 1000, every: 100 };
  const proxy = await openProxy({ target: sink, seed: 5, chunk: whole, corrupt });
  const socket = connect(proxy.port, proxy.host);
  socket.end(bytes);
  await everything(socket);
  const { received } = await pieces[0]!;
  assertEquals(received.length, bytes.length);
  const changed = [...received].flatMap((byte, i) => byte === bytes[i] ? [] : [i]);
  assert(changed.length > 0 && changed[0]! >= 1000, `changed are ${changed}`);
  for (const i of changed) assertEquals(bitsOf(received[i]! ^ bytes[i]!), 1);
  await proxy.close();
  await sink.close();
});

test("in reverse order, the first connection is made after the second", async () => {
  const order: string[] = [];
  const server = await listening((socket) => {
    socket.once("data", (text) => {
      order.push(String(text));
      socket.end();
    });
  });
  const proxy = await openProxy({ target: server, seed: 1, reorder: true });
  const first = connect(proxy.port, proxy.host), second = connect(proxy.port, proxy.host);
  await new Promise((resolve) => first.once("connect", resolve));
  first.end("1");
  second.end("2");
  await Promise.all([everything(first), everything(second)]);
  assertEquals(order.toSorted(), ["1", "2"]);
  await proxy.close();
  await server.close();
});

test("a stalled direction takes nothing, and goes on when it is resumed", async () => {
  const echo = await listening((socket) => socket.pipe(socket));
  for (const direction of ["up", "down"] as const) {
    const proxy = await openProxy({ target: echo, seed: 1, chunk: whole });
    proxy.stall(direction);
    const socket = connect(proxy.port, proxy.host);
    const got = everything(socket);
    await new Promise<void>((resolve) => socket.write(bytes, () => resolve()));
    assertEquals(socket.bytesRead, 0);
    proxy.resume();
    socket.end();
    assertEquals(Buffer.compare((await got).received, bytes), 0);
    await proxy.close();
  }
  await echo.close();
});

test("half open: what is sent is taken and goes nowhere; a new connection works", async () => {
  const echo = await listening((socket) => socket.pipe(socket));
  const dropAfterBytes = 5;
  const proxy = await openProxy({
    target: echo,
    seed: 1,
    chunk: { min: 1, max: 1 },
    dropAfterBytes,
  });
  const socket = connect(proxy.port, proxy.host);
  const got: string[] = [];
  socket.on("error", () => {});
  await new Promise<void>((resolve) => {
    socket.on("data", (text) => {
      got.push(String(text));
      if (got.join("").length === 5) resolve();
    });
    socket.write("12345678");
  });
  const again = connect(proxy.port, proxy.host);
  again.on("error", () => {});
  const heard = new Promise((resolve) => again.once("data", resolve));
  again.write("x");
  await heard; // and by now the rest would have come
  assertEquals([got.join(""), socket.destroyed], ["12345", false]);
  proxy.drop();
  await new Promise<void>((resolve) => again.write("y", () => resolve()));
  await proxy.close();
  await echo.close();
});

const whole = { min: 60000, max: 60000 };

function echoed(proxy: Proxy, bytes: Buffer): Promise<{ received: Buffer }> {
  const socket = connect(proxy.port, proxy.host);
  socket.end(bytes);
  return everything(socket);
}

const bitsOf = (byte: number) => byte.toString(2).replaceAll("0", "").length;

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
