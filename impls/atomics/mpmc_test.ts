import { test } from "node:test";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { RingError } from "../errors.ts";
import { recognise } from "../shared/layout.ts";
import { begin, WIDTH } from "./mpmc/worker_fixture.ts";
import { layout, readersOf, writersOf } from "./mpmc/words.ts";
import { FLAGS } from "./mpmc/side.ts";
import { attachMpmc, type MpmcRing, openMpmc } from "./mpmc.ts";

for (const [writers, readers] of [[3, 3], [3, 1], [1, 3]] as const) {
  test(`${writers} producers and ${readers} consumers: each item once, whole, in its order`, async () => {
    const items = 20_000;
    // Laps that come round their highest number on the way, and hold few or many batches.
    for (const [capacity, start] of [[4, 2 ** 29 - 3000], [64, 2 ** 31 - 30_000]] as const) {
      const ring = openMpmc({ capacity, width: WIDTH, start });
      const { handle } = ring;
      const reading = await Promise.all(
        Array.from({ length: readers }, () => begin({ role: "read", handle, batch: 7 })),
      );
      const writing = await Promise.all(
        Array.from(
          { length: writers },
          (_, writer) => begin({ role: "write", handle, writer, items, batch: 5 }),
        ),
      );
      for (const { go } of [...reading, ...writing]) go();
      for (const { done } of writing) assertEquals([...await done], [items]);
      await ring.close();
      const got = await Promise.all(reading.map(({ done }) => done));
      checkItems(got, writers, items);
      assertEquals(got.reduce((sum, { length }) => sum + length, 0), writers * items * WIDTH);
    }
  });
}

/** Whole items, and of each writer every one once, to each reader in its order. */
function checkItems(got: readonly Int32Array[], writers: number, items: number): void {
  const seen = Array.from({ length: writers }, () => new Uint8Array(items));
  for (const elements of got) {
    const last = new Array(writers).fill(-1);
    for (let i = 0; i < elements.length; i += WIDTH) {
      const writer = elements[i]!, item = elements[i + 1]!;
      assert(elements[i + 2] === writer + item, "a torn item");
      assert(item > last[writer], `item ${item} came after ${last[writer]}`);
      assert(seen[writer]![item] === 0, `item ${item} came twice`);
      last[writer] = item;
      seen[writer]![item] = 1;
    }
  }
}

test("push() and pop() fill and empty a ring exactly, across the wrap of its counters", async () => {
  for (const capacity of [1, 2, 8, 64]) {
    const ring = openMpmc({ capacity, start: 2 ** 29 - 5 });
    const writer = await ring.writer(), reader = await ring.reader();
    for (let lap = 0; lap < 5; lap++) {
      for (let i = 0; i < capacity; i++) assertEquals(writer.push(lap * capacity + i), true);
      assertEquals(writer.push(-1), false);
      for (let i = 0; i < capacity; i++) assertEquals(reader.pop(), lap * capacity + i);
      assertEquals(reader.pop(), undefined);
    }
    assertEquals([writer.stats().moved, reader.stats().moved], [5 * capacity, 5 * capacity]);
  }
});

test("push() and pop() refuse rings of wider items, which stay usable", async () => {
  const ring = openMpmc({ capacity: 4, width: 2 });
  const writer = await ring.writer(), reader = await ring.reader();
  assertThrows(() => writer.push(1), RingError, "RING_UNSUPPORTED");
  assertThrows(() => reader.pop(), RingError, "RING_UNSUPPORTED");
  assertEquals(writer.tryWrite([1, 2]), 1);
});

test("many ends of both kinds share one ring, and batches are accepted and delivered in part", async () => {
  const ring = openMpmc({ capacity: 8, start: 2 ** 32 - 3 });
  const [a, b] = [await ring.writer(), await ring.writer()];
  const [c, d] = [await ring.reader(), await ring.reader()];
  const into = new Int32Array(8);
  for (let round = 0; round < 20; round++) {
    assertEquals(a.tryWrite([1, 2, 3, 4, 5]), 5);
    assertEquals(b.tryWrite([6, 7, 8, 9, 10]), 3);
    assertEquals([c.tryRead(into.subarray(0, 3)), ...into.subarray(0, 3)], [3, 1, 2, 3]);
    assertEquals(a.tryWrite([9]), 1);
    assertEquals([d.tryRead(into, 2), ...into.subarray(2)], [6, 4, 5, 6, 7, 8, 9]);
    assertEquals([c.tryRead(into), b.tryWrite([])], [0, 0]);
  }
});

