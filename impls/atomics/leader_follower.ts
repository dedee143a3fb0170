/**
 * A ring whose readers each get every item: one publisher leads, followers come after it, or after
 * one another. Items of int32 words, in slots that are filled and read in place.
 *
 * The publisher and each follower have a cursor in shared memory and move no other; the publisher
 * stays within one round of the slowest follower, a follower behind the publisher and behind those
 * that it is to come after. (Source: the LMAX Disruptor, Thompson et al. 2011.) The parts are in
 * leader_follower/: sequences, publishers, barriers; the gates are in gates.ts.
 */
import type { Adapter, Capabilities, Handle, OpenOptions } from "../contract.ts";
import type { Layout, SharedMemory } from "../shared/layout.ts";
import {
  type Design,
  sharedAdapter,
  SharedRing,
  workerCapabilities,
} from "../shared/shared_ring.ts";
import { CursorBarrier, joinOne } from "./leader_follower/cursor_barrier.ts";
import { checkCapacity } from "./cursor.ts";
import { LeaderFollowerReader, LeaderFollowerWriter } from "./leader_follower/ends.ts";
import { OnePublisher } from "./leader_follower/one_publisher.ts";
import {
  beginOne,
  close,
  HEADER_WORDS,
  MARK_BYTES,
  sequencesIn,
} from "./leader_follower/sequences.ts";

const layout: Layout = {
  kind: "LFO1",
  headerWords: HEADER_WORDS,
  elementBytes: 4,
  stampBytes: MARK_BYTES,
};

const capabilities: Capabilities = {
  ...workerCapabilities,
  producers: 1,
  consumers: "many",
  delivery: "broadcast",
  progress: "wait-free",
  atomicBatch: true,
  reserve: true,
  stages: true,
};

const design: Design<LeaderFollowerWriter, LeaderFollowerReader> = {
  name: "leader_follower",
  family: "atomics",
  capabilities,
  layout,
  begin: ({ words }, start) => beginOne(words, start),
  writer(memory) {
    return new LeaderFollowerWriter(memory, new OnePublisher(sequencesOf(memory)));
  },
  reader(memory, after) {
    const sequences = sequencesOf(memory), { gates } = sequences;
    for (const id of after) gates.find(id, "open a reader");
    const before = after.length === 0 ? undefined : gates.before(after);
    const barrier = new CursorBarrier(sequences, joinOne(sequences), before);
    return new LeaderFollowerReader(memory, barrier);
  },
  close: (memory) => close(sequencesOf(memory)),
};

const sequencesOf = (memory: SharedMemory) => sequencesIn(memory, MARK_BYTES);

export type LeaderFollowerRing = SharedRing<LeaderFollowerWriter, LeaderFollowerReader>;

export const adapter: Adapter<number> = {
  ...sharedAdapter(design),
  open: (options) => Promise.try(() => openLeaderFollower(options)),
};

/**
 * A new ring; `capacity` a power of two, 2^28 at most.
 *
 * @example Filled and read in place; the second reader sees what the first is done with
 * ```ts
 * import { isMainThread, Worker, workerData } from "node:worker_threads";
 * import { assertEquals } from "@std/assert";
 * import { attachLeaderFollower, openLeaderFollower } from "ringproof/leader_follower";
 *
 * if (isMainThread) {
 *   const ring = openLeaderFollower({ capacity: 256, width: 2 });
 *   const first = await ring.reader();
 *   const last = await ring.reader({ after: [first] });
 *   new Worker(new URL(import.meta.url), { workerData: ring.handle });
 *   const record = new Int32Array(2);
 *   let sum = 0;
 *   while (await first.read(record) > 0) {
 *     const seen = last.reserve(1)!;
 *     assertEquals([...seen.parts[0]], [...record]); // in the ring itself
 *     seen.commit();
 *     sum += record[1]!;
 *   }
 *   assertEquals(sum, 999000);
 * } else {
 *   const ring = attachLeaderFollower(workerData);
 *   const writer = await ring.writer();
 *   for (let number = 0; number < 1000; number++) {
 *     const claim = writer.reserve(1);
 *     if (claim) {
 *       claim.parts[0].set([number, 2 * number]);
 *       claim.commit();
 *     } else await writer.write([number, 2 * number]);
 *   }
 *   await ring.close();
 * }
 * ```
 */
export function openLeaderFollower(options: OpenOptions): LeaderFollowerRing {
  checkCapacity(options);
  return SharedRing.open(design, options);
}

/** The ring in the memory of a handle that came from another thread. */
export const attachLeaderFollower = (handle: Handle): LeaderFollowerRing =>
  SharedRing.attach(design, handle);
