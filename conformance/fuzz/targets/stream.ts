/** Bytes sent to a served ring's port: a client's whole conversation, changed before it is sent. */
import { Buffer } from "node:buffer";
import { connect } from "node:net";
import { openWebSocket } from "../../../impls/network/websocket.ts";
import * as wire from "../../../impls/network/websocket/protocol.ts";
import { fromHex, nearly } from "../bytes.ts";
import { assertHarmless, type Target } from "../target.ts";

interface Input {
  /** In hexadecimal; the ring's own name stands in it as NAME. */
  readonly bytes: string;
}

const NAME = "fuzzed-ring";
const request = (path: string, more = "") =>
  Buffer.from(
    `GET ${path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${more}` +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
  );
/** A client's frame, masked by zeros. (Source: RFC 6455 §5.2.) */
const frame = (opcode: number, payload: Uint8Array) =>
  Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
const said = (...words: number[]) => frame(2, new Uint8Array(wire.message(...words).buffer));

const good = [
  Buffer.concat([
    request(`/${NAME}`),
    said(wire.OPEN, wire.WRITER),
    said(wire.ITEMS, 1, 2),
    frame(9, Buffer.from("ping")),
    said(wire.LEAVE, wire.WRITER),
    frame(8, Buffer.from([3, 232])),
  ]),
  Buffer.concat([request(`/${NAME}`), said(wire.OPEN, wire.READER), said(wire.CONSUMED, 0)]),
  Buffer.concat([request(`/${NAME}`, "Origin: http://x\r\n"), said(wire.CLOSE)]),
  Buffer.concat([request("/"), said(wire.OPEN, wire.WRITER)]),
  Buffer.from("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"),
];

export const stream: Target = {
  name: "stream",
  sentence:
    "Whatever bytes come to a ring's port, who sent them is sent away, and the port serves on.",
  async prepare() {
    const ring = await openWebSocket({ capacity: 4, uri: `ring://127.0.0.1:0/${NAME}` });
    const { port, hostname } = new URL(ring.handle.at as string);
    return {
      inputs: nearly(good).map((bytes) => ({ bytes })),
      async attempt({ bytes }: Input) {
        await sentAway(Number(port), hostname, fromHex(bytes));
        const status = await answer(Number(port), hostname);
        assertHarmless(status === "426", `after it a web browser got ${status}`);
      },
      [Symbol.asyncDispose]: () => ring[Symbol.asyncDispose](),
    };
  },
};

/** Sends the bytes and the end; resolves once the other side has closed too. */
function sentAway(port: number, host: string, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.on("error", () => {});
    socket.on("close", () => resolve());
    socket.resume();
    socket.end(bytes);
  });
}

/** The status that a plain request gets. */
function answer(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.setEncoding("latin1");
    socket.on("error", (error) => resolve(String(error)));
    socket.once("data", (text) => {
      socket.destroy();
      resolve(String(text).split(" ")[1]);
    });
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  });
}