test("a closed ring refuses what is written, full or empty, and is drained by all its readers", async () => {
  const ring = openMpmc({ capacity: 2 });
  const writer = await ring.writer();
  const readers = [await ring.reader(), await ring.reader()];
  assertEquals(writer.tryWrite([1, 2, 3]), 2);
  await ring.close();
  for (const items of [[3], []]) {
    assertThrows(() => writer.tryWrite(items), RingError, "RING_CLOSED");
  }
  assertThrows(() => writer.push(3), RingError, "RING_CLOSED");
  assertEquals([readers[0]!.pop(), readers[0]!.done, readers[1]!.done], [1, false, false]);
  assertEquals([readers[1]!.pop(), readers[0]!.done, readers[1]!.done], [2, true, true]);
  assertThrows(() => writer.tryWrite([3]), RingError, "RING_CLOSED");
});

/** What a thread would leave behind that stopped between a claim and its commit. */
function claimed(ring: MpmcRing, side: "writers" | "readers") {
  const memory = recognise(layout, ring.handle.at);
  const own = side === "writers" ? writersOf(memory) : readersOf(memory);
  const cursor = own.join();
  assertEquals(own.claim(cursor, 1), cursor);
  return { commit: () => own.commit(cursor & ~FLAGS, 1) };
}

test("a writer that stalls hides what comes after it, keeps nobody, and ends nothing", async () => {
  const ring = openMpmc({ capacity: 4 });
  const writer = await ring.writer(), reader = await ring.reader();
  const stalled = claimed(ring, "writers");
  assertEquals(reader.pop(), undefined);
  assertEquals([writer.push(1), writer.push(2), writer.push(3)], [true, true, true]);
  assertEquals(reader.pop(), undefined);
  const begun = performance.now();
  for (let again = 0; again < 1000; again++) assertEquals(reader.pop(), undefined);
  assert(performance.now() - begun < 30_000, "it is waited for once");
  await ring.close();
  assertEquals(reader.done, false);
  assertEquals(stalled.commit(), true);
  assertEquals([0, 1, 2, 3].map(() => reader.pop()), [0, 1, 2, 3]);
  assertEquals([reader.pop(), reader.done], [undefined, true]);
});

test("a reader that stalls hides the room that comes after it, and keeps nobody", async () => {
  const ring = openMpmc({ capacity: 4 });
  const writer = await ring.writer(), reader = await ring.reader();
  assertEquals(writer.tryWrite([1, 2, 3, 4]), 4);
  const stalled = claimed(ring, "readers");
  assertEquals([2, 3, 4].map(() => reader.pop()), [2, 3, 4]);
  assertEquals(reader.pop(), undefined);
  assertEquals(writer.push(5), false);
  const begun = performance.now();
  for (let again = 0; again < 1000; again++) assertEquals(writer.push(5), false);
  assert(performance.now() - begun < 30_000, "it is waited for once");
  assertEquals(stalled.commit(), true);
  assertEquals([5, 6, 7, 8, 9].map((item) => writer.push(item)), [true, true, true, true, false]);
  assertEquals([5, 6, 7, 8].map(() => reader.pop()), [5, 6, 7, 8]);
});

test("who waits is woken by the commit that shows what was committed ahead", async () => {
  const ring = openMpmc({ capacity: 4 });
  const writer = await ring.writer(), reader = await ring.reader({ waiting: "park" });
  const stalled = claimed(ring, "writers");
  const into = new Int32Array(4);
  const reading = reader.read(into);
  assertEquals(writer.push(7), true);
  stalled.commit();
  assertEquals([await reading, into[1]], [2, 7]);
});

test("memory of another ring, and a ring cut short, are foreign; stages are none of its", async () => {
  const { handle } = openMpmc({ capacity: 8 });
  const memory = handle.at as SharedArrayBuffer;
  for (const at of [memory.slice(0, 8), memory.slice(0, memory.byteLength - 4)]) {
    assertThrows(() => attachMpmc({ adapter: "mpmc", at }), RingError, "RING_FOREIGN");
  }
  await assertRejects(
    () => attachMpmc(handle).reader({ after: [{ id: 0 }] }),
    RingError,
    "RING_UNSUPPORTED",
  );
});

test("a capacity whose stamps have no room for laps is refused", () => {
  for (const capacity of [2 ** 29, 2 ** 30, 3]) {
    assertThrows(() => openMpmc({ capacity }), RingError, "RING_INVALID");
  }
});
