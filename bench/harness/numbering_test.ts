import { test } from "node:test";
import { assertEquals, assertThrows } from "@std/assert";
import { check, fill, Mismatch, numbering } from "./numbering.ts";

for (const kind of ["int32", "float32", "bytes", "any"] as const) {
  test(`${kind} items carry their numbers across every wrap`, () => {
    const { mask, buffer } = numbering(kind);
    const items = buffer(64);
    for (const first of [0, 2 ** 8 - 3, 2 ** 24 - 3, 2 ** 31 - 3, -3]) {
      assertEquals(fill(items, first, mask), check(items, items.length, first, mask));
    }
  });
}

test("the sum is that of the numbers, modulo 2^32", () => {
  const items = new Int32Array(3);
  assertEquals(fill(items, 5, -1), 5 + 6 + 7);
  assertEquals(fill(items, 2 ** 31 - 1, -1), (2 ** 31 - 1 + 2 ** 31 + 2 ** 31 + 1) | 0);
});

test("two items swapped, one repeated and one lost are found and named", () => {
  const broken = [[0, 1, 3, 2], [0, 1, 1, 2], [0, 1, 3, 4]];
  for (const items of broken) assertThrows(() => check(items, 4, 0, -1), Mismatch, "item 2 should");
});

test("only what was received is looked at", () => {
  assertEquals(check([4, 5, 99], 2, 4, -1), 9);
});

test("what merely rounds to the number is not the number", () => {
  for (const wrong of [1.5, NaN, undefined as unknown as number, "1" as unknown as number]) {
    assertThrows(() => check([0, wrong], 2, 0, -1), Mismatch, "item 1 should hold 1");
  }
  assertThrows(() => check([NaN], 1, 0, -1), Mismatch);
});
