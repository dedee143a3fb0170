import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { Arrivals } from "./arrivals.ts";

test("of each group the last one that came is the first that is made", () => {
  const made: number[] = [];
  const arrivals = new Arrivals(2);
  for (const number of [1, 2, 3, 4, 5]) arrivals.add(() => made.push(number));
  assertEquals(made, [2, 1, 4, 3]); // 5 waits for another
});
