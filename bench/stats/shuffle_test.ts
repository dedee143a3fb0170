import { test } from "node:test";
import { assertEquals, assertNotEquals } from "@std/assert";
import { generator, shuffled } from "./shuffle.ts";

const numbers = Array.from({ length: 50 }, (_, i) => i);

test("a seed gives one order, everywhere, and another seed another", () => {
  const order = shuffled(numbers, generator(7));
  assertEquals(order.slice(0, 6), [24, 39, 15, 21, 38, 14]);
  assertEquals(shuffled(numbers, generator(7)), order);
  assertNotEquals(shuffled(numbers, generator(8)), order);
});

test("a shuffle keeps every value once, and its input as it was", () => {
  const input = [...numbers];
  assertEquals(shuffled(input, generator(1)).toSorted((a, b) => a - b), numbers);
  assertEquals(input, numbers);
});

test("every value comes to stand first about as often", () => {
  const random = generator(3), first = [0, 0, 0, 0];
  for (let i = 0; i < 4000; i++) first[shuffled([0, 1, 2, 3], random)[0]!]! += 1;
  for (const count of first) assertEquals(count > 850 && count < 1150, true, `${first}`);
});
