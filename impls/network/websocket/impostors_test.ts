/** Servers that do not keep to the protocol, or serve something else. */
import type { Buffer } from "node:buffer";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { test } from "node:test";
import { assertEquals, assertRejects } from "@std/assert";
import { type WebSocket, WebSocketServer } from "ws";
import { RingError } from "../../errors.ts";
import { attachWebSocket } from "../websocket.ts";
import { dial } from "./connection.ts";
import * as wire from "./protocol.ts";
import { refused, take } from "./testing.ts";
import { named } from "./uri.ts";

const adapter = "websocket";

test("what is no such server is RING_FOREIGN, and who is not there RING_LOST", async () => {
  const page = createHttpServer((_, response) => response.end("a page"));
  const garbage = createServer((socket) => socket.on("error", () => {}).resume().end("what?\r\n"));
  for (const server of [page, garbage]) {
    const at = await listening(server);
    await refused(() => attachWebSocket({ adapter, at }), "RING_FOREIGN");
    await stopped(server);
    await refused(() => attachWebSocket({ adapter, at }), "RING_LOST");
  }
});

test("a server that says nothing is given up in time", async () => {
  const hearer = { hello: () => {}, message: () => {}, lost: () => {} };
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => sockets.add(socket));
  const at = await listening(silent);
  await refused(() => dial(named(at), hearer, 50), "RING_LOST");
  sockets.forEach((socket) => socket.destroy());
  await stopped(silent);
  await using impostor = await Impostor.start(() => {});
  await refused(() => dial(named(impostor.at), hearer, 50), "RING_FOREIGN");
});

test("a server that says another hello is RING_FOREIGN", async () => {
  const hello = [wire.HELLO, wire.MAGIC, wire.VERSION, 4, 1, 0, 1000, 1, 2, 3, 4];
  const changed = (at: number, word: number) => wire.message(...hello.with(at, word));
  const wrong = [
    ...["hello", wire.message(wire.CLOSING), wire.message(...hello.slice(0, 5))],
    ...[changed(1, 7), changed(2, wire.VERSION + 1), changed(3, 0), changed(3, -1)],
    ...[changed(4, 0), changed(4, 2 ** 30), changed(5, 2), changed(6, 0), changed(6, 2 ** 31)],
  ];
  for (const first of wrong) {
    await using impostor = await Impostor.start((socket) => socket.send(first));
    await refused(() => attachWebSocket({ adapter, at: impostor.at }), "RING_FOREIGN");
  }
  await using curt = await Impostor.start((socket) => socket.close());
  await refused(() => attachWebSocket({ adapter, at: curt.at }), "RING_FOREIGN");
});

test("a server that does not keep to the protocol is left", async () => {
  const opened = wire.message(wire.OPENED, wire.READER, 0);
  const items = wire.message(wire.ITEMS, 1, 2, 3, 4, 5); // into a window of 4
  for (const answers of [[opened, items], [opened, opened], [wire.message(77)], [opened, "text"]]) {
    let once = true;
    await using impostor = await Impostor.start((socket) => {
      if (!once) return socket.close(); // when it comes back to say what it has read
      once = false;
      socket.send(goodHello(1000));
      socket.on("message", () => answers.forEach((answer) => socket.send(answer)));
    });
    await using ring = await attachWebSocket({ adapter, at: impostor.at });
    await refused(async () => await (await ring.reader()).read([0]), "RING_LOST");
  }
});

test("what was accepted before close() is sent before it", async () => {
  const types: number[] = [];
  const { promise: closed, resolve: arrived } = Promise.withResolvers<void>();
  await using impostor = await Impostor.start((socket) => {
    socket.send(goodHello(1000));
    socket.on("message", (bytes: Buffer) => {
      const type = wire.word(bytes, 0);
      types.push(type);
      if (type === wire.OPEN) socket.send(wire.message(wire.OPENED, wire.WRITER, 3));
      if (type === wire.CLOSE) arrived();
    });
  });
  await using ring = await attachWebSocket({ adapter, at: impostor.at });
  const writer = await ring.writer();
  for (const item of [1, 2, 3]) writer.tryWrite([item]);
  const closing = refused(() => ring.close(), "RING_CLOSED"); // the impostor never answers
  await closed;
  assertEquals(types, [wire.OPEN, wire.ITEMS, wire.ITEMS, wire.CLOSE]);
  await ring[Symbol.asyncDispose]();
  await closing;
});

test("a reader that was cut off reads nothing until it has said how far it had come", async () => {
  const reported = Promise.withResolvers<[socket: WebSocket, position: number]>();
  await using impostor = await Impostor.start((socket) => {
    socket.send(goodHello(1000));
    socket.on("message", (bytes: Buffer) => {
      const type = wire.word(bytes, 0);
      if (type === wire.OPEN) {
        socket.send(wire.message(wire.OPENED, wire.READER, 0));
        socket.send(wire.message(wire.ITEMS, 1, 2, 3));
      }
      if (type === wire.CONSUMED) socket.terminate();
      if (type === wire.RECOVER) reported.resolve([socket, wire.word(bytes, 5)]);
    });
  });
  await using ring = await attachWebSocket({ adapter, at: impostor.at });
  const reader = await ring.reader();
  assertEquals(await take(reader, 1), [1]);
  const [socket, position] = await reported.promise;
  assertEquals([position, reader.tryRead([0])], [1, 0]);
  socket.send(wire.message(wire.RECOVERED));
  await refused(() => reader.read([0]), "RING_LOST");
  assertEquals([reader.stats().moved, reader.done], [1, false]);
});

test("a server that falls silent is RING_LOST", async () => {
  await using impostor = await Impostor.start((socket) => {
    socket.send(goodHello(20));
    socket.once("message", () => socket.send(wire.message(wire.OPENED, wire.WRITER, 1)));
  });
  await using ring = await attachWebSocket({ adapter, at: impostor.at });
  const writer = await ring.writer();
  await assertRejects(
    () => writer.write([1, 2]),
    RingError,
    "RING_LOST: cannot write: the server does not answer",
  );
});

function goodHello(beatMs: number): Int32Array {
  return wire.message(wire.HELLO, wire.MAGIC, wire.VERSION, 4, 1, 0, beatMs, 1, 2, 3, 4);
}

/** A WebSocket server that is no ring. */
class Impostor implements AsyncDisposable {
  readonly at: string;
  readonly #sockets: WebSocketServer;

  static async start(greet: (socket: WebSocket) => void): Promise<Impostor> {
    const sockets = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    sockets.on("connection", (socket) => {
      socket.on("error", () => {});
      greet(socket);
    });
    await new Promise((resolve) => sockets.once("listening", resolve));
    return new Impostor(sockets);
  }

  constructor(sockets: WebSocketServer) {
    this.#sockets = sockets;
    this.at = `ring://127.0.0.1:${(sockets.address() as AddressInfo).port}/x`;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#sockets.clients.forEach((socket) => socket.terminate());
    return new Promise((resolve) => this.#sockets.close(() => resolve()));
  }
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `ring://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
}

function stopped(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
