import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { allocate } from "../../shared/layout.ts";
import { ITEM_SHIFT } from "../cursor.ts";
import { Chunks, LAPS, overwritingLayout } from "./chunks.ts";

const made = (capacity: number, width = 1, seats = 16) =>
  new Chunks(allocate(overwritingLayout("TEST", seats), capacity, width), seats);

test("a position is known exactly from a cursor of 30 bits and the laps, on time or one late", () => {
  const chunks = made(8);
  const { words, positions } = chunks;
  for (const position of [0, 5, 2 ** 29 - 1, 2 ** 31, 2 ** 40 + 3, positions - 1]) {
    chunks.begin(position);
    const { cursor } = chunks.published;
    assertEquals(chunks.position(cursor, Atomics.load(words, LAPS)), position);
    assertEquals(chunks.keptPlace(), position);
    // The last item of the lap has been published, and the next lap is not counted yet.
    const seam = Math.ceil((position + 1) / 2 ** 29) * 2 ** 29;
    const there = (seam % 2 ** 30) << ITEM_SHIFT;
    const due = seam === positions ? 0 : seam;
    assertEquals(chunks.position(there, Atomics.load(words, LAPS)), due);
    chunks.countLap(due);
    assertEquals(chunks.position(there, Atomics.load(words, LAPS)), due);
  }
});

test("positions and chunks come round together", () => {
  for (const capacity of [1, 3, 8, 1000, 100_000]) {
    const { positions, chunkItems, live, ...chunks } = made(capacity);
    assert(Number.isSafeInteger(positions));
    assertEquals([positions % chunkItems, (positions / chunkItems) % live], [0, 0], `${chunks}`);
  }
  const chunks = made(8);
  assertEquals(chunks.forward(chunks.positions - 3, 5), 2);
  assertEquals(chunks.distance(2, chunks.positions - 3), 5);
});

test("any two capacities have memories of different sizes", () => {
  const sizes = new Set<number>();
  const layout = overwritingLayout("TEST", 1);
  for (let capacity = 1; capacity <= 9000; capacity++) sizes.add(layout.slots!(capacity, 1));
  assertEquals(sizes.size, 9000);
});

test("the pool is little larger than what it must hold", () => {
  const items = 2 ** 16;
  const slots = (seats: number) => overwritingLayout("TEST", seats).slots!(items, 1);
  assert(slots(1) <= 1.1 * items);
  assert(slots(16) <= 1.6 * items);
});
