import { test } from "node:test";
import { assertEquals, assertMatch } from "@std/assert";
import { adapter } from "ringproof/spsc";
import { always, type Rule, type Trial } from "../rule.ts";
import { failures } from "./schedules.ts";
import { tryRule } from "./trial.ts";

const orders = { ref: "spsc", rules: [], seed: 1, profile: "deep", budgetMs: 60_000 } as const;

function verdictOf(run: (trial: Trial) => Promise<void>, limitMs: number) {
  const rule: Rule = {
    ...{
      id: "X1",
      group: "X",
      level: "MUST",
      sentence: "",
      why: "",
      source: "",
      technique: ["exploration"],
    },
    needs: always,
    run,
  } as const;
  return tryRule(rule, adapter as never, { ...orders, rules: [...orders.rules] }, limitMs);
}

test("an exploration that is not done when its time is up is undecided, not hung", async () => {
  const program = new URL("../explore/programs/ring.ts", import.meta.url);
  const shape = {
    ref: "spsc",
    capacity: 2,
    start: 0,
    producers: 1,
    consumers: 1,
    items: 3,
    batch: 1,
  };
  const { verdict, clean } = await verdictOf(async (trial) => {
    const plan = {
      program,
      shapes: [{ ...shape, waiting: "yield" }],
      executions: 1e9,
      strategies: ["random"],
    } as const;
    for await (const { failure } of failures(trial, plan)) throw new Error(failure.reason);
  }, 3000);
  assertEquals([verdict.verdict, clean], ["unknown", true]);
  assertMatch(verdict.reason, /^not done within 3 s exploring shape 1 of 1$/);
});

test("whatever cannot be cut has hung when its time is over", async () => {
  const { verdict, clean } = await verdictOf((trial) => {
    trial.doing("waiting for nothing");
    return new Promise(() => {});
  }, 100);
  assertEquals([verdict.verdict, clean], ["fail", false]);
  assertMatch(verdict.reason, /^hung for 0 s waiting for nothing$/);
});
