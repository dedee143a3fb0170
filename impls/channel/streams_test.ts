import { test } from "node:test";
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { RingError } from "../errors.ts";
import { openStreams } from "./streams.ts";

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

async function collected<T>(readable: ReadableStream<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of readable) items.push(item);
  return items;
}

function counting(count: number): { readable: ReadableStream<number>; pulled(): number } {
  let next = 0;
  const readable = new ReadableStream<number>({
    pull(controller) {
      if (next < count) controller.enqueue(next++);
      else controller.close();
    },
  }, { highWaterMark: 0 });
  return { readable, pulled: () => next };
}

for (const capacity of [1, 3, 64]) {
  test(`capacity ${capacity}: a pipe through it keeps all items and their order`, async () => {
    const ring = openStreams<number>({ capacity });
    assertEquals(await collected(counting(500).readable.pipeThrough(ring)), numbers(500));
  });

  test(`capacity ${capacity}: of a pipe so many items are accepted, and no more`, async () => {
    const ring = openStreams<number>({ capacity });
    const accepted: number[] = [];
    const pipe = ring.writable.getWriter(), reader = ring.readable.getReader();
    const total = 3 * capacity + 5;
    const writing = numbers(total).map((i) => pipe.write(i).then(() => accepted.push(i)));
    await writing[capacity - 1];
    for (const i of numbers(total)) {
      assertEquals(accepted, numbers(Math.min(i + capacity, total)));
      assertEquals((await reader.read()).value, i);
      await writing[Math.min(i + capacity, total - 1)];
    }
  });

  test(`capacity ${capacity}: a pipe at one side, the contract at the other`, async () => {
    const inward = openStreams<number>({ capacity });
    const source = counting(300);
    const piping = source.readable.pipeTo(inward.writable);
    const reader = await inward.reader();
    const seen: number[] = [], batch = [0, 0, 0, 0, 0];
    while (!reader.done) seen.push(...batch.slice(0, await reader.read(batch)));
    await piping;
    assertEquals(seen, numbers(300));

    const outward = openStreams<number>({ capacity });
    const writer = await outward.writer();
    const collecting = collected(outward.readable);
    await writer.write(numbers(300));
    await outward.close();
    assertEquals(await collecting, numbers(300));
  });
}

test("the contract's writer finds what a pipe left room for, exactly", async () => {
  const ring = openStreams<string>({ capacity: 4 });
  const pipe = ring.writable.getWriter();
  await pipe.write("a");
  pipe.releaseLock();
  const writer = await ring.writer();
  assertEquals(writer.tryWrite(["b", "c", "d", "e"]), 3);
  const reader = ring.readable.getReader();
  assertEquals((await reader.read()).value, "a");
  assertEquals(writer.tryWrite(["e", "f"]), 1);
  reader.releaseLock();
  await ring.close();
  assertEquals(await collected(ring.readable), ["b", "c", "d", "e"]);
});

test("a lock that somebody else has is RING_BUSY, and so are writes under way", async () => {
  const ring = openStreams<number>({ capacity: 1 });
  const pipe = ring.writable.getWriter(), reading = ring.readable.getReader();
  for (const open of [() => ring.writer(), () => ring.reader()]) {
    assertEquals((await assertRejects(open, RingError)).code, "RING_BUSY");
  }
  const writes = [pipe.write(1), pipe.write(2)];
  pipe.releaseLock();
  assertEquals((await assertRejects(() => ring.writer(), RingError)).code, "RING_BUSY");
  assertEquals([(await reading.read()).value, (await reading.read()).value], [1, 2]);
  await Promise.all(writes);
  reading.releaseLock();
  await using writer = await ring.writer();
  assertEquals(writer.tryWrite([3, 4]), 1);
  assertEquals(ring.writable.locked, true);
});

test("closing the writable closes the ring, and what is inside is drained", async () => {
  const ring = openStreams<number>({ capacity: 4 });
  const pipe = ring.writable.getWriter();
  await pipe.write(1);
  await pipe.close();
  const reader = await ring.reader();
  const into = [0, 0];
  assertEquals(await reader.read(into), 1);
  assertEquals([await reader.read(into), reader.done, into[0]], [0, true, 1]);
});

test("close() refuses a pipe that goes on, and ends the readable after the last item", async () => {
  const ring = openStreams<number>({ capacity: 2 });
  const pipe = ring.writable.getWriter();
  await pipe.write(1);
  await pipe.write(2);
  const waiting = pipe.write(3);
  await ring.close();
  for (const refused of [waiting, pipe.write(4), pipe.closed]) {
    assertEquals((await assertRejects(() => refused, RingError)).code, "RING_CLOSED");
  }
  assertEquals(await collected(ring.readable), [1, 2]);
});

test("an aborted writable loses what is inside, and all who wait hear of it", async () => {
  const ring = openStreams<number>({ capacity: 4 });
  const reader = await ring.reader();
  const reading = reader.read([0]);
  const reason = new Error("the source broke");
  await ring.writable.abort(reason);
  const lost = await assertRejects(() => reading, RingError, "aborted");
  assertEquals([lost.code, lost.value], ["RING_LOST", reason]);
  assertEquals(reader.done, false);
  assertEquals(assertThrows(() => reader.tryRead([0]), RingError).code, "RING_LOST");

  const piped = openStreams<number>({ capacity: 4 });
  const broken = new ReadableStream({ start: (controller) => controller.error(reason) });
  const out = collected(piped.readable);
  await broken.pipeTo(piped.writable).catch(() => {});
  assertEquals(await out.catch((error) => error), reason);
});

test("a cancelled readable fails writers of both kinds", async () => {
  const ring = openStreams<number>({ capacity: 1 });
  const writer = await ring.writer();
  await writer.write([1]);
  const waiting = writer.write([2]);
  await ring.readable.cancel("seen enough");
  assertEquals((await assertRejects(() => waiting, RingError)).code, "RING_LOST");
  assertEquals(assertThrows(() => writer.tryWrite([3]), RingError).code, "RING_LOST");

  const piped = openStreams<number>({ capacity: 1 });
  const source = counting(100);
  const piping = source.readable.pipeTo(piped.writable);
  for await (const item of piped.readable) {
    assertEquals(item, 0);
    break; // cancels it
  }
  await assertRejects(() => piping);
});

test("undefined and promises are items like any other", async () => {
  const ring = openStreams<unknown>({ capacity: 4 });
  const promise = Promise.resolve(1);
  const writer = await ring.writer(), reader = await ring.reader();
  assertEquals(writer.tryWrite([undefined, promise]), 2);
  const into: unknown[] = [0, 0];
  for (let got = 0; got < 2;) got += await reader.read(got === 0 ? into : into.slice(1));
  assertEquals(into[0], undefined);
});
