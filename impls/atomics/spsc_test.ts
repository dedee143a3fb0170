import { test } from "node:test";
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { RingError } from "../errors.ts";
import { attachSpsc, openSpsc } from "./spsc.ts";

test("no item is accepted once a reader has seen the end", async () => {
  const ring = openSpsc({ capacity: 4 });
  const writer = await ring.writer(), reader = await ring.reader();
  writer.tryWrite([1]);
  await ring.close();
  const into = new Int32Array(4);
  assertEquals(reader.tryRead(into), 1);
  assertEquals(reader.done, true);
  assertThrows(() => writer.tryWrite([2]), RingError, "RING_CLOSED");
  assertEquals(reader.done, true);
  assertEquals(writer.stats().moved, 1);
});

test("a full ring that is closed refuses rather than says full", async () => {
  const ring = openSpsc({ capacity: 2 });
  const writer = await ring.writer();
  assertEquals(writer.tryWrite([1, 2, 3]), 2);
  assertEquals(writer.tryWrite([3]), 0);
  await ring.close();
  assertThrows(() => writer.tryWrite([3]), RingError, "RING_CLOSED");
});

test("an end that is given back is taken up where it stopped", async () => {
  const ring = openSpsc({ capacity: 4, start: 2 ** 31 - 1 });
  const into = new Int32Array(1);
  for (let item = 0; item < 20; item++) {
    const writer = await ring.writer(), reader = await ring.reader();
    assertEquals(writer.tryWrite([item]), 1);
    assertEquals(reader.tryRead(into), 1);
    assertEquals(into[0], item);
    await writer[Symbol.asyncDispose]();
    await reader[Symbol.asyncDispose]();
  }
});

test("memory of another ring, and a ring cut short, are foreign", async () => {
  const { handle } = openSpsc({ capacity: 8 });
  const memory = handle.at as SharedArrayBuffer;
  for (const at of [memory.slice(0, 8), memory.slice(0, memory.byteLength - 4)]) {
    assertThrows(() => attachSpsc({ adapter: "spsc", at }), RingError, "RING_FOREIGN");
  }
  await assertRejects(
    () => attachSpsc(handle).reader({ after: [{ id: 0 }] }),
    RingError,
    "RING_UNSUPPORTED",
  );
});

test("a blocking read times out on an empty ring and a blocking write on a full one", async () => {
  const ring = openSpsc({ capacity: 1 });
  const writer = await ring.writer(), reader = await ring.reader();
  assertEquals(reader.readSync(new Int32Array(1), 3), 0);
  assertEquals(writer.writeSync([1], 3), 1);
  assertEquals(writer.writeSync([2], 3), 0);
});

test("pushed items are seen in batches, at flush(), and before what is written after them", async () => {
  const ring = openSpsc({ capacity: 256 });
  const writer = await ring.writer(), reader = await ring.reader();
  let pushed = 0;
  const push = (count: number) => {
    for (; count > 0; count--) assertEquals(writer.push(pushed++), true);
  };
  const into = new Int32Array(256);
  for (const batch of [1, 2, 4, 8, 16, 32, 64, 64]) {
    push(batch - 1);
    assertEquals(reader.tryRead(into), 0);
    push(1);
    assertEquals(reader.tryRead(into), batch);
  }
  push(2);
  assertEquals(reader.pop(), undefined);
  writer.flush();
  assertEquals([reader.pop(), reader.pop(), reader.pop()], [191, 192, undefined]);
  push(1);
  assertEquals(writer.tryWrite([194, 195]), 2);
  assertEquals([reader.pop(), reader.pop(), reader.pop(), reader.pop()], [
    193,
    194,
    195,
    undefined,
  ]);
  assertEquals([writer.stats().moved, reader.stats().moved], [196, 196]);
});

test("push() and pop() fill and empty a ring exactly, across the wrap of its counters", async () => {
  for (const capacity of [1, 2, 8, 64, 128]) {
    const ring = openSpsc({ capacity, start: 2 ** 30 - 5 });
    const writer = await ring.writer(), reader = await ring.reader();
    for (let lap = 0; lap < 5; lap++) {
      for (let i = 0; i < capacity; i++) assertEquals(writer.push(lap * capacity + i), true);
      assertEquals(writer.push(-1), false);
      for (let i = 0; i < capacity; i++) assertEquals(reader.pop(), lap * capacity + i);
      assertEquals(reader.pop(), undefined);
    }
  }
});

test("a reader that sleeps is woken by one pushed item", async () => {
  const ring = openSpsc({ capacity: 64 });
  const writer = await ring.writer(), reader = await ring.reader({ waiting: "park" });
  for (let item = 1; item <= 50; item++) {
    const into = new Int32Array(8);
    const reading = reader.read(into);
    writer.push(item);
    assertEquals([await reading, into[0]], [1, item]);
  }
});

test("a reader that falls asleep in the midst of a batch is seen within 16 pushed items", async () => {
  const ring = openSpsc({ capacity: 1024 });
  const writer = await ring.writer(), reader = await ring.reader({ waiting: "park" });
  const into = new Int32Array(1024);
  for (let item = 0; item < 127; item++) writer.push(item); // whole batches, the next one of 64
  assertEquals(reader.tryRead(into), 127);
  const reading = reader.read(into);
  for (let item = 0; item < 16; item++) writer.push(item);
  assertEquals(await reading, 16);
});

test("a closed ring refuses what was pushed, and never accepted it", async () => {
  const ring = openSpsc({ capacity: 64 });
  const writer = await ring.writer(), reader = await ring.reader();
  writer.push(1);
  writer.push(2);
  await ring.close();
  assertThrows(() => writer.push(3), RingError, "RING_CLOSED");
  assertThrows(() => writer.push(4), RingError, "RING_CLOSED");
  assertThrows(() => writer.tryWrite([5]), RingError, "RING_CLOSED");
  assertEquals([reader.pop(), reader.pop(), reader.done], [1, undefined, true]);
  assertEquals(writer.stats().moved, 1);
});

test("a writer given back has flushed, a reader given back has freed", async () => {
  const ring = openSpsc({ capacity: 4 });
  for (let round = 0; round < 6; round++) {
    const writer = await ring.writer(), reader = await ring.reader();
    for (const item of [1, 2, 3]) assertEquals(writer.push(item), true);
    await writer[Symbol.asyncDispose]();
    assertEquals([reader.pop(), reader.pop(), reader.pop()], [1, 2, 3]);
    await reader[Symbol.asyncDispose]();
  }
});

test("push() and pop() refuse rings of wider items, which stay usable", async () => {
  const ring = openSpsc({ capacity: 4, width: 2 });
  const writer = await ring.writer(), reader = await ring.reader();
  assertThrows(() => writer.push(1), RingError, "RING_UNSUPPORTED");
  assertThrows(() => reader.pop(), RingError, "RING_UNSUPPORTED");
  assertEquals(writer.tryWrite([1, 2]), 1);
});
