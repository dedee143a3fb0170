// Scripted devices: what the callback does is checked against plain arrays, count by count.
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import type { Ring, Stats } from "../contract.ts";
import { adapter as capture } from "./capture.ts";
import { adapter as duplex } from "./duplex.ts";
import { adapter as playback } from "./playback.ts";

/** Whole numbers from 0 to below `bound`, the same ones for the same seed (Park and Miller 1988). */
function random(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => (state = state * 48_271 % 2_147_483_647) % bound;
}

/** Frames `from` … `from + count − 1`, each sample different. */
function frames(from: number, count: number, width: number): Float32Array {
  return Float32Array.from({ length: count * width }, (_, i) => 1 + from * width + i);
}

const stats = (moved: number, lost: number, padded: number, xruns: number): Stats => ({
  moved,
  lost,
  padded,
  xruns,
});

const starts = [0, 2 ** 31 - 9, 2 ** 32 - 9, 2 ** 53 - 1];
const shapes = [1, 2, 3, 7, 100].flatMap((capacity) =>
  [1, 2].map((width) => ({ capacity, width }))
);

async function capturesExactly(ring: Ring<number>, width: number, next: (n: number) => number) {
  const reader = await ring.reader();
  const expected: number[] = [];
  let offered = 0, lost = 0, xruns = 0, moved = 0;
  for (let step = 0; step < 300; step++) {
    const count = next(2 * ring.capacity + 2);
    if (next(2) === 0) {
      const input = frames(offered, count, width);
      ring.device!.cycle(input, undefined);
      const fits = Math.min(count, ring.capacity - expected.length / width);
      expected.push(...input.subarray(0, fits * width));
      offered += count;
      lost += count - fits;
      if (fits < count) xruns++;
    } else {
      const into = new Float32Array((count + 1) * width);
      const read = reader.tryRead(into, 1);
      assertEquals(read, Math.min(count, expected.length / width));
      const samples = expected.splice(0, read * width);
      assertEquals([...into.subarray(width, (read + 1) * width)], samples);
      moved += read;
    }
    assertEquals(reader.stats(), stats(moved, lost, 0, xruns));
    assertEquals(offered, moved + lost + expected.length / width);
  }
}

async function playsExactly(ring: Ring<number>, width: number, next: (n: number) => number) {
  const writer = await ring.writer();
  const expected: number[] = [];
  let offered = 0, padded = 0, xruns = 0, moved = 0, begun = false;
  for (let step = 0; step < 300; step++) {
    const count = next(2 * ring.capacity + 2);
    if (next(2) === 0) {
      const output = new Float32Array(count * width).fill(-1);
      ring.device!.cycle(undefined, output);
      const played = Math.min(count, expected.length / width);
      const silence = new Array((count - played) * width).fill(0);
      assertEquals([...output], [...expected.splice(0, played * width), ...silence]);
      begun ||= played > 0;
      if (begun && played < count) {
        padded += count - played;
        xruns++;
      }
    } else {
      const items = frames(offered, count + 1, width);
      const written = writer.tryWrite(items, 1);
      assertEquals(written, Math.min(count, ring.capacity - expected.length / width));
      expected.push(...items.subarray(width, (written + 1) * width));
      offered += written;
      moved += written;
    }
    assertEquals(writer.stats(), stats(moved, 0, padded, xruns));
  }
}

test("capture delivers what fits and counts the rest, at every size, across every wrap", async () => {
  for (const { capacity, width } of shapes) {
    for (const start of starts) {
      await using ring = await capture.open({ capacity, width, start, uri: "virtual:" });
      await capturesExactly(ring, width, random(capacity * 10 + width));
    }
  }
});

test("playback plays what is there and pads with silence, at every size, across every wrap", async () => {
  for (const { capacity, width } of shapes) {
    for (const start of starts) {
      await using ring = await playback.open({ capacity, width, start, uri: "virtual:" });
      await playsExactly(ring, width, random(capacity * 10 + width));
    }
  }
});

test("after an underrun comes silence, never what was played before", async () => {
  await using ring = await playback.open({ capacity: 4, uri: "virtual:" });
  const writer = await ring.writer();
  const output = new Float32Array(4);
  assertEquals(writer.tryWrite([1, 2, 3, 4]), 4);
  ring.device!.cycle(undefined, output);
  assertEquals([...output], [1, 2, 3, 4]);
  ring.device!.cycle(undefined, output);
  assertEquals([...output], [0, 0, 0, 0]);
  assertEquals(writer.stats(), stats(4, 0, 4, 1));
});

test("silence before the first frame and after close is not an underrun", async () => {
  await using ring = await playback.open({ capacity: 4, uri: "virtual:" });
  const writer = await ring.writer();
  const output = new Float32Array(3);
  ring.device!.cycle(undefined, output);
  assertEquals(writer.stats(), stats(0, 0, 0, 0));
  writer.tryWrite([1, 2, 3, 4]);
  await ring.close();
  ring.device!.cycle(undefined, output);
  assertEquals([...output], [1, 2, 3]);
  ring.device!.cycle(undefined, output);
  assertEquals([...output], [4, 0, 0]);
  assertEquals(writer.stats(), stats(4, 0, 0, 0));
});

test("after an overrun the reader goes on with the oldest frame", async () => {
  await using ring = await capture.open({ capacity: 3, uri: "virtual:" });
  const reader = await ring.reader();
  ring.device!.cycle([1, 2, 3, 4, 5], undefined);
  ring.device!.cycle([6], undefined);
  const into = [0, 0];
  assertEquals(reader.tryRead(into), 2);
  assertEquals(into, [1, 2]);
  ring.device!.cycle([7, 8, 9], undefined);
  assertEquals([reader.tryRead(into), into], [2, [3, 7]]);
  assertEquals(reader.stats(), stats(4, 4, 0, 3));
});

test("a duplex miss is one of each, and capture comes first", async () => {
  await using ring = await duplex.open({ capacity: 2, uri: "virtual:" });
  const reader = await ring.reader(), writer = await ring.writer();
  writer.tryWrite([1]);
  const both = new Float32Array([10, 11, 12]);
  ring.device!.cycle(both, both); // as drivers do that hand over one buffer for both
  assertEquals([...both], [1, 0, 0]);
  assertEquals(reader.stats(), stats(0, 1, 0, 1));
  assertEquals(writer.stats(), stats(1, 0, 2, 1));
  const into = [0, 0, 0];
  assertEquals([reader.tryRead(into), into], [2, [10, 11, 0]]);
});

test("each side of a duplex may be driven alone", async () => {
  await using ring = await duplex.open({ capacity: 2, uri: "virtual:" });
  const reader = await ring.reader(), writer = await ring.writer();
  ring.device!.cycle([5], undefined);
  assertEquals(reader.tryRead([0, 0]), 1);
  writer.tryWrite([6, 7]);
  const output = [0];
  ring.device!.cycle(undefined, output);
  assertEquals(output, [6]);
});

test("an end takes over where the one before it stopped, and reports no miss twice", async () => {
  await using ring = await capture.open({ capacity: 3, uri: "virtual:" });
  const first = await ring.reader();
  ring.device!.cycle([1, 2, 3, 4], undefined);
  first.tryRead([0]);
  await first[Symbol.asyncDispose]();
  ring.device!.cycle([5, 6, 7], undefined);
  const second = await ring.reader(), into = [0, 0, 0, 0];
  assertEquals([second.tryRead(into), into], [3, [2, 3, 5, 0]]);
  assertEquals([first.stats(), second.stats()], [stats(1, 1, 0, 1), stats(3, 2, 0, 1)]);
});
