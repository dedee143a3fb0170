import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { ITEM } from "../cursor.ts";
import { Ranges } from "./ranges.ts";

/** A generator of whole numbers below `limit`, the same on each run. */
function generator(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % limit;
  };
}

test("ranges that are added and taken are those of a set of numbers, also where cursors wrap", () => {
  for (const origin of [0, -40 * ITEM, 2 ** 31 - 40 * ITEM]) {
    const at = (number: number) => (origin + number * ITEM) | 0;
    const integer = generator(7), ranges = new Ranges(), inside = new Set<number>();
    for (let round = 0; round < 5000; round++) {
      const lower = integer(80), upper = lower + 1 + integer(6);
      const numbers = Array.from({ length: upper - lower }, (_, i) => lower + i);
      if (numbers.every((number) => inside.has(number))) {
        assertEquals(ranges.take(at(lower), at(upper)), true);
        for (const number of numbers) inside.delete(number);
      } else if (!numbers.some((number) => inside.has(number))) {
        assertEquals(ranges.take(at(lower), at(upper)), false);
        ranges.add(at(lower), at(upper));
        for (const number of numbers) inside.add(number);
      } else assertEquals(ranges.take(at(lower), at(upper)), false);
      assertEquals(ranges.empty, inside.size === 0);
      assertEquals(ranges.first(1), inside.size === 0 ? 1 : at(Math.min(...inside)));
      if (inside.size > 0) assertEquals(ranges.lastUpper, at(Math.max(...inside) + 1));
    }
  }
});
