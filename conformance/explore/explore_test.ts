import { test } from "node:test";
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { explore } from "./explore.ts";

const ring = new URL("./fixtures/plain_ring.ts", import.meta.url);
const small = new URL("./fixtures/small.ts", import.meta.url);

test("a ring without a fault is explored to the end of the bounds, and no alarm is raised", async () => {
  const { exhausted, failure, executions } = await explore({ program: ring, args: {} });
  assertEquals([exhausted, failure], [true, undefined]);
  assert(executions > 100);
});

for (
  const [fault, kind] of [["early", "race"], ["plain", "race"], ["freed", "race"], [
    "lost",
    "deadlock",
  ]]
) {
  for (const strategy of ["depth-first", "pct", "random"] as const) {
    test(`the ring's fault "${fault}" is found ${strategy}, and found again by its token`, async () => {
      const given = { program: ring, args: { fault } };
      const { failure } = await explore({ ...given, strategies: [strategy], executions: 500 });
      assertEquals(failure?.kind, kind);
      const again = await explore({ ...given, replay: failure!.token });
      assertEquals([again.failure?.kind, again.failure?.reason], [kind, failure!.reason]);
      assertEquals(again.failure?.trace, failure!.trace);
      assertMatch(failure!.trace, /plain_ring\.ts:\d+/);
    });
  }
}

test("the same seed finds the same failure after the same number of executions", async () => {
  const run = () =>
    explore({ program: ring, args: { fault: "lost" }, strategies: ["random"], seed: 7 });
  const [first, second] = [await run(), await run()];
  assertEquals(first.failure?.found, second.failure?.found);
  assertEquals(first.failure?.token, second.failure?.token);
});

const verdicts: Readonly<Record<string, string | undefined>> = {
  dekker: undefined,
  "lost update": "wrong",
  "sum of updates": undefined,
  "handed over by notify": undefined,
  "a byte beside a byte": undefined,
  "a word over a byte": "race",
  "a copy over a copy": "race",
  "two that lock each other out": "deadlock",
  "a spin that nobody ends": "endless",
  "a plain spin": "race",
  "a timed wait": undefined,
  "an awaited wait": undefined,
  "an awaited wait that nobody ends": "deadlock",
  "one that throws": "threw",
};

for (const [name, kind] of Object.entries(verdicts)) {
  test(`${name}: ${kind ?? "nothing is wrong"}`, async () => {
    const { failure } = await explore({ program: small, args: name, executions: 600 });
    assertEquals(failure?.kind, kind, failure?.reason);
  });
}

test("a wake-up that is lost shows where sleepers look for themselves, if they may not", async () => {
  const given = { program: small, args: "a sleeper that looks for itself", executions: 600 };
  assertEquals((await explore(given)).failure, undefined);
  assertEquals((await explore({ ...given, patience: 100 })).failure?.kind, "deadlock");
});

test("what is no schedule, and what is no program, is refused", async () => {
  await assertRejects(() => explore({ program: ring, args: {}, replay: "1:2.x" }), Error, "x");
  await assertRejects(() => explore({ program: new URL("./none.ts", import.meta.url) }));
});
