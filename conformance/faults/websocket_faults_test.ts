/** The networked ring behind what networks do: slowness, silence, falsified bytes. */
import { test } from "node:test";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { RingError } from "../../impls/errors.ts";
import { Line, numbers, readAll, writeAll } from "./line.ts";

const whole = { min: 60000, max: 60000 };
/** A peer is given up after four of them. */
const beatMs = 25;

test("items pass in order over a slow and distant connection", async () => {
  const slow = { chunk: { min: 1, max: 300 }, delayMs: 5, bytesPerSecond: 200_000 };
  await using line = await Line.open({ capacity: 32, ...slow });
  const far = await line.attach();
  const writer = await line.near.writer(), reader = await far.reader();
  const writing = writeAll(writer, 500);
  assertEquals(await readAll(reader, 500), numbers(1, 500));
  await writing;
});

test("connections that are made in another order each get what they ask for", async () => {
  await using line = await Line.open({ capacity: 4, reorder: true, chunk: whole });
  const [first, second] = await Promise.all([line.attach(), line.attach()]);
  const writer = await first.writer(), reader = await second.reader();
  await writer.write([1, 2, 3]);
  assertEquals(await readAll(reader, 3), [1, 2, 3]);
});

test("a reader that takes nothing any more: the writer gets as far as the capacity, no further", async () => {
  await using line = await Line.open({ capacity: 64, chunk: whole });
  const far = await line.attach();
  const reader = await far.reader();
  const writer = await line.near.writer();
  await writer.write([1]);
  assertEquals(await readAll(reader, 1), [1]);
  line.proxy.stall("down");
  line.proxy.stall("up");
  let accepted = 0;
  await assertRejects(async () => {
    for (;;) {
      await writer.write([2], { timeout: 100 });
      accepted++;
    }
  });
  // The item that was read may not have been reported.
  assert(accepted === 63 || accepted === 64, `${accepted} items were accepted`);
  line.proxy.resume();
  assertEquals((await readAll(reader, accepted)).length, accepted);
});

for (const silent of ["half open", "stalled"] as const) {
  test(`a connection that is ${silent}: RING_LOST within the beats, and the ends are free`, async () => {
    await using line = await Line.open({ capacity: 8, chunk: whole, beatMs });
    const far = await line.attach();
    const writer = await far.writer(), reader = await far.reader();
    await writer.write([1, 2]);
    assertEquals(await readAll(reader, 2), [1, 2]);
    if (silent === "half open") line.proxy.drop();
    else {
      line.proxy.stall("up");
      line.proxy.stall("down");
    }
    const reading = assertRejects(() => reader.read([0]), RingError);
    await assertRejects(async () => {
      for (;;) await writer.write(numbers(3, 4));
    }, RingError);
    assertEquals((await reading).code, "RING_LOST");
    const next = await line.near.reader(), marker = await line.near.writer();
    const marking = marker.write([-1]);
    const arrived: number[] = [];
    while (arrived.at(-1) !== -1) arrived.push(...await readAll(next, 1));
    // What was written into the silence never came. What was read was told, where anybody heard it.
    if (silent === "half open") assertEquals(arrived, [-1]);
    else assert(arrived.every((item, i) => item === -1 || item === i + 1), `${arrived}`);
    await marking;
  });
}

test("falsified bytes: no crash, no hang, no more items than slots, and the ring serves the next", async () => {
  for (let seed = 1; seed <= 3; seed++) {
    const corrupt = { after: 500, every: 60 }; // behind the handshakes
    await using line = await Line.open({ capacity: 16, seed, beatMs, corrupt });
    const far = await line.attach();
    const writer = await line.near.writer();
    const writing = writer.write(numbers(1, 400)).catch(() => {});
    await assertRejects(async () => {
      const reader = await far.reader();
      const into = new Int32Array(64);
      for (;;) assert(await reader.read(into) <= 16, "more items than slots at once");
    }, RingError);
    line.proxy.cut();
    await far[Symbol.asyncDispose]();
    const next = await line.near.reader();
    assert((await readAll(next, 1))[0]! > 0);
    await line.near.close();
    await writing;
  }
});
