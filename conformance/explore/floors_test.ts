/** What the explorer is worth: how fast it is, and how soon it finds what a stress test does not. */
import { arch } from "node:process";
import { test } from "node:test";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { exploringTrial } from "../harness/schedules.ts";
import { exploredMutants } from "../mutants/explored.ts";
import { makeMutant } from "../mutants/make.ts";
import { Violation } from "../rule.ts";
import { rules } from "../rules/index.ts";
import { explore } from "./explore.ts";
import { stress } from "./fixtures/stress.ts";

const program = new URL("./fixtures/plain_ring.ts", import.meta.url);
/** A third of what two quiet cores do at least; tests share theirs. */
const EXECUTIONS_PER_SECOND = 300;
const SOON = 20;

test(`two threads with 6 operations each: ${EXECUTIONS_PER_SECOND} executions a second and more`, async () => {
  const { executions, ms, failure } = await explore({
    program,
    args: { items: 6 },
    strategies: ["pct"],
    executions: 600,
  });
  assertEquals([executions, failure], [600, undefined]);
  const rate = executions / (ms / 1000);
  assert(rate >= EXECUTIONS_PER_SECOND, `${rate.toFixed(0)} executions a second`);
});

const classics = {
  9: "the index before the data",
  10: "a plain store",
  11: "a slot freed too soon",
};

for (const [fault, what] of Object.entries(classics)) {
  test(`${what}: found within ${SOON} executions, with each of two seeds`, async () => {
    const mutant = exploredMutants.find((one) => one.fault === Number(fault));
    assert(mutant, `no mutant has fault ${fault}`);
    const { ref, remove } = await makeMutant(mutant);
    try {
      for (const seed of [1, 1_000_000]) {
        const trial = await exploringTrial(ref, seed, SOON);
        const rule = rules.find(({ id }) => id === mutant.rule)!;
        await assertRejects(() => rule.run(trial), Violation, "race");
      }
    } finally {
      await remove();
    }
  });
}

test("a plain store passes a stress test where processors keep the order of stores, and is found", async () => {
  const wrong = await stress("plain", 5_000);
  // Elsewhere it may fail, one time or the other, and that is the point.
  if (arch === "x64") assertEquals(wrong, 0);
  const { failure } = await explore({ program, args: { fault: "plain" } });
  assert(failure && failure.found <= SOON, `found after ${failure?.found} executions`);
});
