/** Clients that do not keep to the protocol. */
import { connect } from "node:net";
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { WebSocket } from "ws";
import * as wire from "./protocol.ts";
import { WebSocketRing } from "./ring.ts";
import { serve } from "./server.ts";
import { refused, take } from "./testing.ts";
import { attachWebSocket, openWebSocket } from "../websocket.ts";

const adapter = "websocket";

test("a message against the protocol closes its connection with the right code, and nothing else", async () => {
  await using ring = await openWebSocket({ capacity: 4, width: 2 });
  const writer = await ring.writer();
  writer.tryWrite([1, 2]);
  await writer[Symbol.asyncDispose]();
  const items = (count: number) => Int32Array.of(wire.ITEMS, ...new Array(count * 2).fill(9));
  const openWriter = wire.message(wire.OPEN, wire.WRITER);
  const openReader = wire.message(wire.OPEN, wire.READER);
  const cases: readonly [code: number, what: string, ...(Int32Array | Uint8Array | string)[]][] = [
    [1003, "text", "hello"],
    [1007, "empty", new Uint8Array(0)],
    [1007, "less than a word", new Uint8Array(3)],
    [1007, "an unknown type", wire.message(99)],
    [1007, "a type of the server", wire.message(wire.CREDIT, 5)],
    [1007, "too short", wire.message(wire.OPEN)],
    [1007, "too long", wire.message(wire.CLOSE, 1)],
    [1007, "an unknown end", wire.message(wire.OPEN, 2)],
    [1007, "no items", openWriter, wire.message(wire.ITEMS)],
    [1007, "half an item", openWriter, wire.message(wire.ITEMS, 1, 2, 3)],
    [1007, "no whole word", openWriter, new Uint8Array(items(1).buffer).subarray(0, 11)],
    [1008, "items of no writer", items(1)],
    [1008, "more than credit", openWriter, items(3), items(1)],
    [1008, "a report of no reader", wire.message(wire.CONSUMED, 1)],
    [1008, "a report beyond what was sent", openReader, wire.message(wire.CONSUMED, 5)],
    [1008, "leaving what it has not", wire.message(wire.LEAVE, wire.WRITER)],
    [1008, "an answer to no question", wire.message(wire.SEEN)],
    [1009, "larger than the ring", openWriter, items(5)],
  ];
  const into = new Int32Array(8);
  for (const [code, what, ...messages] of cases) {
    const stranger = new Stranger(ring.handle.at as string);
    await stranger.hello;
    for (const bytes of messages) stranger.socket.send(bytes);
    assertEquals(await stranger.closeCode, code, what);
    if (what !== "more than credit") continue;
    const reader = await ring.reader(); // the three that there was credit for have arrived
    assertEquals([await reader.read(into), [...into]], [4, [1, 2, 9, 9, 9, 9, 9, 9]]);
    await reader[Symbol.asyncDispose]();
    const again = await ring.writer();
    assertEquals(again.tryWrite([1, 2]), 1);
    await again[Symbol.asyncDispose]();
  }
  const last = await ring.writer();
  assertEquals(last.tryWrite([3, 4]), 1);
  await using reader = await ring.reader();
  assertEquals([await reader.read(into.subarray(0, 2)), await reader.read(into.subarray(2, 4))], [
    1,
    1,
  ]);
  assertEquals([...into.subarray(0, 4)], [1, 2, 3, 4]);
});

test("a wrong name, and a web page, get nothing", async () => {
  await using ring = await openWebSocket({ capacity: 1 });
  const at = ring.handle.at as string;
  for (const path of ["/", "/x", `/${at.split("/")[3]}0`, `//${at.split("/")[3]}`]) {
    assertEquals(await httpStatus(at, path), "404");
  }
  assertEquals(await httpStatus(at, `/${at.split("/")[3]}`, "Origin: http://x\r\n"), "403");
  await refused(() => attachWebSocket({ adapter, at: `${at}0` }), "RING_FOREIGN");
  await refused(() => attachWebSocket({ adapter: "spsc", at }), "RING_FOREIGN");
});

test("disposal waits for no stranger", async () => {
  const ring = await openWebSocket({ capacity: 1 });
  const { port, hostname, pathname } = new URL(ring.handle.at as string);
  const upgrade = (path: string) =>
    `GET ${path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
  const sockets = [];
  for (const answered of [upgrade("/x"), upgrade(pathname), "GET / HTTP/1.1\r\nHost: x\r\n\r\n"]) {
    const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
    socket.write(answered);
    await new Promise((resolve) => socket.once("data", resolve));
    sockets.push(socket); // and neither ends it nor says goodbye
  }
  for (const unanswered of ["", "POST / HTTP/1.1\r\nContent-Length: 9\r\n"]) {
    const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
    await new Promise<void>((resolve) => socket.write(unanswered, () => resolve()));
    sockets.push(socket);
  }
  sockets.forEach((socket) => socket.on("error", () => {}));
  await ring[Symbol.asyncDispose]();
  sockets.forEach((socket) => socket.destroy());
});

test("a client that falls silent loses its ends, one that answers pings keeps them", async () => {
  const uri = { host: "127.0.0.1", port: 0, name: "" };
  await using server = await serve({ capacity: 4, width: 1, uri, beatMs: 20 });
  const at = `ring://127.0.0.1:${server.uri.port}/${server.uri.name}`;
  const silent = new Stranger(at, { autoPong: false });
  await silent.hello;
  silent.socket.send(wire.message(wire.OPEN, wire.WRITER));
  await using ring = await WebSocketRing.connect({ adapter, at }, server.uri);
  await silent.closeCode;
  const writer = await ring.writer(), reader = await ring.reader();
  await writer.write([5]);
  assertEquals(await take(reader, 1), [5]);
});

/** A client that says what it likes. */
class Stranger {
  readonly socket: WebSocket;
  readonly hello: Promise<void>;
  readonly closeCode: Promise<number>;

  constructor(at: string, options = {}) {
    this.socket = new WebSocket(at.replace("ring:", "ws:"), options);
    this.socket.on("error", () => {});
    this.hello = new Promise((resolve) => this.socket.once("message", () => resolve()));
    this.closeCode = new Promise((resolve) => this.socket.once("close", resolve));
  }
}

/** The status with which an upgrade to WebSocket on that path is answered. */
function httpStatus(at: string, path: string, header = ""): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(at).port), "127.0.0.1");
    socket.setEncoding("latin1");
    socket.once("data", (text: string) => {
      socket.destroy();
      resolve(text.split(" ")[1]);
    });
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${header}` +
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
    );
  });
}
