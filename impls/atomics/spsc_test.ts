import { test } from "node:test";
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { RingError } from "../errors.ts";
import { attachSpsc, openSpsc } from "./spsc.ts";

test("no item is accepted once a reader has seen the end", async () => {
  const ring = openSpsc({ capacity: 4 });
  const writer = await ring.writer(), reader = await ring.reader();
  writer.tryWrite([1]);
  await ring.close();
  const into = new Int32Array(4);
  assertEquals(reader.tryRead(into), 1);
  assertEquals(reader.done, true);
  assertThrows(() => writer.tryWrite([2]), RingError, "RING_CLOSED");
  assertEquals(reader.done, true);
  assertEquals(writer.stats().moved, 1);
});

test("a full ring that is closed refuses rather than says full", async () => {
  const ring = openSpsc({ capacity: 2 });
  const writer = await ring.writer();
  assertEquals(writer.tryWrite([1, 2, 3]), 2);
  assertEquals(writer.tryWrite([3]), 0);
  await ring.close();
  assertThrows(() => writer.tryWrite([3]), RingError, "RING_CLOSED");
});

test("an end that is given back is taken up where it stopped", async () => {
  const ring = openSpsc({ capacity: 4, start: 2 ** 31 - 1 });
  const into = new Int32Array(1);
  for (let item = 0; item < 20; item++) {
    const writer = await ring.writer(), reader = await ring.reader();
    assertEquals(writer.tryWrite([item]), 1);
    assertEquals(reader.tryRead(into), 1);
    assertEquals(into[0], item);
    await writer[Symbol.asyncDispose]();
    await reader[Symbol.asyncDispose]();
  }
});

test("memory of another ring, and a ring cut short, are foreign", async () => {
  const { handle } = openSpsc({ capacity: 8 });
  const memory = handle.at as SharedArrayBuffer;
  for (const at of [memory.slice(0, 8), memory.slice(0, memory.byteLength - 4)]) {
    assertThrows(() => attachSpsc({ adapter: "spsc", at }), RingError, "RING_FOREIGN");
  }
  await assertRejects(
    () => attachSpsc(handle).reader({ after: [{}] }),
    RingError,
    "RING_UNSUPPORTED",
  );
});

test("a blocking read times out on an empty ring and a blocking write on a full one", async () => {
  const ring = openSpsc({ capacity: 1 });
  const writer = await ring.writer(), reader = await ring.reader();
  assertEquals(reader.readSync(new Int32Array(1), 3), 0);
  assertEquals(writer.writeSync([1], 3), 1);
  assertEquals(writer.writeSync([2], 3), 0);
});
