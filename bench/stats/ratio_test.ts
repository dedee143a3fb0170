import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { ratio } from "./ratio.ts";

test("rounds are compared with themselves, so that a slow one tells nothing", () => {
  // Everything was ten times slower in the second round, and twice as slow in the third.
  assertEquals(ratio([300, 30, 150], [100, 10, 50]), 3);
  assertEquals(ratio([300, 30, 150, 150, 30], [100, 10, 50, 5, 50]), 3);
});

test("runs that do not pair up are compared by their medians", () => {
  assertEquals(ratio([10, 20, 30], [5, 15]), 2);
});
