import { Buffer } from "node:buffer";
import { EventEmitter } from "node:events";
import { test } from "node:test";
import { setImmediate } from "node:timers";
import { assertEquals } from "@std/assert";
import type { WebSocket } from "ws";
import { Exchange } from "./exchange.ts";
import { Ledger } from "./ledger.ts";
import * as wire from "./protocol.ts";
import { message, READER, WRITER } from "./protocol.ts";

test("an end is busy when its holder answers, and free when its connection is gone", async () => {
  await using served = new Served(4);
  const holder = served.connect(), other = served.connect();
  holder.says(wire.OPEN, WRITER);
  assertEquals(holder.hears(), [[wire.OPENED, WRITER, 4]]);
  other.says(wire.OPEN, WRITER);
  await turn();
  assertEquals([holder.pings, other.hears()], [["1"], []]);
  holder.emit("pong", Buffer.from("1"));
  await turn();
  assertEquals(other.hears(), [[wire.BUSY, WRITER]]);
  other.says(wire.OPEN, WRITER);
  holder.emit("pong", Buffer.from("1")); // an old one
  await turn();
  assertEquals(other.hears(), []);
  holder.emit("close");
  await turn();
  assertEquals(other.hears(), [[wire.OPENED, WRITER, 4]]);
});

test("the next reader waits until the one that was cut off has said what it read", async () => {
  await using served = new Served(4);
  const writer = served.connect(), reader = served.connect(), next = served.connect();
  writer.says(wire.OPEN, WRITER);
  writer.says(wire.ITEMS, 1, 2, 3);
  reader.says(wire.OPEN, READER);
  await turn();
  const key = reader.key;
  assertEquals(reader.hears(), [[wire.OPENED, READER, 0], [wire.ITEMS, 1, 2, 3]]);
  reader.emit("close");
  next.says(wire.OPEN, READER);
  assertEquals(next.hears(), []);
  const again = served.connect();
  again.says(wire.RECOVER, ...key, 2);
  await turn();
  assertEquals(again.hears(), [[wire.RECOVERED]]);
  assertEquals(next.hears(), [[wire.OPENED, READER, 0], [wire.ITEMS, 3]]);
});

test("a reader that comes back before its loss is known is believed as well", async () => {
  await using served = new Served(4);
  const writer = served.connect(), reader = served.connect(), again = served.connect();
  writer.says(wire.OPEN, WRITER);
  writer.says(wire.ITEMS, 1, 2, 3);
  reader.says(wire.OPEN, READER);
  await turn();
  again.says(wire.RECOVER, ...reader.key, 1);
  reader.says(wire.CONSUMED, 3); // too late
  again.says(wire.OPEN, READER);
  await turn();
  assertEquals(again.hears(), [[wire.RECOVERED], [wire.OPENED, READER, 0], [wire.ITEMS, 2, 3]]);
});

test("a reader that breaks the protocol has nothing to say any more: the next goes on at once", async () => {
  await using served = new Served(4);
  const writer = served.connect(), reader = served.connect(), next = served.connect();
  writer.says(wire.OPEN, WRITER);
  writer.says(wire.ITEMS, 1, 2);
  reader.says(wire.OPEN, READER);
  await turn();
  reader.says(wire.CONSUMED, 3);
  assertEquals(reader.closeCode, 1008);
  next.says(wire.OPEN, READER);
  await turn();
  assertEquals(next.hears(), [[wire.OPENED, READER, 0], [wire.ITEMS, 1, 2]]);
});

test("closing asks everybody twice, and takes what arrives before the first answer", async () => {
  await using served = new Served(4);
  const writer = served.connect(), reader = served.connect();
  writer.says(wire.OPEN, WRITER);
  reader.says(wire.OPEN, READER);
  reader.says(wire.CLOSE);
  reader.says(wire.SEEN);
  await turn();
  assertEquals(reader.hears(), [[wire.OPENED, READER, 0], [wire.CLOSING]]);
  writer.says(wire.ITEMS, 7);
  writer.says(wire.SEEN);
  await turn();
  assertEquals(reader.hears(), [[wire.ITEMS, 7], [wire.ENDED, 0]]);
  assertEquals(writer.hears(), [[wire.OPENED, WRITER, 4], [wire.CLOSING], [wire.ENDED, 0]]);
  reader.says(wire.SEEN);
  await turn();
  assertEquals(reader.hears(), []);
  writer.emit("close"); // as good as an answer
  await turn();
  assertEquals(reader.hears(), [[wire.CLOSED]]);
});

/** A ring of int32 items with hand-made connections. */
class Served implements AsyncDisposable {
  readonly #exchange: Exchange;
  readonly #lines: Line[] = [];

  constructor(capacity: number) {
    this.#exchange = new Exchange(new Ledger(capacity, 1), 1000);
  }

  connect(): Line {
    const line = new Line();
    this.#lines.push(line);
    this.#exchange.admit(line as unknown as WebSocket);
    line.hello();
    return line;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#lines.forEach((line) => line.emit("close"));
    await this.#exchange.stop();
  }
}

/** The server's socket of a connection whose other side is the test. */
class Line extends EventEmitter {
  readonly bufferedAmount = 0;
  readonly pings: string[] = [];
  key: number[] = [];
  closeCode: number | undefined;
  #sent: number[][] = [];

  send(words: Int32Array): void {
    this.#sent.push([...words]);
  }

  ping(data: string): void {
    this.pings.push(data);
  }

  close(code: number): void {
    this.closeCode = code;
  }

  terminate(): void {}

  says(...words: number[]): void {
    this.emit("message", Buffer.from(message(...words).buffer), true);
  }

  /** What the server has sent since the last time. */
  hears(): number[][] {
    return this.#sent.splice(0);
  }

  hello(): void {
    this.key = this.hears()[0]!.slice(7);
  }
}

/** Long enough for what is coalesced. */
const turn = (): Promise<void> =>
  new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
