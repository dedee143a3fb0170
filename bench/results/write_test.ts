import { test } from "node:test";
import { assertEquals } from "@std/assert";
import type { BenchResults, Cell } from "../../reports/schema.ts";
import { verdict } from "./write.ts";

const results = (complete: boolean, ...statuses: Cell["status"][]) =>
  ({ complete, cells: statuses.map((status) => ({ status })) }) as BenchResults;

test("the exit code is 1 for what is wrong, 3 for what is missing, 0 for the rest", () => {
  assertEquals(verdict(results(true, "ok", "ok"), true), 0);
  assertEquals(verdict(results(true, "ok", "invalid"), false), 1);
  assertEquals(verdict(results(true, "failed", "unavailable"), true), 1);
  assertEquals(verdict(results(false, "ok"), false), 3);
  assertEquals(verdict(results(false, "ok", "failed"), false), 1);
});

test("an unavailable adapter leaves a run without an answer where it is required", () => {
  assertEquals(verdict(results(true, "ok", "unavailable"), false), 0);
  assertEquals(verdict(results(true, "ok", "unavailable"), true), 3);
});

test("what a peer gets wrong is no failure of the run", () => {
  const cells = [{ kind: "ring", status: "ok" }, { kind: "peer", status: "invalid" }];
  assertEquals(verdict({ complete: true, cells } as BenchResults, true), 0);
});
