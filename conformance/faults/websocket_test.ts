import { test } from "node:test";
import { assertEquals, assertRejects } from "@std/assert";
import { RingError } from "../../impls/errors.ts";
import { Line, numbers, readAll, writeAll } from "./line.ts";

test("10,000 items pass in order through pieces of any size, both ways", async () => {
  for (const chunk of [{ min: 1, max: 64 }, { min: 1000, max: 60000 }]) {
    await using line = await Line.open({ capacity: 256, chunk, coalesceMs: 1 });
    const far = await line.attach();
    const writer = await far.writer(), reader = await far.reader();
    const writing = writeAll(writer, 10_000);
    assertEquals(await readAll(reader, 10_000), numbers(1, 10_000));
    await writing;
  }
});

test("items pass byte by byte", async () => {
  await using line = await Line.open({ capacity: 16, chunk: { min: 1, max: 1 } });
  const far = await line.attach();
  const writer = await line.near.writer(), reader = await far.reader();
  const writing = writeAll(writer, 200);
  assertEquals(await readAll(reader, 200), numbers(1, 200));
  await writing;
});

test("a reader whose connection is cut: RING_LOST, and the next goes on where it stopped", async () => {
  await using line = await Line.open({ capacity: 64, chunk: { min: 1, max: 512 } });
  const writer = await line.near.writer();
  const writing = writeAll(writer, 1000);
  let next = 1;
  for (let cuts = 0; cuts < 5; cuts++) {
    const far = await line.attach();
    const reader = await far.reader();
    const got = await readAll(reader, 100);
    line.proxy.cut(); // before it can report what it read
    for (let lost = false; !lost;) {
      const into = [0];
      lost = await reader.read(into).then(() => false, (error) => error.code === "RING_LOST");
      if (!lost) got.push(into[0]!);
    }
    assertEquals(got, numbers(next, got.length));
    next += got.length;
    await far[Symbol.asyncDispose]();
  }
  const rest = 1000 - next + 1;
  assertEquals(await readAll(await line.near.reader(), rest), numbers(next, rest));
  await writing;
});

test("a writer whose connection is cut: RING_LOST, its slot is free, what arrived is there", async () => {
  await using line = await Line.open({ capacity: 8, chunk: { min: 1, max: 512 } });
  const far = await line.attach();
  const writer = await far.writer(), reader = await line.near.reader();
  await writer.write([1, 2, 3]);
  assertEquals(await readAll(reader, 3), [1, 2, 3]);
  const writing = writer.write(numbers(4, 100));
  line.proxy.cut();
  assertEquals((await assertRejects(() => writing, RingError)).code, "RING_LOST");
  await far[Symbol.asyncDispose]();
  const arrived: number[] = [];
  const next = await line.near.writer();
  const marking = next.write([-1]);
  while (arrived.at(-1) !== -1) arrived.push(...await readAll(reader, 1));
  assertEquals(arrived, [...numbers(4, arrived.length - 1), -1]);
  await marking;
});

test("a ring that is disposed: what was sent ahead, then RING_LOST", async () => {
  await using line = await Line.open({ capacity: 4, chunk: { min: 60000, max: 60000 } });
  const far = await line.attach();
  const writer = await line.near.writer(), reader = await far.reader();
  await writer.write([1, 2, 3]);
  assertEquals(await readAll(reader, 1), [1]);
  await line.near[Symbol.asyncDispose]();
  await assertRejects(() => far.writer(), RingError, "RING_LOST"); // known from here on
  assertEquals(await readAll(reader, 2), [2, 3]);
  await assertRejects(() => reader.read([0]), RingError, "RING_LOST");
});
