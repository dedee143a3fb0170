import { test } from "node:test";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { holm } from "./holm.ts";

const assertHolm = (ps: number[], expected: number[]) =>
  holm(ps).forEach((p, i) => assertAlmostEquals(p, expected[i]!, 1e-12));

test("Holm's own steps, and R's p.adjust: sorted, multiplied, never falling", () => {
  assertHolm([0.01, 0.02, 0.03, 0.04, 0.05], [0.05, 0.08, 0.09, 0.09, 0.09]);
  assertHolm([0.04, 0.01, 0.03], [0.06, 0.03, 0.06]);
  assertHolm([0.9, 0.6], [1, 1]);
});

test("one test is corrected by nothing, none is none", () => {
  assertEquals(holm([0.03]), [0.03]);
  assertEquals(holm([]), []);
});

test("a rejection is one of the closed test's: the sequence stops at the first that is not", () => {
  // 0.001 · 3 is rejected at 5 %, 0.03 · 2 is not, and so 0.04 · 1 is not either.
  assertEquals(holm([0.04, 0.001, 0.03]).map((p) => p <= 0.05), [false, true, false]);
});
