/**
 * Asks a runtime, before any ring runs on it, for the platform's promises that rings rely on; so
 * that an engine's fault stands in the report as one, and is never blamed on a ring. Runs as a
 * child of the command, under the runtime that is asked, and prints one line of JSON.
 */
import process from "node:process";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { z } from "zod";
import { say } from "../../runner/say.ts";
import { MARK } from "./messages.ts";

export const findings = z.array(z.object({
  probe: z.string(),
  expected: z.string(),
  found: z.string(),
  ok: z.boolean(),
}));
export type Finding = z.infer<typeof findings>[number];

interface Question {
  readonly probe: string;
  readonly expected: string;
  ask(): Promise<string> | string;
}

const waitAsync = (words: Int32Array, index: number, value: number, timeout: number) =>
  (Atomics as unknown as {
    waitAsync(w: Int32Array, i: number, v: number, t: number): { value: Promise<string> | string };
  }).waitAsync(words, index, value, timeout).value;

const questions: readonly Question[] = [
  {
    probe: "a SharedArrayBuffer is shared with a worker",
    expected: "42",
    ask: () => inWorker("store", (words) => `${Atomics.load(words, 1)}`),
  },
  {
    probe: "Atomics.wait on the main thread while a worker starts",
    expected: "ok",
    ask: () => inWorker("notify", (_, woken) => woken),
  },
  {
    probe: "Atomics.waitAsync is woken by another thread",
    expected: "ok",
    async ask() {
      const words = shared();
      const woken = waitAsync(words, 0, 0, 10_000);
      const worker = start("notify", words);
      const result = await woken;
      await worker.terminate();
      return result;
    },
  },
  {
    probe: "Atomics.waitAsync of 5 ms times out, and not early",
    expected: "timed-out",
    async ask() {
      const begun = performance.now();
      const result = await waitAsync(shared(), 0, 0, 5);
      const took = performance.now() - begun;
      return took < 5 ? `${result} after ${took.toFixed(2)} ms` : result;
    },
  },
  {
    probe: "counters wrap at 2^31 in an Int32Array",
    expected: "-2147483648",
    ask() {
      const words = shared();
      Atomics.store(words, 0, 2 ** 31 - 1);
      Atomics.add(words, 0, 1);
      return `${Atomics.load(words, 0)}`;
    },
  },
  {
    probe: "compareExchange answers with the value before",
    expected: "0, then 7",
    ask() {
      const words = shared();
      const before = Atomics.compareExchange(words, 0, 0, 7);
      return `${before}, then ${Atomics.compareExchange(words, 0, 0, 9)}`;
    },
  },
  {
    probe: "structuredClone keeps a SharedArrayBuffer shared",
    expected: "1",
    ask() {
      const words = shared();
      const copy = new Int32Array(structuredClone({ at: words.buffer }).at);
      Atomics.store(words, 0, 1);
      return `${Atomics.load(copy, 0)}`;
    },
  },
];

const shared = () => new Int32Array(new SharedArrayBuffer(64));

function start(act: "store" | "notify", words: Int32Array): Worker {
  return new Worker(new URL(import.meta.url), { workerData: { act, words } });
}

/** Blocks until the worker has acted, then asks for what is there. */
async function inWorker(
  act: "store" | "notify",
  found: (words: Int32Array, woken: string) => string,
): Promise<string> {
  const words = shared();
  const worker = start(act, words);
  const woken = Atomics.wait(words, 0, 0, 10_000);
  const answer = found(words, woken);
  await worker.terminate();
  return answer;
}

async function asked({ probe, expected, ask }: Question): Promise<Finding> {
  let found: string;
  // Some engines let a program end while it waits for waitAsync; a timer keeps this one alive.
  const alive = setInterval(() => {}, 1000);
  try {
    found = await ask();
  } catch (error) {
    found = String(error);
  }
  clearInterval(alive);
  return { probe, expected, found, ok: found === expected };
}

if (!isMainThread && workerData?.act) {
  const { act, words } = workerData as { act: "store" | "notify"; words: Int32Array };
  if (act === "store") Atomics.store(words, 1, 42);
  Atomics.store(words, 0, 1);
  Atomics.notify(words, 0);
  parentPort!.close();
} else if (isMainThread && process.argv[2] === "ask") {
  const found: Finding[] = [];
  for (const question of questions) found.push(await asked(question));
  say(`${MARK}${JSON.stringify(found)}`);
  process.exit(0);
}
