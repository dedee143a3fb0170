import { test } from "node:test";
import { assertEquals, assertThrows } from "@std/assert";
import { Mismatch } from "./numbering.ts";
import { payloadOf, WORDS } from "./payload.ts";

test("a payload is recognised by its number, across every wrap", () => {
  const { stamp, verify } = payloadOf();
  for (const number of [0, 1, 2 ** 31 - 1, -(2 ** 31), -1]) {
    assertEquals(stamp(number), verify(number));
    assertThrows(() => verify(number + 1), Mismatch, "word 0 of payload");
  }
});

test("its first, its last and a word between them are looked at", () => {
  for (const at of [0, 1023 * 8, WORDS - 1]) {
    const { words, stamp, verify } = payloadOf();
    stamp(7);
    words[at] = words[at]! + 1;
    assertThrows(() => verify(7), Mismatch, `word ${at} of payload 7`);
  }
});

test("a payload that slid by a few words is not the payload", () => {
  const { words, stamp, verify } = payloadOf();
  stamp(7);
  words.copyWithin(1, 0);
  assertThrows(() => verify(7), Mismatch);
});
