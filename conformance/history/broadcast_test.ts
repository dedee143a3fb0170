import { test } from "node:test";
import { assertEquals, assertMatch } from "@std/assert";
import { checkJoin, checkPart } from "./broadcast.ts";

test("a contiguous part is one, whatever the order of the whole", () => {
  const whole = [3, 1, 4, 2, 5];
  for (const part of [[], [3], [5], [1, 4, 2], whole]) {
    assertEquals(checkPart(whole, part), undefined);
  }
});

test("a gap, another order, a repeat, an invention and a surplus are found", () => {
  const whole = [3, 1, 4, 2, 5];
  for (const part of [[3, 4], [4, 1], [3, 3], [9], [3, 9], [2, 5, 6]]) {
    assertMatch(checkPart(whole, part) ?? "", /never written|came/);
  }
});

test("a reader's first item is not from before its join, nor later than the next one after it", () => {
  const writes = [1, 2, 3, 4].map((value) => ({
    value,
    called: 10 * value,
    returned: 10 * value + 2,
  }));
  const joined = { called: 21, returned: 33 };
  for (const first of [2, 3, 4]) assertEquals(checkJoin(writes, joined, first), undefined);
  assertMatch(checkJoin(writes, joined, 1) ?? "", /before it joined/);
  assertMatch(
    checkJoin(writes, { called: 1, returned: 5 }, 2) ?? "",
    /its first item was 2, after 1/,
  );
  assertMatch(checkJoin(writes, joined, 7) ?? "", /never written/);
  assertMatch(checkJoin(writes, joined, undefined) ?? "", /got nothing, not 4/);
  assertEquals(checkJoin(writes, { called: 41, returned: 43 }, undefined), undefined);
});
