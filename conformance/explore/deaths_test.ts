/** Threads that die, as choices of the schedule. */
import { existsSync } from "node:fs";
import { test } from "node:test";
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { explore } from "./explore.ts";

const program = new URL("./fixtures/small.ts", import.meta.url);

for (const strategy of ["depth-first", "pct", "random"] as const) {
  test(`a death between two stores is found ${strategy}, and found again by its token`, async () => {
    const given = { program, args: "two stores that belong together", executions: 300 };
    assertEquals((await explore(given)).failure, undefined);
    const dying = { ...given, deaths: 1 };
    const { failure } = await explore({ ...dying, strategies: [strategy] });
    assertEquals(failure?.kind, "wrong");
    assertMatch(failure!.token, /(^|\.)\d+:x0(\.|$)/);
    assertMatch(failure!.trace, /dies/);
    const again = await explore({ ...dying, replay: failure!.token });
    assertEquals([again.failure?.reason, again.failure?.trace], [failure!.reason, failure!.trace]);
  });
}

test("the dead give nothing back, not even on the way out", async () => {
  const given = { program, args: "a lock given back on every path", executions: 300 };
  assertEquals((await explore(given)).failure, undefined);
  const { failure } = await explore({ ...given, deaths: 1 });
  assertEquals(failure?.kind, "deadlock");
  // The one that may die has not stored that the lock is free.
  assertEquals(failure!.trace.match(/store \[0\] ← 0/g), null);
});

test("as many die as may", async () => {
  const given = { program, args: "two that may die" };
  const one = await explore({ ...given, deaths: 1 });
  assertEquals([one.exhausted, one.failure], [true, undefined]);
  const { failure } = await explore({ ...given, deaths: 2 });
  assertEquals([failure?.kind, failure?.token.match(/x/g)?.length], ["wrong", 2]);
});

const told = existsSync("/proc/thread-self") ? test : test.skip;
told("whoever asks the kernel is told who has died, and may take what was theirs", async () => {
  const given = { program, executions: 600 };
  for (const deaths of [0, 1]) {
    const asked = await explore({ ...given, args: "one who asks whether another lives", deaths });
    assertEquals(asked.failure, undefined, asked.failure?.trace);
  }
  const found = await explore({ ...given, args: "one who finds another dead", deaths: 1 });
  assertEquals(found.failure?.kind, "wrong");
  assertMatch(found.failure!.trace, /finds thread 0 dead/);
});

test("no thread has the number 8", async () => {
  await assertRejects(() => explore({ program, args: "dekker", replay: "1:x8" }), Error, "1:x8");
});
