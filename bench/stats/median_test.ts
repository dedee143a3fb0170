import { test } from "node:test";
import { assertEquals, assertThrows } from "@std/assert";
import { median } from "./median.ts";

test("the median of an odd and of an even number of values, in any order", () => {
  assertEquals(median([9, 1, 5]), 5);
  assertEquals(median([10, 1, 9, 2]), 5.5);
  assertEquals(median([100, 20, 3]), 20);
});

test("no values have no median", () => {
  assertThrows(() => median([]), RangeError);
});
