/**
 * A ring whose readers each get every item, as leader_follower.ts, of many publishers on as many
 * threads: each claims a range of slots by one compare-and-exchange, all of it or what is free, and
 * commits it by another, in whatever order. Readers see the claims in their order, as far as all are
 * committed. (Source: the LMAX Disruptor, Thompson et al. 2011; how commits are seen: stamps.ts.)
 */
import type { Adapter, Capabilities, Handle, OpenOptions } from "../contract.ts";
import type { Layout, SharedMemory } from "../shared/layout.ts";
import {
  type Design,
  sharedAdapter,
  SharedRing,
  workerCapabilities,
} from "../shared/shared_ring.ts";
import { joinMany, StampBarrier } from "./leader_follower/stamp_barrier.ts";
import { checkCapacity } from "./cursor.ts";
import { LeaderFollowerReader, LeaderFollowerWriter } from "./leader_follower/ends.ts";
import { ManyPublishers } from "./leader_follower/many_publishers.ts";
import {
  beginMany,
  close,
  HEADER_WORDS,
  sequencesIn,
  STAMP_BYTES,
} from "./leader_follower/sequences.ts";

const layout: Layout = {
  kind: "LFM1",
  headerWords: HEADER_WORDS,
  elementBytes: 4,
  stampBytes: STAMP_BYTES,
};

const capabilities: Capabilities = {
  ...workerCapabilities,
  producers: "many",
  consumers: "many",
  delivery: "broadcast",
  progress: "lock-free",
  atomicBatch: true,
  reserve: true,
  stages: true,
};

const design: Design<LeaderFollowerWriter, LeaderFollowerReader> = {
  name: "leader_follower_many",
  family: "atomics",
  capabilities,
  layout,
  begin: ({ words }, start) => beginMany(words, start),
  writer(memory) {
    return new LeaderFollowerWriter(memory, new ManyPublishers(sequencesOf(memory)));
  },
  reader(memory, after) {
    const sequences = sequencesOf(memory), { gates } = sequences;
    for (const id of after) gates.find(id, "open a reader");
    const before = after.length === 0 ? undefined : gates.before(after);
    const barrier = new StampBarrier(sequences, joinMany(sequences), before);
    return new LeaderFollowerReader(memory, barrier);
  },
  close: (memory) => close(sequencesOf(memory)),
};

const sequencesOf = (memory: SharedMemory) => sequencesIn(memory, STAMP_BYTES);

export type LeaderFollowerManyRing = SharedRing<LeaderFollowerWriter, LeaderFollowerReader>;

export const adapter: Adapter<number> = {
  ...sharedAdapter(design),
  open: (options) => Promise.try(() => openLeaderFollowerMany(options)),
};

/**
 * A new ring; `capacity` a power of two, 2^28 at most. It takes 4 bytes an item beside the items.
 *
 * @example Three workers that publish, and a reader that gets the items of all
 * ```ts
 * import { isMainThread, Worker, workerData } from "node:worker_threads";
 * import { assertEquals } from "@std/assert";
 * import { attachLeaderFollowerMany, openLeaderFollowerMany } from "ringproof/leader_follower_many";
 *
 * if (isMainThread) {
 *   const ring = openLeaderFollowerMany({ capacity: 64 });
 *   const reader = await ring.reader();
 *   for (const first of [1, 1001, 2001]) {
 *     new Worker(new URL(import.meta.url), { workerData: { handle: ring.handle, first } });
 *   }
 *   const items = new Int32Array(16);
 *   let got = 0, sum = 0;
 *   while (got < 3000) {
 *     const count = await reader.read(items);
 *     for (const item of items.subarray(0, count)) sum += item;
 *     got += count;
 *   }
 *   assertEquals(sum, 4501500);
 * } else {
 *   const { handle, first } = workerData;
 *   const writer = await attachLeaderFollowerMany(handle).writer();
 *   const items = Int32Array.from({ length: 1000 }, (_, i) => first + i);
 *   await writer.write(items);
 * }
 * ```
 */
export function openLeaderFollowerMany(options: OpenOptions): LeaderFollowerManyRing {
  checkCapacity(options);
  return SharedRing.open(design, options);
}

/** The ring in the memory of a handle that came from another thread. */
export const attachLeaderFollowerMany = (handle: Handle): LeaderFollowerManyRing =>
  SharedRing.attach(design, handle);
