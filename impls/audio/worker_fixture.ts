// The other thread, and the other process, of clock_test.ts.
import process from "node:process";
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import type { Handle } from "../contract.ts";
import { adapter as capture } from "./capture.ts";

/** What a worker is asked to do. */
export type Task =
  /** Reads with readSync() until the ring is done; answers with all it got, and its statistics. */
  | { readonly do: "read"; readonly handle: Handle }
  /** Makes callbacks of the frames 0, 1, … of these counts. */
  | { readonly do: "cycle"; readonly handle: Handle; readonly counts: readonly number[] }
  /** Opens a ring with a running clock, answers with its handle and stays. */
  | { readonly do: "open"; readonly uri: string };

if (isMainThread) {
  console.log(await capture.unavailable() ?? "available");
  await capture.open({ capacity: 64, uri: "clock:?rate=768000&period=16" });
  process.exit(0); // while the clock ticks
} else {
  const task = workerData as Task;
  if (task.do === "read") await read(task.handle);
  else if (task.do === "cycle") await cycle(task.handle, task.counts);
  else await open(task.uri);
}

async function read(handle: Handle): Promise<void> {
  await using ring = await capture.attach(handle);
  const reader = await ring.reader();
  const values: number[] = [], into = new Float32Array(256);
  while (!reader.done) {
    const count = reader.readSync!(into);
    values.push(...into.subarray(0, count));
  }
  parentPort!.postMessage({ values, stats: reader.stats() });
}

async function cycle(handle: Handle, counts: readonly number[]): Promise<void> {
  await using ring = await capture.attach(handle);
  let frame = 0;
  for (const count of counts) {
    ring.device!.cycle(Float32Array.from({ length: count }, () => frame++), undefined);
  }
  parentPort!.postMessage("cycled");
}

async function open(uri: string): Promise<void> {
  const ring = await capture.open({ capacity: 64, uri });
  parentPort!.postMessage(ring.handle);
  setInterval(() => {}, 1000);
}
