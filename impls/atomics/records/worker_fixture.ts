// The other thread of records_test.ts: writes records of many lengths, whose bytes follow from their
// number, in batches.
import { once } from "node:events";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import type { Handle } from "../../contract.ts";
import { attachRecords } from "../records.ts";

/** Lengths from 0 to `longest`, most of them short; the bytes are the number's and their index's. */
export function recordOf(number: number, longest: number): Uint8Array {
  const length = number % 5 === 0 ? (number * 7919) % (longest + 1) : number % 14;
  return Uint8Array.from({ length: Math.min(length, longest) }, (_, i) => number + 3 * i);
}

/** A worker that writes `count` records and closes the ring. Resolves once it is there. */
export async function produce(handle: Handle, count: number): Promise<{ go(): void }> {
  const worker = new Worker(new URL(import.meta.url), { workerData: { records: handle, count } });
  await once(worker, "message");
  return { go: () => worker.postMessage("go") };
}

async function work(handle: Handle, count: number): Promise<void> {
  const ring = attachRecords(handle);
  const writer = await ring.writer();
  const go = once(parentPort!, "message");
  parentPort!.postMessage("ready");
  await go;
  for (let next = 0, size = 1; next < count; size = size % 7 + 1) {
    const some = Array.from(
      { length: Math.min(size, count - next) },
      (_, i) => recordOf(next + i, writer.longest),
    );
    next += writer.writeSync(some);
  }
  await ring.close();
}

const job = isMainThread
  ? undefined
  : workerData as { records?: Handle; count: number } | undefined;
if (job?.records) await work(job.records, job.count);
