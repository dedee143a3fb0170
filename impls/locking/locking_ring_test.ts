import { test } from "node:test";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { RingError } from "../errors.ts";
import { type LockingRing, openLockingRing } from "./locking_ring.ts";

const codeOf = (act: () => unknown) => assertThrows(act, RingError).code;
const rejection = async (act: () => Promise<unknown>) => (await assertRejects(act, RingError)).code;
const drained = (ring: LockingRing<number>) =>
  Array.from({ length: ring.length }, () => ring.readNow());

/** A promise, and how to keep it. */
function signal() {
  return Promise.withResolvers<void>();
}

test("full and empty are said in so many words", () => {
  const ring = openLockingRing<number>({ capacity: 2 });
  const full = "cannot write event: buffer is full", empty = "cannot read event: buffer is empty";
  assertThrows(() => ring.readNow(), RingError, empty);
  ring.writeNow(1);
  ring.writeNow(2);
  assertThrows(() => ring.writeNow(3), RingError, full);
  assertEquals(drained(ring), [1, 2]);
  assertEquals(codeOf(() => ring.readNow()), "RING_EMPTY");
});

test("undefined and null are events like any other", async () => {
  const ring = openLockingRing<unknown>({ capacity: 4 });
  for (const event of [undefined, null, 0]) ring.writeNow(event);
  assertEquals([ring.readNow(), await ring.read(), ring.readNow()], [undefined, null, 0]);
});

test("waiting forms keep to their timeouts and signals, and end with the ring", async () => {
  const ring = openLockingRing<number>({ capacity: 1 });
  const timeout = { timeout: 2 };
  assertEquals((await assertRejects(() => ring.read(timeout)) as Error).name, "TimeoutError");
  const reading = ring.read();
  ring.writeNow(1);
  assertEquals(await reading, 1);
  ring.writeNow(2);
  assertEquals((await assertRejects(() => ring.write(9, timeout)) as Error).name, "TimeoutError");
  await assertRejects(
    () => ring.write(9, { signal: AbortSignal.abort(new Error("no")) }),
    Error,
    "no",
  );
  const writing = ring.write(3);
  assertEquals(ring.readNow(), 2);
  await writing;
  const late = ring.write(4);
  await ring.close();
  assertEquals(await rejection(() => late), "RING_CLOSED");
  assertEquals(codeOf(() => ring.writeNow(5)), "RING_CLOSED");
  assertEquals(await ring.read(), 3);
  assertEquals(await rejection(() => ring.read()), "RING_CLOSED");
  assert(ring.done);
});

test("what a transaction does is seen when it has ended, and by itself before", async () => {
  const ring = openLockingRing<number>({ capacity: 3 });
  ring.writeNow(1);
  const { promise, resolve } = signal();
  const moving = ring.transaction(async (events) => {
    assertEquals([events.length, events.room], [1, 2]);
    assertEquals(events.readNow(), 1);
    assertEquals(events.room, 2);
    events.writeNow(2);
    events.writeNow(3);
    assertEquals(codeOf(() => events.writeNow(4)), "RING_FULL");
    assertEquals(events.readNow(), 2);
    await promise;
    return events.length;
  });
  assertEquals(codeOf(() => ring.writeNow(9)), "RING_BUSY");
  assertEquals(codeOf(() => ring.readNow()), "RING_BUSY");
  assertEquals(ring.length, 1);
  const reading = ring.read(), writing = ring.write(4);
  resolve();
  assertEquals(await moving, 1);
  assertEquals(await reading, 3);
  await writing;
  assertEquals(drained(ring), [4]);
});

test("a transaction that throws has not happened, wherever in the ring it was", async () => {
  const ring = openLockingRing<number>({ capacity: 3 });
  for (let event = 1; event <= 3; event++) {
    ring.writeNow(event);
    ring.writeNow(10 * event);
    const failing = ring.transaction((events) => {
      events.readNow();
      events.writeNow(99);
      throw new Error("undo");
    });
    await assertRejects(() => failing, Error, "undo");
    assertEquals(drained(ring), [event, 10 * event]);
  }
});

test("transactions and those who wait take turns", async () => {
  const ring = openLockingRing<number>({ capacity: 1 });
  const order: string[] = [];
  const first = signal();
  const say = (what: string) => () => void order.push(what);
  const running = [
    ring.transaction(() => first.promise).then(say("first")),
    ring.transaction((events) => events.readNow()).then(say("second")),
    ring.transaction(() => {}).then(say("third")),
    ring.write(1).then(say("write")),
  ];
  first.resolve();
  await Promise.all(running);
  // The write came last, and its turn before that of the second, which reads what it wrote.
  assertEquals(order.toSorted(), ["first", "second", "third", "write"]);
  assertEquals(ring.length, 0);
});

test("a transaction that waits for its turn can be given up", async () => {
  const ring = openLockingRing<number>({ capacity: 1 });
  const { promise, resolve } = signal();
  const holding = ring.transaction(() => promise);
  let ran = false;
  const late = ring.transaction(() => void (ran = true), { timeout: 2 });
  assertEquals((await assertRejects(() => late) as Error).name, "TimeoutError");
  resolve();
  await holding;
  assertEquals(await ring.transaction(() => ran), false);
});

test("closed or disposed of during a transaction, the ring takes nothing more from it", async () => {
  for (const end of ["close", "dispose"] as const) {
    const ring = openLockingRing<number>({ capacity: 4 });
    ring.writeNow(1);
    ring.writeNow(2);
    const { promise, resolve } = signal();
    const writing = ring.transaction(async (events) => {
      events.readNow();
      await promise;
      events.writeNow(3);
    });
    const waiting = ring.write(9);
    if (end === "close") await ring.close();
    else await ring[Symbol.asyncDispose]();
    assertEquals(await rejection(() => waiting), "RING_CLOSED");
    resolve();
    assertEquals(await rejection(() => writing), "RING_CLOSED");
    assertEquals(drained(ring), end === "close" ? [1, 2] : []);
    assert(ring.done);
  }
});

test("a transaction's view is of no use once it is over", async () => {
  const ring = openLockingRing<number>({ capacity: 2 });
  const events = await ring.transaction((events) => events);
  assertEquals(codeOf(() => events.writeNow(1)), "RING_INVALID");
  assertEquals(codeOf(() => events.readNow()), "RING_INVALID");
  assertEquals(ring.length, 0);
});
