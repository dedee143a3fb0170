import { test } from "node:test";
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { RingError } from "../../errors.ts";
import { adapter } from "./ringbuf_js.ts";

test("items come out in order through every wrap, from where they are to where they go", async () => {
  await using ring = await adapter.open({ capacity: 5 });
  assertEquals(ring.capacity, 5);
  const writer = await ring.writer(), reader = await ring.reader();
  const into = new Int32Array(6);
  for (let first = 0; first < 40; first += 4) {
    assertEquals(writer.tryWrite([-1, first, first + 1, first + 2, first + 3], 1), 4);
    assertEquals(reader.tryRead(into, 2), 4);
    assertEquals([...into.subarray(2)], [first, first + 1, first + 2, first + 3]);
  }
  assertEquals(writer.tryWrite([1, 2, 3, 4, 5, 6]), 5);
  assertEquals(writer.tryWrite([7]), 0);
  assertEquals([writer.stats().moved, reader.stats().moved], [45, 40]);
});

test("a handle that was cloned attaches to the same ring", async () => {
  await using ring = await adapter.open({ capacity: 8 });
  await using far = await adapter.attach(structuredClone(ring.handle!));
  const writer = await ring.writer(), reader = await far.reader();
  await assertRejects(() => far.writer(), RingError, "RING_BUSY");
  assertEquals(writer.tryWrite([7, 8]), 2);
  const into = [0, 0, 0];
  assertEquals([reader.tryRead(into), into], [2, [7, 8, 0]]);
});

test("a handle of another ring is refused", async () => {
  for (const at of ["ws://x", new SharedArrayBuffer(64)]) {
    const foreign = () => adapter.attach({ adapter: "ringbuf_js", at });
    await assertRejects(foreign, RingError, "RING_FOREIGN");
  }
});

test("after close() writes are refused, and reads drain", async () => {
  await using ring = await adapter.open({ capacity: 4 });
  const writer = await ring.writer(), reader = await ring.reader();
  writer.tryWrite([1, 2]);
  await ring.close();
  assertThrows(() => writer.tryWrite([3]), RingError, "RING_CLOSED");
  const into = [0];
  assertEquals([await reader.read(into), reader.done], [1, false]);
  assertEquals([await reader.read(into), reader.done], [1, true]);
  assertEquals(await reader.read(into), 0);
});

test("a write waits for room and a read for items, no longer than they may", async () => {
  await using ring = await adapter.open({ capacity: 2 });
  const writer = await ring.writer(), reader = await ring.reader();
  const items = [1, 2, 3, 4, 5], got: number[] = [];
  const written = writer.write(items);
  for (const into = [0]; got.length < items.length;) {
    await reader.read(into);
    got.push(into[0]!);
  }
  await written;
  assertEquals(got, items);
  const late = await reader.read([0], { timeout: 5 }).catch((error: Error) => error);
  assertEquals((late as Error).name, "TimeoutError");
  const reason = new Error("enough");
  const signal = AbortSignal.abort(reason);
  assertEquals(await reader.read([0], { signal }).catch((error: Error) => error), reason);
});
