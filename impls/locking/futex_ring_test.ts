import { test } from "node:test";
import { assertEquals, assertThrows } from "@std/assert";
import { locked } from "./futex.ts";
import { openFutexRing } from "./futex_ring.ts";

test("the lock is free again after a section that threw", () => {
  const words = new Int32Array(new SharedArrayBuffer(8));
  assertThrows(
    () =>
      locked(words, 1, () => {
        throw new Error("within");
      }),
    Error,
    "within",
  );
  assertEquals(locked(words, 1, () => Atomics.load(words, 1)), 1);
  assertEquals(Atomics.load(words, 1), 0);
});

test("any capacity, and records that wrap as one", async () => {
  const ring = openFutexRing({ capacity: 3, width: 5 });
  const writer = await ring.writer(), reader = await ring.reader();
  const into = new Int32Array(10);
  for (let round = 0; round < 7; round++) {
    const records = Int32Array.from({ length: 10 }, (_, i) => round * 10 + i);
    assertEquals(writer.tryWrite(records), 2);
    assertEquals(reader.tryRead(into), 2);
    assertEquals([...into], [...records]);
  }
});
