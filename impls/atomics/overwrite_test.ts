import { test } from "node:test";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { RingError } from "../errors.ts";
import { attachOverwrite, openOverwrite } from "./overwrite.ts";
import { listen, speak } from "./overwriting/listener_fixture.ts";

test("the newest items are there, and the others are counted, at every quiet moment", async () => {
  for (const capacity of [1, 2, 3, 7, 8, 100, 129, 5000]) {
    const ring = openOverwrite({ capacity, start: 2 ** 30 - 3 * capacity });
    const writer = await ring.writer(), reader = await ring.reader();
    let written = 0, read = 0;
    for (let round = 1; round < 60; round++) {
      const count = (round * 7919) % (2 * capacity + 1);
      assertEquals(writer.tryWrite(Int32Array.from({ length: count }, () => written++)), count);
      read = Math.max(read, written - capacity);
      const into = new Int32Array((round * 104729) % (capacity + 2));
      const due = Math.min(into.length, written - read);
      assertEquals(reader.tryRead(into), due);
      assertEquals([...into.subarray(0, due)], Array.from({ length: due }, () => read++));
      const { moved, lost } = reader.stats();
      assertEquals(moved + lost, Math.max(read, written - capacity));
    }
  }
});

test("an overrun is counted once, however often one looks until the next item is read", async () => {
  const ring = openOverwrite({ capacity: 4 });
  const writer = await ring.writer(), reader = await ring.reader();
  for (let item = 0; item < 12; item++) {
    writer.tryWrite([item]);
    reader.stats();
  }
  assertEquals(reader.stats(), { moved: 0, lost: 8, padded: 0, xruns: 1 });
  const one = new Int32Array(1);
  assertEquals([reader.tryRead(one), one[0]], [1, 8]);
  for (let item = 12; item < 20; item++) writer.tryWrite([item]);
  assertEquals([reader.tryRead(one), one[0]], [1, 16]);
  assertEquals(reader.stats(), { moved: 2, lost: 15, padded: 0, xruns: 2 });
});

test("pop() delivers what it has looked up, whole, and then counts what it missed", async () => {
  const ring = openOverwrite({ capacity: 8 });
  const writer = await ring.writer(), reader = await ring.reader();
  writer.tryWrite([0, 1, 2, 3]);
  assertEquals(reader.pop(), 0);
  for (let item = 4; item < 100; item++) writer.tryWrite([item]);
  assertEquals([reader.pop(), reader.pop(), reader.pop(), reader.pop()], [1, 2, 3, 92]);
  assertEquals(reader.stats(), { moved: 5, lost: 88, padded: 0, xruns: 1 });
});

test("the newest item, past the others, which are lost and no overrun", async () => {
  const ring = openOverwrite({ capacity: 100 });
  const writer = await ring.writer(), reader = await ring.reader();
  assertEquals(reader.latest(), undefined);
  for (let item = 0; item < 70; item++) writer.push(item);
  assertEquals(reader.latest(), 63); // 64 are a batch, the rest is not published
  writer.flush();
  assertEquals(reader.latest(), 69);
  assertEquals(reader.latest(), undefined);
  assertEquals(reader.stats(), { moved: 2, lost: 68, padded: 0, xruns: 0 });
  writer.tryWrite([70, 71, 72, 73]);
  assertEquals([reader.pop(), reader.skip(1), reader.pop(), reader.skip()], [70, 2, 73, 0]);
  for (const keep of [-1, 0.5, NaN, Infinity]) {
    assertThrows(() => reader.skip(keep), RingError, "RING_INVALID");
  }
});

test("the newest record of a wide ring is what is left behind a skip", async () => {
  const ring = openOverwrite({ capacity: 5, width: 3 });
  const writer = await ring.writer(), reader = await ring.reader();
  writer.tryWrite(Int32Array.from({ length: 21 }, (_, i) => i));
  assertThrows(() => reader.latest(), RingError, "RING_UNSUPPORTED");
  assertThrows(() => reader.pop(), RingError, "RING_UNSUPPORTED");
  assertThrows(() => writer.push(1), RingError, "RING_UNSUPPORTED");
  assertEquals(reader.skip(1), 4);
  const into = new Int32Array(6);
  assertEquals(reader.tryRead(into), 1);
  assertEquals([...into], [18, 19, 20, 0, 0, 0]);
});

test("an end goes on where the one before it stopped, in the middle of a chunk and on a seam", async () => {
  for (const capacity of [3, 8]) {
    const ring = openOverwrite({ capacity, start: 2 ** 32 - 20 });
    for (let item = 0; item < 40; item += 2) {
      const writer = await ring.writer();
      writer.tryWrite([item]);
      writer.push(item + 1); // published when the writer is disposed of
      await writer[Symbol.asyncDispose]();
      await writer[Symbol.asyncDispose]();
      const reader = await ring.reader();
      assertEquals([reader.pop(), reader.pop(), reader.pop()], [item, item + 1, undefined]);
      await reader[Symbol.asyncDispose]();
      await reader[Symbol.asyncDispose]();
    }
  }
});

test("an end that was given back refuses to go on", async () => {
  const ring = openOverwrite({ capacity: 4 });
  const writer = await ring.writer(), reader = await ring.reader();
  writer.tryWrite([1, 2]);
  assertEquals(reader.pop(), 1);
  await writer[Symbol.asyncDispose]();
  await reader[Symbol.asyncDispose]();
  assertThrows(() => writer.tryWrite([3]), RingError, "RING_CLOSED");
  assertThrows(() => writer.push(3), RingError, "RING_CLOSED");
  assertThrows(() => reader.pop(), RingError, "RING_CLOSED");
  assertEquals((await ring.reader()).pop(), 2);
});

test("a closed ring refuses writes and is drained", async () => {
  const ring = openOverwrite({ capacity: 4 });
  const writer = await ring.writer(), reader = await ring.reader();
  writer.tryWrite([1, 2, 3, 4, 5, 6]);
  writer.push(7);
  await ring.close();
  assertThrows(() => writer.flush(), RingError, "RING_CLOSED");
  assertThrows(() => writer.tryWrite([8]), RingError, "RING_CLOSED");
  assertEquals(writer.stats().moved, 6);
  const into = new Int32Array(8);
  assertEquals([reader.done, await reader.read(into), reader.done], [false, 4, true]);
  assertEquals([...into.subarray(0, 4)], [3, 4, 5, 6]);
  assertEquals(reader.stats().lost, 2);
});

test("memory that names chunks which it has not is foreign", async () => {
  const { handle } = openOverwrite({ capacity: 4 });
  new Int32Array(handle.at as SharedArrayBuffer)[64] = 99; // the first entry of the table
  const ring = attachOverwrite(handle);
  const error = await ring.writer().then(() => undefined, (reason) => reason);
  assert(error instanceof RingError && error.code === "RING_FOREIGN");
});

test("between threads every item arrives whole or is counted", { timeout: 60_000 }, async () => {
  for (const { capacity, batch } of [{ capacity: 3, batch: 2 }, { capacity: 1000, batch: 64 }]) {
    const ring = openOverwrite({ capacity, width: 4, start: 2 ** 29 - 1000 });
    const ears = await Promise.all([listen(ring.handle, { batch })]);
    const writer = await ring.writer();
    const written = speak(writer, { items: 100_000, batch });
    await ring.close();
    for (const ear of ears) {
      const { faults, moved, lost } = await ear.heard;
      assertEquals([faults, moved + lost], [[], written]);
    }
  }
});
