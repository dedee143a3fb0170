/**
 * A ring between one producer and one consumer on two threads, of int32 items, in which the newest
 * wins: a full ring overwrites its oldest items, and the reader counts exactly how many. The writer
 * is wait-free; the reader tries again when the writer has passed it meanwhile. It is the lossy
 * broadcast ring with one seat, in which a new reader goes on where the one before it stopped; see
 * overwriting/chunks.ts for how it works.
 *
 * The memory is 1.1 times that of the items from 4096 elements on, and at most 4 times that of fewer.
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

const capabilities: Capabilities = {
  ...workerCapabilities,
  producers: 1,
  consumers: 1,
  overflow: "overwrite",
  progress: "lock-free",
  sizes: "any",
};

const design: Design<OverwritingWriter, OverwritingReader> = overwritingDesign({
  name: "overwrite",
  kind: "OVW1",
  capabilities,
  seats: 1,
  joining: "left",
});

export type OverwriteRing = SharedRing<OverwritingWriter, OverwritingReader>;

export const adapter: Adapter<number> = sharedAdapter(design);

/**
 * A new ring; `capacity` is how many of the newest items it keeps.
 *
 * @example The newest measurement, whatever came before it
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openOverwrite } from "ringproof/overwrite";
 *
 * const ring = openOverwrite({ capacity: 10 });
 * const writer = await ring.writer();
 * const reader = await ring.reader();
 *
 * for (let celsius = 1; celsius <= 1000; celsius++) writer.push(celsius);
 * writer.flush();
 * assertEquals(reader.latest(), 1000);
 * assertEquals(reader.latest(), undefined); // none has come since
 * assertEquals(reader.stats().lost, 999);
 * ```
 *
 * @example The last words of a thread: a log of bounded size
 * ```ts
 * import { once } from "node:events";
 * import { isMainThread, Worker, workerData } from "node:worker_threads";
 * import { assertEquals } from "@std/assert";
 * import { attachOverwrite, openOverwrite } from "ringproof/overwrite";
 *
 * if (isMainThread) {
 *   const ring = openOverwrite({ capacity: 5 });
 *   await once(new Worker(new URL(import.meta.url), { workerData: ring.handle }), "exit");
 *   const reader = await ring.reader();
 *   const steps = new Int32Array(5);
 *   assertEquals(reader.tryRead(steps), 5);
 *   assertEquals([...steps], [995, 996, 997, 998, 999]);
 *   assertEquals(reader.stats().lost, 995);
 * } else {
 *   const writer = await attachOverwrite(workerData).writer();
 *   for (let step = 0; step < 1000; step++) writer.tryWrite([step]);
 * }
 * ```
 */
export const openOverwrite = (options: OpenOptions): OverwriteRing =>
  SharedRing.open(design, options);

/** The ring in the memory of a handle that came from another thread. */
export const attachOverwrite = (handle: Handle): OverwriteRing => SharedRing.attach(design, handle);
