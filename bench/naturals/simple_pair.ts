/**
 * The leader and the follower by indices: numbers are written and read in place, in slots of the
 * caller's own, so that nothing is copied.
 */
import type { Follow, Lead, Pass } from "../cases/case.ts";
import { direct } from "../cell/direct.ts";
import { CAPACITY } from "../cell/ring.ts";
import { Mismatch } from "../harness/numbering.ts";
import { Spin } from "../harness/spin.ts";

const load = () => import("ringproof/simple_pair");
type Pair = ReturnType<Awaited<ReturnType<typeof load>>["SimplePair"]>;

interface At {
  readonly handle: Pair["handle"];
  readonly slots: Int32Array;
}

interface Joined {
  readonly pair: Pair;
  readonly slots: Int32Array;
}

export const simplePair = direct<Joined>({
  name: "simple_pair",
  of: "leader_follower",
  family: "atomics",
  kind: "ring",
  summary: "leader_follower by the indices of a SimplePair, in slots of the caller's own",
  async open() {
    const { SimplePair } = await load();
    const slots = new Int32Array(new SharedArrayBuffer(4 * CAPACITY));
    const at: At = { handle: SimplePair(CAPACITY).handle, slots };
    return { lead: { at }, follow: { at } };
  },
  async join(at) {
    const { handle, slots } = at as At;
    const { attachSimplePair } = await load();
    return { pair: attachSimplePair(handle), slots };
  },
  loops: {
    throughput: {
      lead: (joined, { batch = 1 }) => receiver(joined, Number(batch)),
      follow: (joined, { batch = 1 }) => sender(joined, Number(batch)),
    },
    memory: { solo: pass },
  },
});

function sender({ pair: { leader, mask }, slots }: Joined, batch: number): Follow {
  return {
    grain: batch,
    run(first, count) {
      const spin = new Spin();
      let sum = 0;
      for (let done = 0; done < count; done += batch) {
        let lower = leader.tryReserve(batch);
        for (; lower < 0; lower = leader.tryReserve(batch)) spin.idle(done);
        sum = (sum + fillInPlace(slots, mask, lower, batch, first + done)) | 0;
        leader.commit(lower, lower + batch);
      }
      return sum;
    },
  };
}

function receiver({ pair: { follower, mask }, slots }: Joined, batch: number): Lead {
  return {
    grain: batch,
    run(first, count) {
      const spin = new Spin();
      let sum = 0;
      for (let done = 0; done < count; done += batch) {
        let lower = follower.tryReserve(batch);
        for (; lower < 0; lower = follower.tryReserve(batch)) spin.idle(done);
        sum = (sum + checkInPlace(slots, mask, lower, batch, first + done)) | 0;
        follower.commit(lower, lower + batch);
      }
      return sum;
    },
    rest() {
      if (follower.available(1) > 0) throw new Mismatch("more items came than were sent");
    },
  };
}

function pass({ pair: { leader, follower, mask }, slots }: Joined): Pass {
  let first = 0;
  return {
    items: CAPACITY,
    run() {
      for (let i = 0; i < CAPACITY; i++) {
        const index = leader.tryReserve();
        if (index < 0) throw new Mismatch(`full with ${i} items`);
        fillInPlace(slots, mask, index, 1, first + i);
        leader.commit(index);
      }
      for (let i = 0; i < CAPACITY; i++) {
        const index = follower.tryReserve();
        if (index < 0) throw new Mismatch(`empty after ${i} items`);
        checkInPlace(slots, mask, index, 1, first + i);
        follower.commit(index);
      }
      first = (first + CAPACITY) | 0;
    },
  };
}

/** Numbers the slots of `count` indices from `lower` on, and returns the sum (int32). */
function fillInPlace(
  slots: Int32Array,
  mask: number,
  lower: number,
  count: number,
  first: number,
): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const item = (first + i) | 0;
    slots[(lower + i) & mask] = item;
    sum = (sum + item) | 0;
  }
  return sum;
}

function checkInPlace(
  slots: Int32Array,
  mask: number,
  lower: number,
  count: number,
  first: number,
): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const item = slots[(lower + i) & mask]!, expected = (first + i) | 0;
    if (item !== expected) {
      throw new Mismatch(`item ${expected >>> 0} should hold ${expected}, holds ${item}`);
    }
    sum = (sum + item) | 0;
  }
  return sum;
}
