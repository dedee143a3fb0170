import { test } from "node:test";
import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { hodgesLehmann } from "./hodges_lehmann.ts";

test("Hollander and Wolfe's depression scores: an improvement of 0.46", () => {
  const first = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30];
  const second = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
  assertAlmostEquals(hodgesLehmann(first.map((x, i) => x - second[i]!)), 0.46, 5e-4);
});

test("one value, two values, and an outlier that moves it little", () => {
  assertEquals(hodgesLehmann([3]), 3);
  assertEquals(hodgesLehmann([1, 2]), 1.5);
  assertEquals(hodgesLehmann([1, 2, 3, 4, 1000]), 3);
  assertThrows(() => hodgesLehmann([]), RangeError);
});
