import { test } from "node:test";
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { adapterFromCore } from "./core.ts";
import { RingError } from "./errors.ts";

const adapter = adapterFromCore("list", (capacity) => {
  const items: unknown[] = [];
  return {
    get length() {
      return items.length;
    },
    push: (item) => items.length < capacity && items.push(item) > 0,
    shift: () => items.shift(),
  };
}, { sizes: "power-of-two" });

test("a batch goes on in the room that waiting readers make", async () => {
  const ring = await adapter.open({ capacity: 1 });
  const writer = await ring.writer(), reader = await ring.reader();
  const into = [[0], [0], [0]];
  const reading = into.map((slot) => reader.read(slot));
  await writer.write([1, 2, 3]);
  assertEquals(await Promise.all(reading), [1, 1, 1]);
  assertEquals(into, [[1], [2], [3]]);
  assertEquals([writer.stats().moved, reader.stats().moved], [3, 3]);
});

test("claims are kept: a capacity that is no power of two is refused before the core is made", async () => {
  await assertRejects(() => adapter.open({ capacity: 3 }), RingError, "power of two");
});

test("what is overwritten is counted by the one who reads, by items and by gaps", async () => {
  const newest = adapterFromCore("newest", (capacity) => {
    const items: unknown[] = [];
    return {
      get length() {
        return items.length;
      },
      push(item) {
        if (items.length === capacity) items.shift();
        return items.push(item) > 0;
      },
      shift: () => items.shift(),
    };
  }, { overflow: "overwrite", consumers: 1 });
  const ring = await newest.open({ capacity: 2 });
  const writer = await ring.writer();
  assertEquals(writer.tryWrite([1, 2, 3]), 3);
  const reader = await ring.reader();
  const into = [0, 0];
  assertEquals([reader.tryRead(into), into, reader.stats().lost], [2, [2, 3], 0]);
  await writer.write([4, 5, 6, 7, 8]);
  assertEquals([reader.stats().lost, reader.stats().xruns], [3, 1]);
  assertEquals([reader.tryRead(into), into], [2, [7, 8]]);
  await writer.write([9, 10, 11]);
  assertEquals([reader.stats().lost, reader.stats().xruns], [4, 2]);
});

test("an end that is claimed to be the only one is refused a second time, until it is given back", async () => {
  const one = adapterFromCore("one", () => ({ length: 0, push: () => false, shift: () => 0 }), {
    producers: 1,
  });
  const ring = await one.open({ capacity: 1 });
  const writer = await ring.writer();
  await assertRejects(() => ring.writer(), RingError, "RING_BUSY");
  await writer[Symbol.asyncDispose]();
  await writer[Symbol.asyncDispose]();
  await ring.writer();
  await assertRejects(() => ring.writer(), RingError, "RING_BUSY");
  await Promise.all([ring.reader(), ring.reader()]);
});

test("close ends writes, lets reads drain, and disposal discards", async () => {
  const ring = await adapter.open({ capacity: 4 });
  const writer = await ring.writer(), reader = await ring.reader();
  writer.tryWrite([1, 2]);
  await ring.close();
  assertThrows(() => writer.tryWrite([3]), RingError, "RING_CLOSED");
  const into = [0];
  assertEquals([reader.tryRead(into), into[0], reader.done], [1, 1, false]);
  await ring[Symbol.asyncDispose]();
  assertEquals([await reader.read(into), reader.done], [0, true]);
});
