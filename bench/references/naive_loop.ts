/**
 * What one writes first: a loop that asks for the other side's cursor and stores its own for every
 * single item. JavaScript's Atomics.store is sequentially consistent, on x86 a locked instruction.
 */
import type { Follow, Lead } from "../cases/case.ts";
import { direct } from "../cell/direct.ts";
import { CAPACITY } from "../cell/ring.ts";
import { Mismatch } from "../harness/numbering.ts";
import { Spin } from "../harness/spin.ts";
import { joinLanes, type Lane, MASK, openLanes, READ, WRITTEN } from "./lane.ts";

export const naiveLoop = direct<Lane[]>({
  name: "naive_loop",
  family: "atomics",
  kind: "reference",
  summary: "a loop that loads and stores a cursor for every item",
  open: openLanes,
  join: joinLanes,
  loops: {
    throughput: {
      batches: [1],
      lead: ([lane]) => receiver(lane!),
      follow: ([lane]) => sender(lane!),
    },
  },
});

function sender({ words, slots }: Lane): Follow {
  return {
    grain: 1,
    run(first, count) {
      const spin = new Spin();
      let sum = 0;
      for (let i = 0; i < count; i++) {
        const item = (first + i) | 0;
        while (((item - Atomics.load(words, READ)) | 0) === CAPACITY) spin.idle(i);
        slots[item & MASK] = item;
        Atomics.store(words, WRITTEN, item + 1);
        sum = (sum + item) | 0;
      }
      return sum;
    },
  };
}

function receiver({ words, slots }: Lane): Lead {
  return {
    grain: 1,
    run(first, count) {
      const spin = new Spin();
      let sum = 0;
      for (let i = 0; i < count; i++) {
        const expected = (first + i) | 0;
        while (Atomics.load(words, WRITTEN) === expected) spin.idle(i);
        const item = slots[expected & MASK]!;
        if (item !== expected) {
          throw new Mismatch(`item ${expected >>> 0} should hold ${expected}, holds ${item}`);
        }
        Atomics.store(words, READ, item + 1);
        sum = (sum + item) | 0;
      }
      return sum;
    },
  };
}
