// The other threads of broadcast_test.ts: readers of the numbers from 1 on.
import { parentPort, workerData } from "node:worker_threads";
import type { Handle } from "../contract.ts";
import { attachBroadcast, type BroadcastReader, type BroadcastRing } from "./broadcast.ts";

interface Part {
  readonly handle: Handle;
  readonly part: "stays" | "comes and goes";
}

const faults: string[] = [];
let got = 0;

const { handle, part } = workerData as Part;
const ring = attachBroadcast(handle);
const first = await ring.reader();
parentPort!.postMessage("joined");
if (part === "stays") read(first, Infinity, 1);
else await comeAndGo(ring, first);
parentPort!.postMessage({ faults, got });

/** One visit after the other, each of some items in a row. */
async function comeAndGo(ring: BroadcastRing, first: BroadcastReader): Promise<void> {
  let reader = first;
  for (let last = 0, visit = 1; !reader.done; visit++) {
    const next = read(reader, visit % 50, undefined);
    if (next !== undefined && next <= last) faults.push(`${next} came again after ${last}`);
    last = next ?? last;
    await reader[Symbol.asyncDispose]();
    reader = await ring.reader();
  }
}

/** Up to `most` items, which are to follow each other; the last one. */
function read(reader: BroadcastReader, most: number, due: number | undefined): number | undefined {
  const into = new Int32Array(3);
  let last = due === undefined ? undefined : due - 1;
  for (let seen = 0; seen < most;) {
    const count = reader.readSync(into);
    if (count === 0) break;
    for (const item of into.subarray(0, count)) {
      if (last !== undefined && item !== last + 1) faults.push(`${item} came after ${last}`);
      last = item;
    }
    seen += count;
    got += count;
  }
  return last;
}
