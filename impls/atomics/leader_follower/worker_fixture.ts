// The other threads of network_test.ts: each takes up one end of a network and does one job on it.
import { once } from "node:events";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import type { Follower } from "./follower.ts";
import type { Leader } from "./leader.ts";
import { attachNetwork, type NetworkHandle } from "./network.ts";

/** Publishes `values` numbers from `first` on until it has, or until the network is closed. */
export interface LeadJob {
  readonly do: "lead";
  readonly handle: NetworkHandle;
  readonly slots: Int32Array;
  readonly first: number;
  readonly values: number;
  readonly batch: number;
  /** Each batch is committed in three parts, the last one first. */
  readonly shuffle: boolean;
}

/** Checks each number by `reads`, and passes the sum of them and `add` on in `writes`. */
export interface FollowJob {
  readonly do: "follow";
  readonly handle: NetworkHandle;
  readonly name: string;
  readonly batch: number;
  readonly reads: readonly Int32Array[];
  readonly writes: Int32Array;
  readonly add: number;
}

export interface Outcome {
  /** Numbers published or followed. */
  readonly count: number;
  /** The first index that came out of turn, or -1. */
  readonly fault: number;
}

/** Resolves once the thread has its end; `outcome` does when its job is done. */
export async function start(
  job: LeadJob | FollowJob,
): Promise<{ go(): void; outcome: Promise<Outcome> }> {
  const worker = new Worker(new URL(import.meta.url), { workerData: job });
  await once(worker, "message");
  const outcome = once(worker, "message").then(async ([outcome]) => {
    await worker.terminate();
    return outcome as Outcome;
  });
  return { go: () => worker.postMessage("go"), outcome };
}

if (!isMainThread) await work(workerData as LeadJob | FollowJob);

async function work(job: LeadJob | FollowJob): Promise<void> {
  const network = attachNetwork(job.handle);
  const ready = async () => {
    const going = once(parentPort!, "message");
    parentPort!.postMessage("ready");
    await going;
  };
  let outcome: Outcome;
  if (job.do === "lead") {
    const leader = network.leader();
    await ready();
    outcome = lead(leader, job);
  } else {
    const follower = network.follower(job.name);
    await ready();
    outcome = follow(follower, job);
  }
  parentPort!.postMessage(outcome);
}

function lead(
  leader: Leader,
  { slots, first, values, batch, shuffle }: LeadJob,
): Outcome {
  let count = 0;
  const commit = (lower: number, upper: number) => {
    leader.commit(lower, upper);
    count += upper - lower;
  };
  try {
    for (let next = first; next < first + values; next += batch) {
      const lower = leader.reserve(batch), upper = lower + batch;
      for (let i = 0; i < batch; i++) slots[(lower + i) & leader.mask] = next + i;
      if (shuffle) {
        const middle = lower + (batch >> 1);
        commit(middle, upper);
        commit(lower + 1, middle);
        commit(lower, lower + 1);
      } else commit(lower, upper);
    }
  } catch (error) {
    if ((error as { code?: unknown }).code !== "RING_CLOSED") throw error;
  }
  return { count, fault: -1 };
}

function follow(
  follower: Follower,
  { batch, reads, writes, add }: FollowJob,
): Outcome {
  let expected = 0, fault = -1;
  for (;;) {
    const size = Math.max(1, follower.available(batch));
    const lower = follower.reserve(size);
    if (lower < 0) return { count: expected, fault };
    if (lower !== expected && fault < 0) fault = lower;
    expected = lower + size;
    for (let index = lower; index < lower + size; index++) {
      let sum = add;
      for (const array of reads) sum += array[index & follower.mask]!;
      writes[index & follower.mask] = sum;
    }
    follower.commit(lower, lower + size);
  }
}
