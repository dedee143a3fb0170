import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { RingError } from "../errors.ts";
import { openBroadcastLossy } from "./broadcast_lossy.ts";
import { listen, speak } from "./overwriting/listener_fixture.ts";

test("each reader sees what was written since it joined", async () => {
  const ring = openBroadcastLossy({ capacity: 8 });
  const writer = await ring.writer();
  const first = await ring.reader();
  writer.tryWrite([1, 2, 3]);
  const second = await ring.reader();
  assertEquals([second.pop(), second.stats().lost], [undefined, 0]);
  writer.tryWrite([4, 5]);
  assertEquals([first.pop(), second.pop(), first.pop(), second.pop()], [1, 4, 2, 5]);
  writer.tryWrite([6, 7, 8, 9, 10, 11, 12, 13, 14]);
  assertEquals([first.stats().lost, second.stats().lost], [4, 1]);
  assertEquals([first.pop(), second.pop()], [7, 7]);
});

test("a batch ends before a gap", async () => {
  const ring = openBroadcastLossy({ capacity: 256 });
  const writer = await ring.writer(), reader = await ring.reader();
  writer.tryWrite(Int32Array.from({ length: 250 }, (_, i) => i));
  const into = new Array<number>(256).fill(0);
  // Overwritten while the batch is being read: the chunk that it stands in stays, the next is gone.
  const slow = new Proxy(into, {
    set(target, index, value) {
      if (index === "100") writer.tryWrite(new Int32Array(300));
      return Reflect.set(target, index, value, target);
    },
  });
  const count = reader.tryRead(slow);
  assert(count > 100 && count < 250, `${count} were read`);
  assertEquals(into.slice(0, count), Array.from({ length: count }, (_, i) => i));
  assertEquals(reader.stats().lost, 550 - 256 - count);
});

test("readers that stand still, each on a chunk of its own, keep no writer waiting", async () => {
  const ring = openBroadcastLossy({ capacity: 4 });
  const writer = await ring.writer();
  const readers = [];
  for (let item = 0; item < 16 * 4; item++) {
    if (item % 4 === 0) readers.push(await ring.reader());
    writer.tryWrite([item]);
    if (item % 4 === 1) assertEquals(readers.at(-1)!.pop(), item - 1);
  }
  const error = await ring.reader().then(() => undefined, (reason) => reason);
  assert(error instanceof RingError && error.code === "RING_BUSY");
  for (let item = 64; item < 200; item++) writer.tryWrite([item]);
  for (const [i, reader] of readers.entries()) {
    assertEquals(reader.stats(), { moved: 1, lost: 195 - 4 * i, padded: 0, xruns: 1 });
    assertEquals(reader.pop(), 196);
    await reader[Symbol.asyncDispose]();
  }
  const again = await ring.reader();
  writer.tryWrite([200]);
  assertEquals(again.pop(), 200);
});

test(
  "between threads every reader gets every item whole or counts it",
  { timeout: 60_000 },
  async () => {
    for (const { capacity, batch } of [{ capacity: 5, batch: 3 }, { capacity: 1024, batch: 64 }]) {
      const ring = openBroadcastLossy({ capacity, width: 4 });
      const ears = await Promise.all(
        [0, 1000].map((pause) => listen(ring.handle, { batch, pause })),
      );
      const written = speak(await ring.writer(), { items: 60_000, batch });
      await ring.close();
      for (const ear of ears) {
        const { faults, moved, lost } = await ear.heard;
        assertEquals([faults, moved + lost], [[], written]);
      }
    }
  },
);
