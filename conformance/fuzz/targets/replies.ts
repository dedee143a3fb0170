/** What a server answers to those who attach: it may be no ring at all, or one that lies. */
import fc from "fast-check";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { RingError } from "../../../impls/errors.ts";
import { attachWebSocket } from "../../../impls/network/websocket.ts";
import * as wire from "../../../impls/network/websocket/protocol.ts";
import { fromHex, nearly, toHex } from "../bytes.ts";
import { assertHarmless, Harm, type Target } from "../target.ts";

/** Each message in hexadecimal. */
interface Input {
  readonly hello: string;
  /** Sent one by one, each as an answer to whatever the client says next. */
  readonly answers: readonly string[];
}

const CAPACITY = 4;
/** A server that says nothing is given up after four of them. */
const BEAT_MS = 20;
const bytesOf = (...words: number[]) => new Uint8Array(wire.message(...words).buffer);
const hello = bytesOf(wire.HELLO, wire.MAGIC, wire.VERSION, CAPACITY, 1, 0, BEAT_MS, 1, 2, 3, 4);
const answers = [
  bytesOf(wire.OPENED, wire.READER, 0),
  bytesOf(wire.OPENED, wire.WRITER, CAPACITY),
  bytesOf(wire.BUSY, wire.WRITER),
  bytesOf(wire.ITEMS, 1, 2),
  bytesOf(wire.ITEMS, 1, 2, 3, 4, 5),
  bytesOf(wire.CREDIT, 1),
  bytesOf(wire.CREDIT, -1),
  bytesOf(wire.LEFT, wire.READER),
  bytesOf(wire.CLOSING),
  bytesOf(wire.ENDED, 0),
  bytesOf(wire.ENDED, -1),
  bytesOf(wire.CLOSED),
  bytesOf(wire.RECOVERED),
];
const waitMs = 5;

export const replies: Target = {
  name: "replies",
  sentence:
    "A server that lies ends in a ring's own error for those who attach to it, in bounded " +
    "time and memory.",
  async prepare() {
    let greet: (socket: WebSocket) => void = () => {};
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    server.on("connection", (socket) => {
      socket.on("error", () => {});
      greet(socket);
    });
    await new Promise((resolve) => server.once("listening", resolve));
    const at = `ring://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
    return {
      inputs: fc.record({
        hello: fc.oneof(
          { weight: 3, arbitrary: fc.constant(toHex(hello)) },
          { weight: 1, arbitrary: nearly([hello], 2) },
        ),
        answers: fc.array(
          fc.oneof(fc.constantFrom(...answers).map(toHex), nearly(answers, 2)),
          { maxLength: 8 },
        ),
      }),
      async attempt(input: Input) {
        greet = (socket) => {
          greet = (again) => again.close(1001); // a reader that comes back has no ring any more
          act(socket, input);
        };
        try {
          await use(at);
        } finally {
          server.clients.forEach((client) => client.terminate());
        }
      },
      async [Symbol.asyncDispose]() {
        server.clients.forEach((client) => client.terminate());
        await new Promise((resolve) => server.close(resolve));
      },
    };
  },
};

function act(socket: WebSocket, { hello, answers }: Input): void {
  socket.send(fromHex(hello));
  const left = [...answers];
  socket.on("message", () => {
    const answer = left.shift();
    // With nothing left to say, it says that the ring is gone: no client is to wait for more.
    if (answer === undefined) socket.close(1001);
    else socket.send(fromHex(answer));
  });
}

async function use(at: string): Promise<void> {
  await refusedAtMost(async () => {
    await using ring = await attachWebSocket({ adapter: "websocket", at });
    await refusedAtMost(async () => {
      const reader = await ring.reader();
      const into = new Int32Array(16);
      for (let i = 0; i < 3; i++) {
        const count = await reader.read(into, { timeout: waitMs });
        assertHarmless(count <= ring.capacity, `${count} items came from ${ring.capacity} slots`);
      }
    });
    await refusedAtMost(async () => {
      const writer = await ring.writer();
      const accepted = writer.tryWrite(new Int32Array(4 * ring.capacity));
      assertHarmless(
        accepted <= ring.capacity,
        `${accepted} items were accepted for ${ring.capacity} slots`,
      );
      await writer.write([1], { timeout: waitMs });
    });
    await refusedAtMost(() => ring.close());
  });
}

async function refusedAtMost(act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (error instanceof Harm) throw error;
    const name = (error as Error)?.name;
    if (!(error instanceof RingError) && name !== "TimeoutError") {
      throw new Harm(`it ended with ${String(error)}`);
    }
  }
}
