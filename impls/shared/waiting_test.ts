import { test } from "node:test";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { atDeadline } from "./deadline.ts";
import { EVENT_COUNT_WORDS, EventCount } from "./waiting.ts";

const eventCount = () => {
  const words = new Int32Array(new SharedArrayBuffer(4 * EVENT_COUNT_WORDS));
  return { words, count: new EventCount(words, 0) };
};

test("a waiter is woken by a change and is no longer counted", async () => {
  const { words, count } = eventCount();
  let there = false;
  const waiting = count.wait(() => there, undefined, "read");
  assertEquals(Atomics.load(words, 1), 1);
  there = true;
  count.wake();
  await waiting;
  assertEquals(Atomics.load(words, 1), 0);
});

test("every waiter is woken, and one that is not served goes back to sleep", async () => {
  const { count } = eventCount();
  let served = 0;
  const waiting = [1, 2, 3].map((n) => count.wait(() => served >= n, undefined, "read"));
  for (served = 1; served <= 3; served++) {
    count.wake();
    await waiting[served - 1];
  }
});

test("timeouts and aborts end a wait and leave no sleeper", async () => {
  const { words, count } = eventCount();
  const begun = performance.now();
  const error = await assertRejects(() => count.wait(() => false, { timeout: 10 }, "read"));
  assertEquals(error.name, "TimeoutError");
  assert(performance.now() - begun >= 10);
  const controller = new AbortController();
  const waiting = count.wait(() => false, { signal: controller.signal }, "read");
  controller.abort(new Error("enough"));
  await assertRejects(() => waiting, Error, "enough");
  assertEquals(Atomics.load(words, 1), 0);
  assertEquals(count.waitSync(() => false, 5, "read"), false);
});

test("a deadline beyond the longest timer does not fire at once, and can be cancelled", async () => {
  let late = false;
  const cancel = atDeadline(2 ** 32, () => (late = true));
  await new Promise((resolve) => setTimeout(resolve, 5));
  assertEquals(late, false);
  cancel();
});

test("a sleeper that does not trust in its waker looks again by itself", async () => {
  const { words } = eventCount();
  const wary = new EventCount(words, 0, 1);
  let looks = 0;
  const thirdLook = () => ++looks > 3;
  assertEquals(wary.waitSync(thirdLook, undefined, "read"), true);
  looks = 0;
  await wary.wait(thirdLook, undefined, "read");
  assertEquals([...words], [0, 0]);
});
