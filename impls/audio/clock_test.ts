// Devices on their own threads, and readers on others.
import { test } from "node:test";
import { assert, assertEquals, assertGreater, assertRejects } from "@std/assert";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { Handle, Ring, Stats } from "../contract.ts";
import { RingError } from "../errors.ts";
import { runtimeName } from "../shared/runtime.ts";
import { adapter as capture } from "./capture.ts";
import { adapter as duplex } from "./duplex.ts";
import { lane, ring as offsets } from "./layout.ts";
import { Memory } from "./memory.ts";
import { adapter as playback } from "./playback.ts";
import { loadShim } from "./shim.ts";
import type { Task } from "./worker_fixture.ts";

const fixture = new URL("worker_fixture.ts", import.meta.url);
const start = (task: Task) => new Worker(fixture, { workerData: task });

interface Read {
  readonly values: readonly number[];
  readonly stats: Stats;
}

/** The ring's own words. */
async function memoryOf(ring: Ring<number>): Promise<Memory> {
  const shim = await loadShim();
  const id = Number(String(ring.handle!.at).split(":")[2]);
  return new Memory(shim, shim.audio_attach(id)!);
}

const word = (memory: Memory, name: "read" | "sequence" | "sleepers") =>
  Atomics.load(memory.words, (offsets.lanes + lane[name]) / 4); // the capture lane is the first

/** Every frame that the clock made was either delivered once, in order, or counted as lost. */
function assertConserved({ values, stats }: Read, captured: number): void {
  assertEquals(stats.moved, values.length);
  assertEquals(stats.moved + stats.lost, captured);
  assert(values.every((value, i) => i === 0 || value > values[i - 1]!), "out of order");
  assertGreater(captured, values.at(-1)!);
}

for (const capacity of [4096, 100]) {
  test(`a clock is captured by readSync in a worker, ${capacity} frames of room`, async () => {
    await using ring = await capture.open({ capacity, uri: "clock:?rate=48000&period=128" });
    const memory = await memoryOf(ring);
    const worker = start({ do: "read", handle: ring.handle! });
    while (word(memory, "sleepers") === 0) await delay(1);
    await delay(300);
    const answer = once(worker, "message");
    await ring.close();
    const [read] = await answer;
    const captured = 128 * Atomics.load(memory.words, offsets.beats / 4);
    memory.release();
    assertConserved(read, captured);
    assertGreater(read.values.length, 0);
    if (capacity < 128) assertGreater(read.stats.xruns, 0);
  });
}

test("a clock is captured by read on the event loop", async () => {
  await using ring = await capture.open({ capacity: 4096, uri: "clock:?rate=96000&period=100" });
  const memory = await memoryOf(ring), reader = await ring.reader();
  const values: number[] = [], into = new Float32Array(512);
  const closing = delay(300).then(() => ring.close());
  for (let count; (count = await reader.read(into)) > 0;) values.push(...into.subarray(0, count));
  await closing;
  const captured = 100 * Atomics.load(memory.words, offsets.beats / 4);
  memory.release();
  assertConserved({ values, stats: reader.stats() }, captured);
  assert(reader.done);
});

test("a worker asleep in readSync is woken by a callback, and by closing", async () => {
  await using ring = await capture.open({ capacity: 8, uri: "virtual:" });
  const memory = await memoryOf(ring);
  const worker = start({ do: "read", handle: ring.handle! });
  const answer = once(worker, "message");
  while (word(memory, "sleepers") === 0) await delay(1);
  const before = word(memory, "sequence");
  ring.device!.cycle([1, 2, 3], undefined);
  assertEquals(word(memory, "sequence"), before + 1);
  while (word(memory, "read") !== 3) await delay(1);
  while (word(memory, "sleepers") === 0) await delay(1);
  await ring.close();
  assertEquals(word(memory, "sequence"), before + 2);
  const [read] = await answer;
  assertEquals(read, { values: [1, 2, 3], stats: { moved: 3, lost: 0, padded: 0, xruns: 0 } });
  memory.release();
});

