import { test } from "node:test";
import { assertEquals, assertThrows } from "@std/assert";
import { Ledger } from "./ledger.ts";
import { ITEMS, Violation } from "./protocol.ts";

const items = (...words: number[]) => new Uint8Array(Int32Array.of(ITEMS, ...words).buffer);

test("credit is what is free, and comes back when items are consumed", () => {
  const ledger = new Ledger(3, 1);
  assertEquals([ledger.grant(), ledger.grant()], [3, 0]);
  ledger.accept(items(1, 2, 3));
  ledger.joinReader();
  assertEquals([...ledger.next()!], [ITEMS, 1, 2, 3]);
  assertEquals([ledger.grant(), ledger.unconsumed], [0, 3]);
  ledger.consume(2);
  assertEquals([ledger.grant(), ledger.unconsumed], [2, 1]);
});

test("more items than credit are refused with nothing taken", () => {
  const ledger = new Ledger(3, 1);
  ledger.grant();
  ledger.accept(items(1, 2));
  assertThrows(() => ledger.accept(items(3, 4)), Violation, "2 items on a credit of 1");
  ledger.accept(items(3));
  assertEquals(ledger.unsent, 3);
});

test("the next writer has no credit of the one before", () => {
  const ledger = new Ledger(4, 1);
  ledger.grant();
  ledger.accept(items(1));
  ledger.joinWriter();
  assertThrows(() => ledger.accept(items(2)), Violation);
  assertEquals(ledger.grant(), 3);
});

test("what was sent and not consumed goes to the next reader, across the wrap", () => {
  const ledger = new Ledger(3, 2);
  ledger.grant();
  for (let lap = 0; lap < 5; lap++) {
    ledger.accept(items(lap, -lap, lap + 10, -lap - 10));
    ledger.joinReader();
    assertEquals([...ledger.next()!], [ITEMS, lap, -lap, lap + 10, -lap - 10]);
    ledger.consume(1);
    ledger.joinReader();
    assertEquals([...ledger.next()!], [ITEMS, lap + 10, -lap - 10]);
    assertEquals(ledger.next(), undefined);
    ledger.consume(1);
    assertEquals(ledger.grant(), 2);
  }
});

test("a report is a position: repeated it changes nothing, beyond what was sent it is refused", () => {
  const ledger = new Ledger(4, 1);
  ledger.grant();
  ledger.accept(items(1, 2, 3));
  ledger.joinReader();
  ledger.next();
  ledger.consume(2);
  ledger.consume(2);
  assertEquals(ledger.unconsumed, 1);
  for (const position of [4, 1, 2 ** 32 - 1]) {
    assertThrows(() => ledger.consume(position), Violation);
  }
  assertEquals(ledger.unconsumed, 1);
});

test("a reader is sent no more ahead than its window", () => {
  const width = 2 ** 17; // half a mebibyte an item: two are the window
  const ledger = new Ledger(3, width);
  ledger.grant();
  for (let i = 1; i <= 3; i++) {
    const words = new Int32Array(1 + width).fill(i);
    words[0] = ITEMS;
    ledger.accept(new Uint8Array(words.buffer));
  }
  ledger.joinReader();
  assertEquals([ledger.next()![1], ledger.next()![1], ledger.next()], [1, 2, undefined]);
  ledger.consume(1);
  assertEquals(ledger.next()![1], 3);
});
