import { test } from "node:test";
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { RingError } from "../errors.ts";
import { STRIDE } from "../shared/layout.ts";
import { FutexMutex } from "./futex.ts";
import { type FutexRing, openFutexRing } from "./futex_ring.ts";
import { startHolder } from "./lock_fixture.ts";
import { dieWithin } from "./ring_fixture.ts";
import { anonymousThreads } from "./threads.ts";

/** The words of the two locks. */
const WRITERS_LOCK = STRIDE, READERS_LOCK = 2 * STRIDE;
const wordsFrom = (ring: FutexRing, at: number) =>
  new Int32Array(ring.handle.at as SharedArrayBuffer, 4 * at);

test("any capacity, and records that wrap as one", async () => {
  const ring = openFutexRing({ capacity: 3, width: 5 });
  const writer = await ring.writer(), reader = await ring.reader();
  const into = new Int32Array(10);
  for (let round = 0; round < 7; round++) {
    const records = Int32Array.from({ length: 10 }, (_, i) => round * 10 + i);
    assertEquals(writer.tryWrite(records), 2);
    assertEquals(reader.tryRead(into), 2);
    assertEquals([...into], [...records]);
  }
});

test("of a write or a read that its thread did not survive nothing is seen", async () => {
  const ring = openFutexRing({ capacity: 5 });
  const writer = await ring.writer(), reader = await ring.reader();
  const into = new Int32Array(8);
  for (let round = 0; round < 3; round++) {
    assertEquals(writer.tryWrite([1, 2, 3]), 3);
    await dieWithin("write", ring.handle);
    assertEquals(writer.tryWrite([4]), 1);
    await dieWithin("read", ring.handle);
    assertEquals(reader.tryRead(into), 4);
    assertEquals([...into.subarray(0, 4)], [1, 2, 3, 4]);
  }
});

test("an item that throws when it is copied leaves the ring as it was, and unlocked", async () => {
  const ring = openFutexRing({ capacity: 4 });
  const writer = await ring.writer(), reader = await ring.reader();
  const fault = () => {
    throw new Error("no such element");
  };
  const buffer = Object.defineProperty([7, 8, 9], 1, { get: fault, set: fault });
  assertThrows(() => writer.tryWrite(buffer), Error, "no such element");
  assertEquals(writer.tryWrite([1, 2]), 2);
  assertThrows(() => reader.tryRead(buffer), Error, "no such element");
  const into = new Int32Array(4);
  assertEquals(reader.tryRead(into), 2);
  assertEquals([...into.subarray(0, 2)], [1, 2]);
});

test("waits that stand before a lock are kept to their timeouts and signals", async () => {
  const ring = openFutexRing({ capacity: 4 });
  const writer = await ring.writer(), reader = await ring.reader();
  await writer.write([1]);
  const holders = [
    await startHolder(wordsFrom(ring, WRITERS_LOCK)),
    await startHolder(wordsFrom(ring, READERS_LOCK)),
  ];
  const into = new Int32Array(4);
  assertEquals(writer.writeSync([2], 5), 0);
  assertEquals(reader.readSync(into, 5), 0);
  const timeout = { timeout: 5 };
  assertEquals((await assertRejects(() => writer.write([2], timeout))).name, "TimeoutError");
  assertEquals((await assertRejects(() => reader.read(into, timeout))).name, "TimeoutError");
  const controller = new AbortController();
  const cut = [writer.write([2], controller), reader.read(into, controller)];
  controller.abort(new Error("changed my mind"));
  for (const wait of cut) await assertRejects(() => wait, Error, "changed my mind");
  const waiting = [writer.write([2]), reader.read(into)];
  await Promise.all(holders.map((holder) => holder.tell("unlock")));
  await Promise.all(waiting);
  assertEquals(writer.stats().moved, 2);
});

test("a ring is closed though a thread stands still with a lock, or died with it", async () => {
  const ring = openFutexRing({ capacity: 4 });
  const writer = await ring.writer(), reader = await ring.reader();
  await writer.write([1]);
  const holder = await startHolder(wordsFrom(ring, WRITERS_LOCK));
  await ring.close();
  const into = new Int32Array(4);
  assertEquals(await reader.read(into), 1);
  assertEquals(await reader.read(into), 0);
  await holder.tell("die");
  const refused = await assertRejects(() => writer.write([2]), RingError);
  assertEquals(refused.code, "RING_CLOSED");
});

test("once a lock is broken, all who wait and come fail with RING_LOST", async () => {
  for (const lock of [WRITERS_LOCK, READERS_LOCK]) {
    const ring = openFutexRing({ capacity: 2 });
    const writer = await ring.writer(), reader = await ring.reader();
    const into = new Int32Array(2);
    // What waits in vain: for room when no reader comes any more, for items when no writer does.
    if (lock === READERS_LOCK) await writer.write([1, 2]);
    const waiting = lock === READERS_LOCK ? writer.write([3]) : reader.read(into);
    breakLock(wordsFrom(ring, lock));
    assertEquals((await assertRejects(() => waiting, RingError)).code, "RING_LOST");
    for (let again = 0; again < 2; again++) {
      assertEquals(assertThrows(() => writer.tryWrite([3]), RingError).code, "RING_LOST");
      assertEquals((await assertRejects(() => reader.read(into), RingError)).code, "RING_LOST");
      assertEquals(assertThrows(() => writer.writeSync([3]), RingError).code, "RING_LOST");
    }
    await ring.close();
  }
});

/** As a holder does that stands still where nobody can tell whether it lives. */
function breakLock(words: Int32Array): void {
  new FutexMutex(words, 0, { threads: anonymousThreads() }).lock();
  const other = new FutexMutex(words, 0, { threads: anonymousThreads(), stallMs: 20 });
  assertThrows(() => other.lock(), RingError);
}