test("a scripted device is driven from a worker and read here", async () => {
  await using ring = await capture.open({ capacity: 64, uri: "virtual:" });
  const reader = await ring.reader(), values: number[] = [], into = new Float32Array(5);
  const counts = Array.from({ length: 200 }, (_, i) => i % 9);
  const worker = start({ do: "cycle", handle: ring.handle!, counts });
  const closing = once(worker, "message").then(() => ring.close());
  for (let count; (count = await reader.read(into)) > 0;) values.push(...into.subarray(0, count));
  await closing;
  assertConserved({ values, stats: reader.stats() }, counts.reduce((sum, count) => sum + count));
});

test("a duplex clock gives back what it played", async () => {
  await using ring = await duplex.open({ capacity: 48_000, uri: "clock:?period=64" });
  const reader = await ring.reader(), writer = await ring.writer();
  const sent = Float32Array.from({ length: 300 }, (_, i) => i + 1);
  await writer.write(sent);
  const heard: number[] = [], into = new Float32Array(64);
  while (heard.at(-1) !== 300) {
    const count = await reader.read(into);
    heard.push(...into.subarray(0, count).filter((sample) => sample !== 0));
  }
  assertEquals(heard, [...sent]);
});

test("a playback clock makes room for what is written", async () => {
  await using ring = await playback.open({ capacity: 50, width: 2, uri: "clock:?period=30" });
  const writer = await ring.writer();
  await writer.write(new Float32Array(2 * 500));
  for (let left = 500; left > 0;) left -= writer.writeSync!(new Float32Array(2 * left));
  assertEquals(writer.stats().moved, 1000);
});

test("when the worker that opened a ring is terminated, its clock stops and readers learn it", async () => {
  const worker = start({ do: "open", uri: "clock:?rate=48000&period=16" });
  const [handle] = await once(worker, "message") as [Handle];
  await using ring = await capture.attach(handle);
  const reader = await ring.reader(), into = new Float32Array(64);
  assertGreater(await reader.read(into), 0);
  await worker.terminate();
  const lost = await assertRejects(async () => {
    while (true) await reader.read(into);
  }, RingError);
  assertEquals(lost.code, "RING_LOST");
  while ((await clocks()) > 0) await delay(1);
});

test("a disposed ring leaves no thread behind", async () => {
  const ring = await capture.open({ capacity: 64, uri: "clock:?rate=1&period=65536" });
  while ((await clocks()) === 0) await delay(1);
  await ring[Symbol.asyncDispose]();
  while ((await clocks()) > 0) await delay(1);
});

test("a process may exit while the clock ticks", async () => {
  assertEquals(await runFixture({}), { code: 0, said: "available" });
});

test("without a compiler the adapter says so", async () => {
  const folder = await mkdtemp(join(tmpdir(), "ringproof-"));
  try {
    const { code, said } = await runFixture({ CC: "/nonexistent", RINGPROOF_CACHE: folder });
    assert(code !== 0);
    assertEquals(
      said,
      "no C compiler: `/nonexistent` was not found; install gcc or clang, or set CC",
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** Clock threads of this process. */
async function clocks(): Promise<number> {
  const names = (await readdir("/proc/self/task")).map((thread) =>
    readFile(`/proc/self/task/${thread}/comm`, "utf8").catch(() => "ended")
  );
  return (await Promise.all(names)).filter((name) => name === "audio clock\n").length;
}

function runFixture(env: NodeJS.ProcessEnv): Promise<{ code: unknown; said: string }> {
  const args = [...runtimeName === "deno" ? ["run", "-A"] : [], fileURLToPath(fixture)];
  return new Promise((resolve) => {
    const options = { env: { ...process.env, ...env } };
    execFile(process.execPath, args, options, (error, said) => {
      resolve({ code: error ? error.signal ?? error.code : 0, said: said.trim() });
    });
  });
}
