import { test } from "node:test";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { RingError } from "../errors.ts";
import { numbers, refused, take } from "./websocket/testing.ts";
import { adapter, attachWebSocket, openWebSocket } from "./websocket.ts";

test("exactly `capacity` items fit, wherever they are", async () => {
  await using ring = await openWebSocket({ capacity: 5 });
  await using far = await attachWebSocket(ring.handle);
  const writer = await far.writer();
  assertEquals(writer.tryWrite(numbers(1, 9)), 5);
  const reader = await ring.reader();
  assertEquals(await take(reader, 1), [1]);
  await writer.write([6]);
  await refused(() => far.writer(), "RING_BUSY"); // whatever was granted before this is here now
  assertEquals(writer.tryWrite([7]), 0);
  assertEquals(await take(reader, 5), numbers(2, 5));
  await writer.write(numbers(7, 5));
  assertEquals(writer.tryWrite([99]), 0);
  assertEquals(await take(reader, 5), numbers(7, 5));
  assertEquals([writer.stats().moved, reader.stats().moved], [11, 11]);
});

test("a writer starts with the room that there is", async () => {
  await using ring = await openWebSocket({ capacity: 4 });
  const first = await ring.writer();
  first.tryWrite([1, 2, 3]);
  await first[Symbol.asyncDispose]();
  const second = await ring.writer();
  assertEquals(second.tryWrite([4, 5]), 1);
  assertEquals(await take(await ring.reader(), 4), numbers(1, 4));
});

test("items of several words stay together across the wrap", async () => {
  await using ring = await openWebSocket({ capacity: 3, width: 5 });
  const writer = await ring.writer(), reader = await ring.reader();
  for (let lap = 0; lap < 20; lap++) {
    const words = Int32Array.from(numbers(lap * 10 - 100, 10));
    await writer.write(words);
    const got: number[] = [];
    while (got.length < 10) {
      const into = new Int32Array(10);
      got.push(...into.subarray(0, 5 * await reader.read(into)));
    }
    assertEquals(got, [...words]);
  }
  assertThrows(() => writer.tryWrite([1, 2, 3]), RingError, "no whole number of items");
  assertEquals(writer.tryWrite(new Int32Array(15), 2), 1);
});

test("items larger than a batch, and rings larger than what is sent ahead", async () => {
  await using wide = await openWebSocket({ capacity: 2, width: 2 ** 18 });
  const items = Int32Array.from({ length: 2 ** 19 }, (_, i) => i);
  assertEquals((await wide.writer()).tryWrite(items), 2);
  const into = new Int32Array(2 ** 18), reader = await wide.reader();
  for (const first of [0, 2 ** 18]) {
    assertEquals(await reader.read(into), 1);
    assertEquals([into[0], into.at(-1)], [first, first + 2 ** 18 - 1]);
  }
  await using large = await openWebSocket({ capacity: 600_000 });
  const writer = await large.writer();
  assertEquals(writer.tryWrite(Int32Array.from({ length: 700_000 }, (_, i) => i)), 600_000);
  const sum = (await take(await large.reader(), 600_000)).reduce((a, b) => a + b);
  assertEquals(sum, 600_000 * 599_999 / 2);
});

test("a second writer or reader is busy, until the first is disposed", async () => {
  await using ring = await openWebSocket({ capacity: 2 });
  await using far = await attachWebSocket(ring.handle);
  const writer = await ring.writer(), reader = await far.reader();
  for (const other of [ring, far]) {
    await refused(() => other.writer(), "RING_BUSY");
    await refused(() => other.reader(), "RING_BUSY");
  }
  await writer[Symbol.asyncDispose]();
  await reader[Symbol.asyncDispose]();
  assertThrows(() => writer.tryWrite([1]), RingError, "RING_CLOSED");
  assertEquals([reader.done, await reader.read([0])], [true, 0]);
  await (await far.writer()).write([1]);
  assertEquals(await take(await ring.reader(), 1), [1]);
  await writer[Symbol.asyncDispose](); // again, which is nobody else's loss
  await reader[Symbol.asyncDispose]();
  await refused(() => ring.writer(), "RING_BUSY");
  await refused(() => far.reader(), "RING_BUSY");
});

test("disposing a ring frees the ends it held", async () => {
  await using ring = await openWebSocket({ capacity: 2 });
  const far = await attachWebSocket(ring.handle);
  await (await far.writer()).write([1, 2]);
  assertEquals(await take(await far.reader(), 1), [1]);
  await far[Symbol.asyncDispose]();
  await far[Symbol.asyncDispose]();
  await refused(() => far.writer(), "RING_CLOSED");
  await (await ring.writer()).write([3]);
  assertEquals(await take(await ring.reader(), 2), [2, 3]);
});

