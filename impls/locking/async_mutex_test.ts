import { test } from "node:test";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { AsyncMutex } from "./async_mutex.ts";

/** Lets all that can go on do so. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

test("tasks are served in the order they came, one at a time", async () => {
  const mutex = new AsyncMutex();
  const order: string[] = [];
  const task = (name: string) =>
    mutex.runExclusive(async () => {
      order.push(`${name} in`);
      await settle();
      order.push(`${name} out`);
    });
  await Promise.all(["a", "b", "c"].map(task));
  assertEquals(order, ["a in", "a out", "b in", "b out", "c in", "c out"]);
  assertEquals(mutex.locked, false);
});

test("nobody gets the lock between its release and the first in line", async () => {
  const mutex = new AsyncMutex();
  const first = await mutex.acquire();
  const second = mutex.acquire();
  first.release();
  assertEquals(mutex.tryAcquire(), undefined);
  (await second).release();
  mutex.tryAcquire()!.release();
});

test("the lock is not given to a task that has left, and passes to the one behind it", async () => {
  const mutex = new AsyncMutex();
  const held = await mutex.acquire();
  const controller = new AbortController();
  const leaves = mutex.acquire({ signal: controller.signal });
  const late = mutex.acquire({ timeout: 2 });
  const stays = mutex.acquire();
  controller.abort(new Error("changed my mind"));
  await assertRejects(() => leaves, Error, "changed my mind");
  assertEquals((await assertRejects(() => late) as Error).name, "TimeoutError");
  held.release();
  (await stays).release();
  assertEquals(mutex.locked, false);
});

test("an abort after the lock was given takes nothing back", async () => {
  const mutex = new AsyncMutex();
  const first = await mutex.acquire();
  const controller = new AbortController();
  const second = mutex.acquire({ signal: controller.signal });
  first.release();
  controller.abort();
  const held = await second;
  assert(mutex.locked);
  held.release();
  assertEquals(mutex.locked, false);
});

test("a second release of one hold does not free the next one's", async () => {
  const mutex = new AsyncMutex();
  const first = await mutex.acquire();
  first.release();
  const second = await mutex.acquire();
  first.release();
  first[Symbol.dispose]();
  assert(mutex.locked);
  second[Symbol.dispose]();
  assertEquals(mutex.locked, false);
});

test("a section that throws, at once or later, gives the lock back", async () => {
  const mutex = new AsyncMutex();
  const sections = [
    () => {
      throw new Error("at once");
    },
    () => Promise.reject(new Error("later")),
  ];
  for (const section of sections) {
    await assertRejects(() => mutex.runExclusive(section), Error);
    assertEquals(mutex.locked, false);
  }
  assertEquals(await mutex.runExclusive(() => 7), 7);
});
