/** Faults that show only when a thread dies or stands still, or between two stores of one batch. */
import type { Mutant } from "./mutant.ts";

const mpmc = { adapter: "mpmc", module: "impls/atomics/mpmc.ts" } as const;
const futexRing = { adapter: "futex_ring", module: "impls/locking/futex_ring.ts" } as const;

export const deathMutants: readonly Mutant[] = [
  {
    adapter: "spsc",
    module: "impls/atomics/spsc.ts",
    name: "the first item of a batch is visible before the rest",
    rule: "BAT3",
    fault: 35,
    find: "    const next = (written + (count << ITEM_SHIFT)) | 0;\n" +
      "    this.#publish(written, next);\n    this.#pushed = this.#stop = next;\n",
    replace: "    const next = (written + (count << ITEM_SHIFT)) | 0;\n" +
      "    if (count > 1) this.#publish(written, (written + ITEM) | 0);\n" +
      "    this.#publish(this.#written, next);\n    this.#pushed = this.#stop = next;\n",
  },
  {
    ...mpmc,
    name: "a claimer that stands still is waited for",
    rule: "MPR3",
    fault: 26,
    file: "impls/atomics/mpmc/patience.ts",
    find: "    if (looks < SPINS + NAPS) {",
    replace: "    if (looks >= SPINS) {",
  },
  {
    ...mpmc,
    name: "the slot of a writer that is taken for dead is given out as it is",
    rule: "OWN5",
    find:
      "        if (wanted === 0 || this.#empty(cursor) || !this.#patience.last(looks++)) return 0;",
    replace: "        if (wanted === 0 || this.#empty(cursor)) return 0;\n" +
      "        if (!this.#patience.last(looks++)) Atomics.add(words, PUBLISHED, 1 << ITEM_SHIFT);",
  },
  {
    ...futexRing,
    name: "sleepers trust in those that have something to tell them",
    rule: "LCK3",
    find: "const itemsOf = (words: Int32Array) => new EventCount(words, ITEMS, LONGEST_SLEEP_MS);",
    replace: "const itemsOf = (words: Int32Array) => new EventCount(words, ITEMS);",
  },
  {
    ...futexRing,
    name: "a thread that died is not looked for",
    rule: "LCK3",
    file: "impls/locking/futex.ts",
    find: "    if (heldMs < SUSPICIOUS_MS) return false;\n",
    replace: "    if (heldMs >= 0) return false;\n",
  },
];
