// The other threads of mpmc_test.ts. Items are 3 elements wide: which writer, its how manyeth, and
// the sum of both; so a torn item shows.
import { once } from "node:events";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import type { Handle } from "../../contract.ts";
import { attachMpmc } from "../mpmc.ts";

export const WIDTH = 3;

export interface Job {
  readonly role: "write" | "read";
  readonly handle: Handle;
  /** Which writer it is, and what it writes. */
  readonly writer?: number;
  readonly items?: number;
  /** Batches are of 1 to so many items. */
  readonly batch: number;
}

/** Runs a job in a worker: ready once it has its end, done with what it has read or 0. */
export async function begin(job: Job): Promise<{ go(): void; done: Promise<Int32Array> }> {
  const worker = new Worker(new URL(import.meta.url), { workerData: { mpmc: job } });
  await once(worker, "message");
  const done = once(worker, "message").then(([got]) => got as Int32Array);
  return { go: () => worker.postMessage("go"), done };
}

async function work({ role, handle, writer: me = 0, items = 0, batch }: Job): Promise<Int32Array> {
  const ring = attachMpmc(handle);
  const end = role === "write" ? await ring.writer() : await ring.reader();
  const go = once(parentPort!, "message");
  parentPort!.postMessage("ready");
  await go;
  if ("readSync" in end) return read(end, batch);
  for (let next = 0, size = 1; next < items; size = size % batch + 1) {
    const count = Math.min(size, items - next);
    const some = new Int32Array(count * WIDTH);
    for (let i = 0; i < count; i++) some.set([me, next + i, me + next + i], i * WIDTH);
    next += end.writeSync(some);
  }
  return new Int32Array(1).fill(end.stats().moved);
}

function read(
  end: { readSync(into: Int32Array): number },
  batch: number,
): Int32Array {
  const got: number[] = [];
  for (let size = 1;; size = size % batch + 1) {
    const into = new Int32Array(size * WIDTH);
    const count = end.readSync(into);
    if (count === 0) return Int32Array.from(got);
    for (let i = 0; i < count * WIDTH; i++) got.push(into[i]!);
  }
}

const job = isMainThread ? undefined : (workerData as { mpmc?: Job } | undefined)?.mpmc;
if (job) parentPort!.postMessage(await work(job));
