import { once } from "node:events";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { RingError } from "../errors.ts";
import { type BroadcastWriter, openBroadcast } from "./broadcast.ts";

test("every reader gets what was written since it joined, and the slowest is waited for", async () => {
  const ring = openBroadcast({ capacity: 4, start: 2 ** 30 - 2 });
  const writer = await ring.writer();
  assertEquals(writer.tryWrite([1, 2, 3]), 3);
  const first = await ring.reader();
  assertEquals(writer.tryWrite([4, 5]), 2);
  const second = await ring.reader();
  assertEquals(writer.tryWrite([6, 7, 8]), 2);
  assertEquals([first.pop(), second.pop(), writer.tryWrite([8])], [4, 6, 0]);
  assertEquals([first.pop(), first.pop(), first.pop(), first.pop()], [5, 6, 7, undefined]);
  assertEquals([second.pop(), second.pop()], [7, undefined]);
  assertEquals(writer.tryWrite([8, 9, 10, 11, 12]), 4);
  const into = new Int32Array(8);
  assertEquals([first.tryRead(into), ...into.subarray(0, 4)], [4, 8, 9, 10, 11]);
});

test("with no reader nothing is waited for, and one batch is no longer than the ring", async () => {
  const ring = openBroadcast({ capacity: 8 });
  const writer = await ring.writer();
  for (let item = 0; item < 100; item++) assertEquals(writer.push(item), true);
  assertEquals(writer.tryWrite(new Int32Array(20)), 8);
  await writer.write(new Int32Array(20));
  const reader = await ring.reader();
  assertEquals(reader.pop(), undefined);
});

test("a reader that leaves is waited for no longer", async () => {
  const ring = openBroadcast({ capacity: 2 });
  const writer = await ring.writer();
  const reader = await ring.reader();
  assertEquals(writer.tryWrite([1, 2, 3]), 2);
  const writing = writer.write([3, 4, 5]);
  await reader[Symbol.asyncDispose]();
  await writing;
  await reader[Symbol.asyncDispose]();
  assertThrows(() => reader.pop(), RingError, "RING_CLOSED");
  const next = await ring.reader();
  writer.tryWrite([6]);
  assertEquals(next.pop(), 6);
});

test("push() gathers up to what is free, and pop() frees what it has taken", async () => {
  for (const capacity of [1, 2, 8, 64, 256]) {
    const ring = openBroadcast({ capacity, start: 2 ** 31 - 3 });
    const writer = await ring.writer();
    const readers = [await ring.reader(), await ring.reader()];
    for (let lap = 0; lap < 5; lap++) {
      for (let i = 0; i < capacity; i++) assertEquals(writer.push(lap * capacity + i), true);
      assertEquals(writer.push(-1), false);
      for (const reader of readers) {
        for (let i = 0; i < capacity; i++) assertEquals(reader.pop(), lap * capacity + i);
        assertEquals(reader.pop(), undefined);
      }
    }
    for (const end of [writer, ...readers]) assertEquals(end.stats().moved, 5 * capacity);
  }
});

test("a writer that takes over waits for readers that it has never seen", async () => {
  const ring = openBroadcast({ capacity: 4 });
  const reader = await ring.reader();
  const first = await ring.writer();
  for (const item of [1, 2, 3]) first.push(item);
  await first[Symbol.asyncDispose]();
  assertThrows(() => first.push(4), RingError, "RING_CLOSED");
  const second = await ring.writer();
  assertEquals([second.push(4), second.push(5)], [true, false]);
  assertEquals([reader.pop(), reader.pop(), reader.pop(), reader.pop()], [1, 2, 3, 4]);
});

test("close() ends a write that waits, and readers drain what was accepted", async () => {
  const ring = openBroadcast({ capacity: 2 });
  const writer = await ring.writer(), reader = await ring.reader();
  const writing = writer.write([1, 2, 3]).then(() => undefined, (reason) => reason);
  await ring.close();
  const error = await writing;
  assert(error instanceof RingError && error.code === "RING_CLOSED");
  assertEquals([writer.stats().moved, reader.done], [2, false]);
  assertEquals([reader.pop(), reader.pop(), reader.done], [1, 2, true]);
});

test("the thirty-third reader is refused until one leaves", async () => {
  const ring = openBroadcast({ capacity: 2 });
  const readers = await Promise.all(Array.from({ length: 32 }, () => ring.reader()));
  const error = await ring.reader().then(() => undefined, (reason) => reason);
  assert(error instanceof RingError && error.code === "RING_BUSY");
  await readers[7]![Symbol.asyncDispose]();
  await ring.reader();
});

const fixture = new URL("./broadcast_fixture.ts", import.meta.url);
const COUNT = 20_000;

async function writeAll(writer: BroadcastWriter): Promise<void> {
  for (let item = 1; item <= COUNT; item++) {
    if (!writer.push(item)) await writer.write([item]);
  }
  writer.flush();
}

test(
  "threads that stay get everything, those that come and go all between",
  { timeout: 60_000 },
  async () => {
    const ring = openBroadcast({ capacity: 16 });
    const workers = ["stays", "stays", "comes and goes"].map((part) =>
      new Worker(fixture, { workerData: { handle: ring.handle, part } })
    );
    await Promise.all(workers.map((worker) => once(worker, "message")));
    const outcomes = workers.map((worker) => once(worker, "message"));
    await writeAll(await ring.writer());
    await ring.close();
    const [one, two, visitor] = (await Promise.all(outcomes)).map(([outcome]) => outcome);
    assertEquals([one, two], [{ faults: [], got: COUNT }, { faults: [], got: COUNT }]);
    assertEquals(visitor.faults, []);
  },
);