test("what a reader did not read goes to the next, in order", async () => {
  await using ring = await openWebSocket({ capacity: 10 });
  await using far = await attachWebSocket(ring.handle);
  const writer = await ring.writer();
  await writer.write(numbers(1, 10));
  const first = await far.reader();
  assertEquals(await take(first, 3), [1, 2, 3]);
  await first[Symbol.asyncDispose]();
  const second = await ring.reader();
  assertEquals(await take(second, 2), [4, 5]);
  await writer.write(numbers(11, 5));
  await second[Symbol.asyncDispose]();
  assertEquals(await take(await far.reader(), 10), numbers(6, 10));
});

test("close from either side: writes fail everywhere, readers drain what was accepted", async () => {
  for (const side of ["opener", "other"]) {
    await using ring = await openWebSocket({ capacity: 8 });
    await using far = await attachWebSocket(ring.handle);
    const writer = await far.writer(), reader = await ring.reader();
    assertEquals(writer.tryWrite(numbers(1, 8)), 8);
    const waiting = refused(() => writer.write([9]), "RING_CLOSED");
    await (side === "opener" ? ring : far).close();
    await waiting;
    assertThrows(() => writer.tryWrite([9]), RingError, "RING_CLOSED");
    assertEquals([reader.done, await take(reader, 8)], [false, numbers(1, 8)]);
    assertEquals([reader.done, await reader.read([0])], [true, 0]);
    await Promise.all([ring.close(), far.close()]);
    await using late = await attachWebSocket(ring.handle);
    await writer[Symbol.asyncDispose]();
    const lateWriter = await late.writer();
    assertThrows(() => lateWriter.tryWrite([9]), RingError, "RING_CLOSED");
  }
});

test("close wakes a reader that waits, and a later reader drains", async () => {
  await using ring = await openWebSocket({ capacity: 4 });
  await using far = await attachWebSocket(ring.handle);
  const reader = await far.reader();
  const waiting = reader.read([0]);
  await ring.close();
  assertEquals([await waiting, reader.done], [0, true]);
  await using other = await openWebSocket({ capacity: 4 });
  await (await other.writer()).write([1, 2]);
  await other.close();
  await other.close();
  const late = await other.reader();
  assertEquals(await take(late, 2), [1, 2]);
  assertEquals([await late.read([0]), late.done], [0, true]);
});

test("waits end by timeout and abort with nothing consumed, in the order they came", async () => {
  await using ring = await openWebSocket({ capacity: 2 });
  const writer = await ring.writer(), reader = await ring.reader();
  await assertRejects(() => reader.read([0], { timeout: 5 }), DOMException, "within 5 ms");
  const controller = new AbortController();
  const aborted = assertRejects(() => reader.read([0], controller), Error, "enough");
  controller.abort(new Error("enough"));
  await aborted;
  const into = [[0], [0], [0]];
  const reads = into.map((slot) => reader.read(slot));
  await writer.write([1, 2, 3]);
  assertEquals([await Promise.all(reads), into], [[1, 1, 1], [[1], [2], [3]]]);
  const writes = assertRejects(() => writer.write([4, 5, 6], { timeout: 5 }), DOMException);
  await writes;
  assertEquals(writer.stats().moved, 5);
  assertEquals(await take(reader, 2), [4, 5]);
});

test("options that cannot be are refused", async () => {
  await refused(() => openWebSocket({ capacity: 0 }), "RING_INVALID");
  await refused(() => openWebSocket({ capacity: 1, width: 2 ** 18 + 1 }), "RING_INVALID");
  await refused(() => openWebSocket({ capacity: 1, uri: "ring://nobody:1:2/x" }), "RING_INVALID");
  await refused(() => openWebSocket({ capacity: 1, start: 1 }), "RING_UNSUPPORTED");
  await using ring = await openWebSocket({ capacity: 1 });
  const at = ring.handle.at as string;
  const taken = at.replace(/\w+$/, "other");
  await refused(() => openWebSocket({ capacity: 1, uri: taken }), "RING_UNAVAILABLE");
  const reader = await ring.reader();
  await refused(() => ring.reader({ after: [reader] }), "RING_UNSUPPORTED");
  assertEquals(await adapter.unavailable(), undefined);
});

test("a ring is served where its URI says, under its name", async () => {
  await using ring = await openWebSocket({ capacity: 1, uri: "ring://localhost/some.name" });
  const at = ring.handle.at as string;
  assert(/^ring:\/\/127\.0\.0\.1:\d+\/some\.name$/.test(at), at);
  await using far = await attachWebSocket({ ...ring.handle, at: at.replace("ring:", "tcp:") });
  await (await far.writer()).write([7]);
  assertEquals(await take(await ring.reader(), 1), [7]);
});
