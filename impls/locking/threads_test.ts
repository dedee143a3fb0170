import { existsSync } from "node:fs";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { startHolder } from "./lock_fixture.ts";
import { ANONYMOUS, anonymousThreads, listedThreads, threads } from "./threads.ts";

test("a thread that the kernel lists is alive until it has ended", async () => {
  const listed = listedThreads();
  assertEquals(listed !== undefined, existsSync("/proc/thread-self"));
  if (!listed) return;
  assertEquals(listed.alive(listed.self), true);
  const words = new Int32Array(new SharedArrayBuffer(4));
  const holder = await startHolder(words);
  const other = Atomics.load(words, 0);
  assert(other !== listed.self);
  assertEquals(listed.alive(other), true);
  await holder.tell("die");
  // The runtime reports the exit a moment before the kernel's thread ends.
  while (listed.alive(other)) await new Promise((resolve) => setTimeout(resolve, 1));
  assertEquals(listed.alive(other), false);
});

test("a later thread of the same id is another", () => {
  const { self, alive } = threads();
  if (self & ANONYMOUS) return;
  assertEquals(alive(self ^ (1 << 24)), false);
});

test("nobody can tell whether an anonymous thread lives", () => {
  const { self, alive, step } = anonymousThreads();
  assert(self & ANONYMOUS);
  assertEquals(self & 1, 0);
  assert(step !== 0);
  assertEquals(alive(threads().self), undefined);
  assertEquals(threads().alive(self), undefined);
});
