/** Faults of the ring for many producers and many consumers. */
import type { Mutant } from "./mutant.ts";

const mpmc = { adapter: "mpmc", module: "impls/atomics/mpmc.ts" } as const;
const side = { ...mpmc, file: "impls/atomics/mpmc/side.ts" } as const;

/** A claim that another can come between, with some time for it. */
const claimed = {
  find: "return Atomics.compareExchange(this.#words, this.#claimed, claimed, next);",
  replace: "const found = Atomics.load(this.#words, this.#claimed);\n" +
    "    for (let i = 0; i < 2000; i++) Atomics.load(this.#words, this.#claimed);\n" +
    "    if (found === claimed) Atomics.store(this.#words, this.#claimed, next);\n" +
    "    return found;",
} as const;

export const mpmcMutants: readonly Mutant[] = [
  {
    ...side,
    ...claimed,
    name: "two writers claim one slot: a load and a store for a compare-and-exchange",
    rule: "MPR1",
    fault: 19,
  },
  {
    ...side,
    ...claimed,
    name: "two readers claim one item: a load and a store for a compare-and-exchange",
    rule: "MCO1",
    fault: 18,
  },
  {
    ...side,
    name: "a claim by a load and a store, without time between them",
    rule: "OWN3",
    fault: 19,
    find: claimed.find,
    replace: "const found = Atomics.load(this.#words, this.#claimed);\n" +
      "    if (found === claimed) Atomics.store(this.#words, this.#claimed, next);\n" +
      "    return found;",
  },
  {
    ...side,
    name: "what stands at a slot counts as its stamp, whatever its lap",
    rule: "OWN3",
    fault: 17,
    find: "this.#slotOf(cursor));\n      if (!this.#isOf(stamp, cursor)) return;",
    replace: "this.#slotOf(cursor));",
  },
  {
    ...side,
    name: "a commit skips those before it that are in flight",
    rule: "OWN3",
    find: "      if ((committed & ~FLAGS) !== cursor) return false;\n",
    replace: "",
  },
  {
    ...side,
    name: "a stamp of a longer range counts for one item",
    rule: "BLK9",
    find: "((stamp >>> LENGTH_SHIFT) & (this.#capacity - 1)) + 1",
    replace: "1",
  },
  {
    ...side,
    name: "a commit wakes nobody",
    rule: "BLK5",
    find: "    if (committed & WAITING) this.commits.wake();\n",
    replace: "",
  },
  {
    ...side,
    name: "cursors are compared with their sign",
    rule: "WRP2",
    fault: 6,
    find: "return ((to - from) | 0) >>> ITEM_SHIFT;",
    replace: "return (to >> ITEM_SHIFT) - (from >> ITEM_SHIFT);",
  },
  {
    ...mpmc,
    name: "one slot is never filled",
    rule: "CAP1",
    fault: 1,
    find: "const count = free < wanted ? free : wanted;",
    replace: "const count = Math.min(free - 1, wanted);",
  },
  {
    ...mpmc,
    name: "one item too many fits",
    rule: "CAP1",
    fault: 2,
    find: "const count = free < wanted ? free : wanted;",
    replace: "const count = Math.min(free + 1, wanted);",
  },
  {
    ...mpmc,
    name: "the second part of a wrapped batch is the first again",
    rule: "BAT2",
    fault: 7,
    file: "impls/shared/copy.ts",
    find: "this.copy(into, to + first, 0, count - first);",
    replace: "this.copy(into, to, 0, count - first);",
  },
  {
    ...mpmc,
    name: "slots are published before they are filled",
    rule: "OWN3",
    fault: 9,
    find: "    this.#copyIn(items, from * this.width, count * this.width);\n" +
      "    this.#publish(count);\n",
    replace: "    this.#publish(count);\n" +
      "    this.#copyIn(items, from * this.width, count * this.width);\n",
  },
  {
    ...mpmc,
    name: "a range is freed before it is read",
    rule: "OWN3",
    fault: 11,
    find: "    this.#copyOut(into, from * this.width, count * this.width);\n" +
      "    this.#free(count);\n",
    replace: "    this.#free(count);\n" +
      "    this.#copyOut(into, from * this.width, count * this.width);\n",
  },
  {
    ...mpmc,
    name: "a partial batch answers with what was offered",
    rule: "BAT1",
    fault: 36,
    find: "    this.#publish(count);\n    return count;",
    replace: "    this.#publish(count);\n    return offered;",
  },
  {
    ...mpmc,
    name: "close() wakes no reader",
    rule: "CLS3",
    find: "    writersOf(memory).commits.wake();\n",
    replace: "",
  },
  {
    ...mpmc,
    name: "the end is never told",
    rule: "CLS2",
    find: "    const end = claimed & ~FLAGS;\n",
    replace: "    const end = claimed;\n",
  },
];
