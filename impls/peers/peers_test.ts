import { test } from "node:test";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { Adapter } from "../contract.ts";
import { RingError } from "../errors.ts";
import { adapter as asyncMutex } from "./packages/async_mutex_npm.ts";
import { adapter as denque } from "./packages/denque.ts";
import { adapter as effectQueue } from "./packages/effect_queue.ts";
import { adapter as circular } from "./packages/mnemonist_circular.ts";
import { adapter as fixedDeque } from "./packages/mnemonist_deque.ts";
import { adapter as csp } from "./packages/thi_ng_csp.ts";
import { adapter as tsChan } from "./packages/ts_chan.ts";
import { adapter as broadcast } from "./platform/broadcast_channel.ts";
import { adapter as lockedArray } from "./platform/locked_array.ts";
import { adapter as passThrough } from "./platform/pass_through.ts";
import { adapter as postMessage } from "./platform/post_message.ts";
import { adapter as transformStream } from "./platform/transform_stream.ts";

const waiting = [
  fixedDeque,
  tsChan,
  csp,
  effectQueue,
  asyncMutex,
  postMessage,
  broadcast,
  transformStream,
  passThrough,
];

for (const adapter of waiting) {
  test(`${adapter.name}: items pass in order between those who wait, then the end`, async () => {
    await using ring = await adapter.open({ capacity: 2 });
    const reader = await ring.reader(), writer = await ring.writer();
    const got: unknown[] = [];
    const reading = (async () => {
      const into = [0, 0, 0];
      for (let count; (count = await reader.read(into)) > 0;) got.push(...into.slice(0, count));
    })();
    await writer.write([1, 2, 3, 4, 5, 6, 7]);
    assertEquals(writer.stats().moved, 7);
    await ring.close();
    await ring.close();
    await reading;
    assertEquals([got, reader.stats().moved, reader.done], [[1, 2, 3, 4, 5, 6, 7], 7, true]);
    assertThrows(() => writer.tryWrite([8]), RingError, "RING_CLOSED");
    await assertRejects(() => writer.write([8]), RingError, "RING_CLOSED");
  });

  test(`${adapter.name}: a read gives up at its timeout and at its signal`, async () => {
    await using ring = await adapter.open({ capacity: 2 });
    const reader = await ring.reader();
    for (const timeout of [0, 5]) {
      await assertRejects(() => reader.read([0], { timeout }), DOMException, "cannot read within");
    }
    const controller = new AbortController(), reason = new Error("enough");
    const read = reader.read([0], { signal: controller.signal }).catch((error) => error);
    controller.abort(reason);
    assertEquals(await read, reason);
    const { signal } = controller;
    assertEquals(await reader.read([0], { signal }).catch((error) => error), reason);
  });
}

const bounded: Adapter<unknown>[] = [
  ...[fixedDeque, tsChan, effectQueue, asyncMutex, transformStream, passThrough],
  lockedArray as Adapter<unknown>,
];

for (const adapter of bounded) {
  test(`${adapter.name}: as many items fit as it was asked for, and a write waits for room`, async () => {
    await using ring = await adapter.open({ capacity: 3 });
    const writer = await ring.writer(), reader = await ring.reader();
    assertEquals([writer.tryWrite([1, 2, 3, 4], 1), writer.tryWrite([9])], [3, 0]);
    const late = await writer.write([9], { timeout: 2 }).catch((error: Error) => error);
    assertEquals((late as Error).name, "TimeoutError");
    const got: unknown[] = [], into = [0];
    const writing = writer.write([5, 6]);
    while (got.length < 5) {
      await reader.read(into);
      got.push(into[0]);
    }
    await writing;
    assertEquals(got, [2, 3, 4, 5, 6]);
  });
}

for (const adapter of [denque, circular]) {
  test(`${adapter.name}: the newest are kept, and what they cost is counted`, async () => {
    await using ring = await adapter.open({ capacity: 3 });
    const writer = await ring.writer(), reader = await ring.reader();
    assertEquals(writer.tryWrite([1, 2, 3, 4, 5]), 5);
    const into = [0, 0, 0, 0];
    assertEquals([reader.tryRead(into), into], [3, [3, 4, 5, 0]]);
    assertEquals([reader.stats().lost, reader.stats().xruns], [2, 1]);
    await assertRejects(() => ring.reader(), RingError, "RING_BUSY");
  });
}

test("broadcast_channel: each reader gets each item, on whatever ring of that name", async () => {
  await using ring = await broadcast.open({ capacity: 2 });
  await using far = await broadcast.attach(JSON.parse(JSON.stringify(ring.handle)));
  assertEquals(far.capacity, 2);
  const readers = [await ring.reader(), await far.reader()];
  await (await far.writer()).write(["item"]);
  for (const reader of readers) {
    const into: unknown[] = [undefined];
    assertEquals([await reader.read(into), into], [1, ["item"]]);
  }
  for (const at of ["", "ws://x", "ringproof 0", new SharedArrayBuffer(8)]) {
    await assertRejects(() => broadcast.attach({ adapter: "broadcast_channel", at }), RingError);
  }
});

test("locked_array: a handle that was cloned attaches, and memory of a wrong size does not", async () => {
  await using ring = await lockedArray.open({ capacity: 2 });
  const handle = structuredClone(ring.handle!);
  await using far = await lockedArray.attach(handle);
  (await ring.writer()).tryWrite([7, 8]);
  const into = new Int32Array(3);
  assertEquals([(await far.reader()).tryRead(into, 1), [...into]], [2, [0, 7, 8]]);
  assert(handle.at instanceof SharedArrayBuffer);
  for (const bytes of [0, 8, 11]) {
    const wrong = { ...handle, at: new SharedArrayBuffer(bytes) };
    await assertRejects(() => lockedArray.attach(wrong), RingError, "RING_FOREIGN");
  }
});
