import { test } from "node:test";
import { assertEquals, assertThrows } from "@std/assert";
import { type RingError } from "../errors.ts";
import { ITEM } from "./cursor.ts";
import { GATE_WORDS, GATES, Gates } from "./gates.ts";

const code = (act: () => unknown) => (assertThrows(act) as RingError).code;
const memory = () => new Int32Array(new SharedArrayBuffer(4 * GATE_WORDS));

test("the lowest gate counts, also where cursors wrap, and none leaves the limit", () => {
  for (const origin of [0, -3 * ITEM, 2 ** 31 - 3 * ITEM]) {
    const gates = new Gates(memory(), 0);
    const at = (number: number) => (origin + number * ITEM) | 0;
    assertEquals([gates.empty, gates.lowest(at(4))], [true, at(4)]);
    const [first, second] = [gates.join(() => at(0)), gates.join(() => at(2))];
    assertEquals([gates.empty, gates.lowest(at(4))], [false, at(0)]);
    first.move(at(5));
    assertEquals(gates.lowest(at(4)), at(2));
    second.release();
    assertEquals(gates.lowest(at(4)), at(4));
    assertEquals(gates.lowest(at(7)), at(5));
  }
});

test("a reader begins at what is written once its gate is there, not before", () => {
  const gates = new Gates(memory(), 0);
  let asked = 0;
  const gate = gates.join(() => {
    // The gate is in its place when it is asked again.
    if (asked === 1) assertEquals(gates.lowest(9 * ITEM), 0);
    return asked++ * ITEM;
  });
  assertEquals([gate.cursor, gates.lowest(9 * ITEM), asked], [ITEM, ITEM, 2]);
});

test("there are as many gates as it says, and one that is given back is taken again", () => {
  const words = memory(), gates = new Gates(words, 0);
  const all = Array.from({ length: GATES }, () => gates.join(() => 0));
  assertEquals(new Set(all.map(({ id }) => id)).size, GATES);
  assertEquals(code(() => gates.join(() => 0)), "RING_BUSY");
  const gone = all[5]!;
  gone.release();
  gone.release();
  gone.move(8 * ITEM);
  const next = new Gates(words, 0).join(() => 4 * ITEM);
  assertEquals([next.id === gone.id, next.id % GATES], [false, gone.id % GATES]);
  assertEquals(code(() => gates.find(gone.id, "test")), "RING_STALE");
  for (const id of [-1, 0.5, NaN, 2 ** 31, next.id + GATES, 1e9]) {
    assertEquals(code(() => gates.find(id, "test")), "RING_INVALID");
  }
});

test("a place waits for whoever holds it, and one only", () => {
  const words = memory(), gates = new Gates(words, 0);
  const id = gates.place(3 * ITEM);
  assertEquals(gates.lowest(5 * ITEM), 3 * ITEM);
  const gate = new Gates(words, 0).hold(id);
  assertEquals([gate.id, gate.cursor], [id, 3 * ITEM]);
  assertEquals(code(() => gates.hold(id)), "RING_BUSY");
  gate.release();
  assertEquals(code(() => gates.hold(id)), "RING_STALE");
});

test("who stays behind others is held by the lowest of them, until they leave", () => {
  const gates = new Gates(memory(), 0);
  const [one, two] = [gates.join(() => 2 * ITEM), gates.join(() => 3 * ITEM)];
  const before = gates.before([one.id, two.id]);
  assertEquals([before.lowest(9 * ITEM), before.lowest(ITEM)], [2 * ITEM, ITEM]);
  one.release();
  const other = gates.join(() => 0); // in the same place, and none of theirs
  assertEquals([other.id % GATES, before.gone], [one.id % GATES, false]);
  assertEquals(before.lowest(9 * ITEM), 3 * ITEM);
  two.release();
  assertEquals([before.gone, before.lowest(9 * ITEM)], [true, 9 * ITEM]);
});

test("who waits for room is woken by any gate that moves, and by one that goes", async () => {
  const gates = new Gates(memory(), 0);
  const [one, two] = [gates.join(() => 0), gates.join(() => 0)];
  for (const act of [() => one.move(ITEM), () => two.move(ITEM), () => one.release()]) {
    let there = false;
    const waiting = gates.room.wait(() => there, undefined, "write");
    there = true;
    act();
    await waiting;
  }
});
