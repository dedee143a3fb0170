/**
 * The loop that a ring between two threads would be if it were written for one program alone:
 * Lamport's ring with cached cursors, inlined by hand, published once a batch. It does the same job,
 * moving a batch from the sender's array to the receiver's, so that what a ring costs more is what
 * its contract costs.
 */
import type { Follow, Lead } from "../cases/case.ts";
import { direct } from "../cell/direct.ts";
import { CAPACITY } from "../cell/ring.ts";
import { check, fill, Mismatch } from "../harness/numbering.ts";
import { RoundTrips } from "../harness/round_trips.ts";
import { Spin, STALL_MS } from "../harness/spin.ts";
import { joinLanes, type Lane, MASK, openLanes, READ, WRITTEN } from "./lane.ts";

export const bareLoop = direct<Lane[]>({
  name: "bare_loop",
  family: "atomics",
  kind: "reference",
  summary: "a ring's loop inlined by hand, with no contract around it",
  open: openLanes,
  join: joinLanes,
  loops: {
    throughput: {
      lead: ([lane], { batch = 1 }) => receiver(lane!, Number(batch)),
      follow: ([lane], { batch = 1 }) => sender(lane!, Number(batch)),
    },
    latency: {
      lead: ([incoming, outgoing]) => pinger(incoming!, outgoing!, spinning),
      follow: ([outgoing, incoming]) => echoer(incoming!, outgoing!, spinning),
    },
    wakeup: {
      lead: ([incoming, outgoing]) => pinger(incoming!, outgoing!, sleeping),
      follow: ([outgoing, incoming]) => echoer(incoming!, outgoing!, sleeping),
    },
  },
});

function sender({ words, slots }: Lane, batch: number): Follow {
  const items = new Int32Array(batch);
  return {
    grain: batch,
    run(first, count) {
      const spin = new Spin();
      const end = (first + count) | 0;
      let written = first, read = Atomics.load(words, READ), sum = 0;
      while (written !== end) {
        while (((written + batch - read) | 0) > CAPACITY) {
          read = Atomics.load(words, READ);
          if (((written + batch - read) | 0) > CAPACITY) spin.idle(written);
        }
        sum = (sum + fill(items, written, -1)) | 0;
        for (let i = 0; i < batch; i++) slots[(written + i) & MASK] = items[i]!;
        written = (written + batch) | 0;
        Atomics.store(words, WRITTEN, written);
      }
      return sum;
    },
  };
}

function receiver({ words, slots }: Lane, batch: number): Lead {
  const items = new Int32Array(batch);
  return {
    grain: batch,
    run(first, count) {
      const spin = new Spin();
      const end = (first + count) | 0;
      let written = first, read = first, sum = 0;
      while (read !== end) {
        while (read === written) {
          written = Atomics.load(words, WRITTEN);
          if (read === written) spin.idle(read);
        }
        const there = Math.min((written - read) | 0, batch);
        for (let i = 0; i < there; i++) items[i] = slots[(read + i) & MASK]!;
        sum = (sum + check(items, there, read, -1)) | 0;
        read = (read + there) | 0;
        Atomics.store(words, READ, read);
      }
      return sum;
    },
  };
}

/** How one side waits for the other to write, and how it tells that it has written. */
interface Ways {
  /** Until the lane's cursor is no longer `item`. */
  await(lane: Lane, item: number, spin: Spin): void;
  publish(lane: Lane, cursor: number): void;
}

const spinning: Ways = {
  await({ words }, item, spin) {
    while (Atomics.load(words, WRITTEN) === item) spin.idle(item);
  },
  publish({ words }, cursor) {
    Atomics.store(words, WRITTEN, cursor);
  },
};

const sleeping: Ways = {
  await({ words }, item) {
    while (Atomics.load(words, WRITTEN) === item) {
      if (Atomics.wait(words, WRITTEN, item, STALL_MS) === "timed-out") {
        throw new Mismatch(`nothing came after item ${item} for ${STALL_MS} ms`);
      }
    }
  },
  publish({ words }, cursor) {
    Atomics.store(words, WRITTEN, cursor);
    Atomics.notify(words, WRITTEN);
  },
};

function pinger(incoming: Lane, outgoing: Lane, { await: come, publish }: Ways): Lead {
  const trips = new RoundTrips();
  return {
    grain: 1,
    score: () => trips.score(),
    run(first, count) {
      const spin = new Spin();
      let sum = 0;
      trips.reset();
      for (let i = 0; i < count; i++) {
        const item = (first + i) | 0;
        const start = performance.now();
        outgoing.slots[item & MASK] = item;
        publish(outgoing, (item + 1) | 0);
        come(incoming, item, spin);
        const echo = incoming.slots[item & MASK]!;
        Atomics.store(incoming.words, READ, item + 1);
        trips.record(performance.now() - start);
        if (echo !== item) throw new Mismatch(`sent ${item}, the echo is ${echo}`);
        sum = (sum + echo) | 0;
      }
      return sum;
    },
  };
}

function echoer(incoming: Lane, outgoing: Lane, { await: come, publish }: Ways): Follow {
  return {
    grain: 1,
    run(first, count) {
      const spin = new Spin();
      let sum = 0;
      for (let i = 0; i < count; i++) {
        const item = (first + i) | 0;
        come(incoming, item, spin);
        const got = incoming.slots[item & MASK]!;
        Atomics.store(incoming.words, READ, item + 1);
        sum = (sum + got) | 0;
        outgoing.slots[item & MASK] = got;
        publish(outgoing, (item + 1) | 0);
      }
      return sum;
    },
  };
}
