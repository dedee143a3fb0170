import { test } from "node:test";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { RingError } from "../errors.ts";
import { FutexMutex } from "./futex.ts";
import { ROUNDS, startHolder, startThread } from "./lock_fixture.ts";
import { anonymousThreads } from "./threads.ts";

const LOCK = 0, COUNT = 1;
const codeOf = (act: () => unknown) => assertThrows(act, RingError).code;
const wordsOf = () => new Int32Array(new SharedArrayBuffer(8));

test("of several threads one at a time is in the section", async () => {
  const words = wordsOf();
  const threads = [1, 2, 3].map(() => startThread(words, "count"));
  await Promise.all(threads.map(({ exit }) => exit));
  assertEquals(words[COUNT], 3 * ROUNDS);
  assertEquals(words[LOCK], 0);
});

test("the lock is free again after a section that threw", () => {
  const words = wordsOf();
  const mutex = new FutexMutex(words, LOCK);
  const section = () => {
    throw new Error("within");
  };
  assertThrows(() => mutex.runExclusive(section), Error, "within");
  assertEquals(words[LOCK], 0);
  assert(mutex.tryLock());
  mutex.unlock();
});

test("misuse is refused, and the lock is as it was", () => {
  const words = wordsOf();
  const mutex = new FutexMutex(words, LOCK), other = new FutexMutex(words, LOCK);
  assertEquals(codeOf(() => mutex.unlock()), "RING_INVALID");
  mutex.lock();
  assertEquals(codeOf(() => mutex.lock()), "RING_INVALID");
  assertEquals(codeOf(() => other.lock()), "RING_INVALID");
  assertEquals(other.tryLock(), false);
  mutex.unlock();
  assertEquals(codeOf(() => mutex.lock(-1)), "RING_INVALID");
  assertEquals(words[LOCK], 0);
  assertEquals(codeOf(() => new FutexMutex(words, 2)), "RING_INVALID");
  assertEquals(codeOf(() => new FutexMutex(new Int32Array(2), 0)), "RING_INVALID");
  assertEquals(codeOf(() => new FutexMutex(words, 0, { stallMs: NaN })), "RING_INVALID");
});

test("a wait for the lock ends in time, is aborted, and ends with the holder's unlock", async () => {
  const words = wordsOf();
  const holder = await startHolder(words);
  const mutex = new FutexMutex(words, LOCK);
  assertEquals(mutex.tryLock(), false);
  const begun = performance.now();
  assertEquals(mutex.lock(30), false);
  assert(performance.now() - begun >= 30);
  const late = await assertRejects(() => mutex.whenFree({ timeout: 5 }), DOMException);
  assertEquals(late.name, "TimeoutError");
  const controller = new AbortController();
  const cut = mutex.whenFree({ signal: controller.signal });
  controller.abort(new Error("changed my mind"));
  await assertRejects(() => cut, Error, "changed my mind");
  const free = mutex.whenFree();
  await holder.tell("unlock");
  await free;
  assert(mutex.lock());
  mutex.unlock();
});

test("a task waits for the lock that another task of its thread has", async () => {
  const mutex = new FutexMutex(wordsOf(), LOCK);
  mutex.lock();
  const free = mutex.whenFree();
  assertEquals(mutex.tryLock(), false);
  mutex.unlock();
  await free;
  assert(mutex.tryLock());
});

test("the lock of a thread that died is repaired once, by who waits for it", async () => {
  for (const way of ["thread", "event loop"]) {
    const words = wordsOf();
    const holder = await startHolder(words);
    let repairs = 0;
    const mutex = new FutexMutex(words, LOCK, { repair: () => void repairs++ });
    const free = way === "event loop" ? mutex.whenFree() : undefined;
    await holder.tell("die");
    await free;
    assert(mutex.lock());
    mutex.unlock();
    assertEquals(repairs, 1);
    assert(mutex.lock() && !mutex.broken);
  }
});

test("a thread that sleeps before the lock gets it when the holder dies", async () => {
  const words = wordsOf();
  const holder = await startHolder(words);
  const waiter = startThread(words, "wait");
  assertEquals(await waiter.next(), "waiting");
  await holder.tell("die");
  assertEquals(await waiter.next(), "locked");
});

test("without a repair, or with one that fails, the holder's death breaks the lock", async () => {
  const repair = () => {
    throw new Error("half a record is missing");
  };
  for (const options of [{}, { repair }]) {
    const words = wordsOf();
    const holder = await startHolder(words);
    await holder.tell("die");
    const mutex = new FutexMutex(words, LOCK, options);
    const error = assertThrows(() => mutex.lock(), RingError);
    assertEquals(error.code, "RING_LOST");
    assert(options.repair === undefined || error.message.includes("half a record is missing"));
    const later = new FutexMutex(words, LOCK, { repair: () => {} });
    assert(later.broken);
    assertEquals(codeOf(() => later.lock()), "RING_LOST");
    assertEquals(codeOf(() => later.tryLock()), "RING_LOST");
    assertEquals((await assertRejects(() => later.whenFree(), RingError)).code, "RING_LOST");
  }
});

test("where nobody can tell who lives, a holder that stands still breaks the lock", async () => {
  const words = wordsOf();
  const first = new FutexMutex(words, LOCK, { threads: anonymousThreads() });
  first.lock();
  const waiter = startThread(words, "wait");
  assertEquals(await waiter.next(), "waiting");
  const patient = new FutexMutex(words, LOCK, { threads: anonymousThreads() });
  assertEquals(patient.lock(5), false);
  const second = new FutexMutex(words, LOCK, { threads: anonymousThreads(), stallMs: 40 });
  assertEquals(codeOf(() => second.lock()), "RING_LOST");
  assertEquals(await waiter.next(), "RING_LOST");
  assertEquals(codeOf(() => first.unlock()), "RING_LOST");
  assert(first.broken);
});

test("an anonymous holder that lets go and takes it again has not stood still", () => {
  const words = wordsOf();
  const first = new FutexMutex(words, LOCK, { threads: anonymousThreads() });
  const names = new Set<number>();
  for (let i = 0; i < 5; i++) names.add(first.runExclusive(() => words[LOCK]!));
  assertEquals(names.size, 5);
});
