// The other threads of overwrite_test.ts and broadcast_lossy_test.ts. Items are 4 elements wide: a
// number, and three that follow from it.
import { once } from "node:events";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import type { Handle, Stats } from "../../contract.ts";
import { attachBroadcastLossy } from "../broadcast_lossy.ts";
import { attachOverwrite } from "../overwrite.ts";
import type { OverwritingWriter } from "./writer.ts";

const WIDTH = 4;

export interface Heard extends Stats {
  /** What no reader may see: torn items, gaps within a batch, items that come again. */
  readonly faults: readonly string[];
}

interface Ear {
  /** What has come until the ring was done. */
  readonly heard: Promise<Heard>;
}

/** A worker that has joined the ring and listens; `pause`: turns of a loop between two reads. */
export async function listen(
  handle: Handle,
  { batch, pause = 0 }: { batch: number; pause?: number },
): Promise<Ear> {
  const worker = new Worker(new URL(import.meta.url), { workerData: { handle, batch, pause } });
  await once(worker, "message");
  return { heard: once(worker, "message").then(([heard]) => heard as Heard) };
}

/** Writes the numbers from 0 on as fast as it can; how many it has written. */
export function speak(
  writer: OverwritingWriter,
  { items, batch }: { items: number; batch: number },
): number {
  const buffer = new Int32Array(batch * WIDTH);
  let next = 0;
  while (next < items) {
    for (let i = 0; i < batch; i++, next++) {
      for (let element = 0; element < WIDTH; element++) {
        buffer[i * WIDTH + element] = of(next, element);
      }
    }
    writer.tryWrite(buffer);
  }
  return next;
}

const of = (number: number, element: number) => number + Math.imul(element, 0x3a5f0c1);

async function hear(): Promise<void> {
  const { handle, batch, pause } = workerData as { handle: Handle; batch: number; pause: number };
  const attach = handle.adapter === "overwrite" ? attachOverwrite : attachBroadcastLossy;
  const reader = await attach(handle).reader();
  parentPort!.postMessage("joined");
  const faults: string[] = [];
  const into = new Int32Array(batch * WIDTH);
  let next = 0;
  for (let count = reader.readSync(into); count > 0; count = reader.readSync(into)) {
    const first = into[0]!;
    if (first < next) faults.push(`${first} came after ${next - 1}`);
    next = first + count;
    for (let i = 0; i < count * WIDTH; i++) {
      const due = of(first + Math.floor(i / WIDTH), i % WIDTH) | 0;
      if (into[i] !== due) faults.push(`${into[i]} in the place of ${due}`);
    }
    for (let turn = 0; turn < pause; turn++) Atomics.load(into, 0);
  }
  parentPort!.postMessage({ ...reader.stats(), faults: faults.slice(0, 3) });
}

if (!isMainThread && workerData?.handle !== undefined) await hear();
