/**
 * A ring from one producer that never waits to up to 16 consumers on any threads, of int32 items:
 * every consumer sees every item since it joined, but those that were overwritten before it came to
 * them, which it counts exactly. The writer is wait-free; a reader tries again when the writer has
 * passed it meanwhile. See overwriting/chunks.ts for how.
 *
 * The memory is 1.6 times that of the items from 4096 elements on, and at most 19 times that of
 * fewer: each seat may hold a chunk. A reader that dies keeps its seat, and nothing else of the ring.
 */
import type { Adapter, Capabilities, Handle, OpenOptions } from "../contract.ts";
import {
  type Design,
  sharedAdapter,
  SharedRing,
  workerCapabilities,
} from "../shared/shared_ring.ts";
import { overwritingDesign } from "./overwriting/design.ts";
import type { OverwritingReader } from "./overwriting/reader.ts";
import type { OverwritingWriter } from "./overwriting/writer.ts";

const READERS = 16;

const capabilities: Capabilities = {
  ...workerCapabilities,
  producers: 1,
  consumers: "many",
  delivery: "broadcast",
  overflow: "overwrite",
  progress: "lock-free",
  sizes: "any",
};

const design: Design<OverwritingWriter, OverwritingReader> = overwritingDesign({
  name: "broadcast_lossy",
  kind: "BCL1",
  capabilities,
  seats: READERS,
  joining: "next",
});

export type BroadcastLossyRing = SharedRing<OverwritingWriter, OverwritingReader>;

export const adapter: Adapter<number> = sharedAdapter(design);

/**
 * A new ring; `capacity` is what a reader may fall behind before it loses items.
 *
 * @example Two listeners on threads of their own, which know what they missed
 * ```ts
 * import { once } from "node:events";
 * import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
 * import { assertEquals } from "@std/assert";
 * import { attachBroadcastLossy, openBroadcastLossy } from "ringproof/broadcast_lossy";
 *
 * if (isMainThread) {
 *   const ring = openBroadcastLossy({ capacity: 100 });
 *   const workers = [0, 1].map(() => new Worker(new URL(import.meta.url), { workerData: ring.handle }));
 *   await Promise.all(workers.map((worker) => once(worker, "message"))); // they have joined
 *   const heard = workers.map((worker) => once(worker, "message"));
 *   const writer = await ring.writer();
 *   for (let item = 1; item <= 50_000; item++) writer.push(item);
 *   writer.flush();
 *   await ring.close();
 *   for (const [{ moved, lost, last }] of await Promise.all(heard)) {
 *     assertEquals([moved + lost, last], [50_000, 50_000]);
 *   }
 * } else {
 *   const reader = await attachBroadcastLossy(workerData).reader();
 *   parentPort!.postMessage("joined");
 *   const items = new Int32Array(64);
 *   let last = 0;
 *   for (let count = reader.readSync(items); count > 0; count = reader.readSync(items)) {
 *     last = items[count - 1]!;
 *   }
 *   parentPort!.postMessage({ ...reader.stats(), last });
 * }
 * ```
 */
export const openBroadcastLossy = (options: OpenOptions): BroadcastLossyRing =>
  SharedRing.open(design, options);

/** The ring in the memory of a handle that came from another thread. */
export const attachBroadcastLossy = (handle: Handle): BroadcastLossyRing =>
  SharedRing.attach(design, handle);
