/**
 * More than two threads on one ring, in batches of 64. What counts is the items that the lead
 * receives: all of what several producers send, or the whole stream as every reader sees it.
 *
 *   3:1       three producers, one reader
 *   1:3       one producer, three readers that each see every item
 *   pipeline  one producer, three readers one behind the other
 *   diamond   one producer, two readers, and a third behind both
 *
 * Where these threads outnumber the cores, who finds nothing to do must make room for another: they
 * wait as the ring has them wait, spinning for a moment and then asleep.
 */
import type { Reader, Writer } from "../../impls/contract.ts";
import { check, fill, Mismatch } from "../harness/numbering.ts";
import { STALL_MS } from "../harness/spin.ts";
import type { Candidate, Case, Ends, Follow, Lead, Params, Part } from "./case.ts";
import { expectNone } from "./throughput.ts";

const BATCH = 64, PRODUCERS = 3;
/** Below a producer's index, the number of its item. */
const NUMBER_BITS = 30, NUMBER = 2 ** NUMBER_BITS - 1;

const writes: Part = { writes: 0 }, reads: Part = { reads: 0 };
const shapes: Readonly<Record<string, readonly Part[]>> = {
  "3:1": [reads, writes, writes, writes],
  "1:3": [reads, writes, reads, reads],
  pipeline: [{ reads: 0, after: [3] }, writes, reads, { reads: 0, after: [2] }],
  diamond: [{ reads: 0, after: [2, 3] }, writes, reads, reads],
};

export const topology: Case = {
  name: "topology",
  summary: "items a second between several threads on one ring, in batches of 64",
  unit: "items/s",
  params: Object.keys(shapes).map((shape) => ({ shape })),
  parts: ({ shape }) => shapes[shape!]!,
  waiting: "spin-then-park",
  unfit({ capabilities, kind }, { shape }) {
    const { blocking, items, overflow, reach } = capabilities;
    if (reach !== "worker" || items !== "int32") return "it carries no words between threads";
    if (!blocking) return "its ends cannot sleep until there is something to do";
    if (kind === "peer") return "no peer has such ends";
    if (overflow !== "wait") return "what overflows is lost: no stream arrives whole";
    return unfitShape(capabilities, shape!);
  },
  lead: (ends, { shape }) => shape === "3:1" ? mergedReader(ends) : reader(ends),
  follow(ends, { shape }, part) {
    if (shape === "3:1") return producer(ends, part - 1);
    return part === 1 ? writer(ends) : reader(ends);
  },
};

function unfitShape(
  { producers, delivery, stages }: Candidate["capabilities"],
  shape: NonNullable<Params[string]>,
): string | undefined {
  if (shape === "3:1") return producers === "many" ? undefined : "it takes one producer";
  if (delivery !== "broadcast") return "its readers share the items";
  return stages || shape === "1:3" ? undefined : "its readers are not gated behind each other";
}

function writer({ outgoing }: Ends): Follow {
  const ring = outgoing!, items = new Int32Array(BATCH);
  return {
    grain: BATCH,
    run(first, count) {
      let sum = 0;
      for (let done = 0; done < count; done += BATCH) {
        sum = (sum + fill(items, first + done, -1)) | 0;
        send(ring, items);
      }
      return sum;
    },
  };
}

function reader({ incoming }: Ends): Lead {
  const ring = incoming!, items = new Int32Array(BATCH);
  return {
    grain: BATCH,
    run(first, count) {
      let sum = 0;
      for (let done = 0; done < count;) {
        const got = receive(ring, items);
        sum = (sum + check(items, got, first + done, -1)) | 0;
        done += got;
      }
      return sum;
    },
    rest: () => expectNone(ring.tryRead(items)),
  };
}

/** Sends its share of the items, numbered by itself from one run to the next. */
function producer({ outgoing }: Ends, index: number): Follow {
  const ring = outgoing!, items = new Int32Array(BATCH);
  let number = 0;
  return {
    grain: PRODUCERS * BATCH,
    run(_first, count) {
      let sum = 0;
      for (let done = 0; done < count / PRODUCERS; done += BATCH) {
        for (let i = 0; i < BATCH; i++) {
          const item = (index << NUMBER_BITS) | (number & NUMBER);
          items[i] = item;
          sum = (sum + item) | 0;
          number++;
        }
        send(ring, items);
      }
      return sum;
    },
  };
}

/** Each producer's items must come in their order; between producers there is none. */
function mergedReader({ incoming }: Ends): Lead {
  const ring = incoming!, items = new Int32Array(BATCH);
  const numbers = new Int32Array(2 ** (32 - NUMBER_BITS));
  return {
    grain: PRODUCERS * BATCH,
    run(_first, count) {
      let sum = 0;
      for (let done = 0; done < count;) {
        const got = receive(ring, items);
        for (let i = 0; i < got; i++) {
          const item = items[i]!, index = item >>> NUMBER_BITS;
          if ((item & NUMBER) !== numbers[index]) throw outOfOrder(item, numbers[index]!);
          numbers[index] = (numbers[index]! + 1) & NUMBER;
          sum = (sum + item) | 0;
        }
        done += got;
      }
      return sum;
    },
    rest: () => expectNone(ring.tryRead(items)),
  };
}

/** All of `items`; waits, where try* cannot. */
function send(ring: Writer<number>, items: Int32Array): void {
  for (let at = ring.tryWrite(items); at < items.length;) {
    const more = ring.writeSync!(items.subarray(at), STALL_MS);
    if (more === 0) throw new Mismatch(`no room for an item within ${STALL_MS} ms`);
    at += more;
  }
}

/** How many of `items` came, one at least. */
function receive(ring: Reader<number>, items: Int32Array): number {
  const got = ring.tryRead(items) || ring.readSync!(items, STALL_MS);
  if (got === 0) throw new Mismatch(`no item came within ${STALL_MS} ms`);
  return got;
}

function outOfOrder(item: number, expected: number): Mismatch {
  const index = item >>> NUMBER_BITS;
  return new Mismatch(
    `producer ${index}'s next item should be ${expected}, is ${item & NUMBER}`,
  );
}
