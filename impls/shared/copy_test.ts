import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { copyElements, copyIn, SlotReader } from "./copy.ts";

const slots = new Int32Array(new SharedArrayBuffer(4 * 4096)).map((_, i) => 3 * i);

test("elements are copied by whichever way their number calls for", () => {
  for (const count of [0, 1, 31, 32, 255, 256, 1000]) {
    for (const into of [new Int32Array(1100), new Array<number>(1100).fill(0)]) {
      copyElements(into, 7, slots, 11, count);
      assertEquals(into[6], 0);
      assertEquals(Array.from(into.slice(7, 7 + count)), [...slots.slice(11, 11 + count)]);
      assertEquals(into[7 + count], 0);
    }
  }
});

test("what goes in round the end of the slots comes out round it", () => {
  const ring = new Int32Array(8);
  const items = Int32Array.from({ length: 10 }, (_, i) => 1 + i);
  const reader = new SlotReader(ring);
  for (let at = 0; at < 8; at++) {
    for (const count of [0, 1, 3, 8]) {
      ring.fill(0);
      copyIn(ring, at, items, 2, count);
      const due = Array.from({ length: 8 }, (_, i) => (i < count ? 3 + i : 0));
      const inOrder = Array.from({ length: 8 }, (_, i) => ring[(at + i) % 8]);
      assertEquals(inOrder, due, `${count} from slot ${at} on`);
      const into = new Int32Array(10).fill(-1);
      reader.copyOut(into, 1, at, count);
      assertEquals([...into], [-1, ...due.slice(0, count), ...new Array(9 - count).fill(-1)]);
    }
  }
});

test("batches of one size, then of another, from aligned places and between them", () => {
  const reader = new SlotReader(slots);
  for (const count of [64, 32, 64, 17, 33]) {
    const into = new Int32Array(count);
    for (const from of [0, count, 2 * count, 5, count, 0]) {
      reader.copy(into, 0, from, count);
      assertEquals([...into], [...slots.slice(from, from + count)], `${count} from ${from}`);
    }
  }
});

test("a view that is kept shows what is written later, and a part of a buffer is left alone", () => {
  const reader = new SlotReader(slots);
  const into = new Int32Array(64);
  reader.copy(into, 0, 64, 64);
  slots[64] = -1;
  reader.copy(into, 0, 64, 64);
  assertEquals([into[0], into[1]], [-1, 3 * 65]);
  const larger = new Int32Array(80);
  reader.copy(larger, 8, 64, 64);
  assertEquals([larger[7], larger[8], larger[71], larger[72]], [0, -1, 3 * 127, 0]);
});
