/** Faults that only a history of several threads shows: each call alone looks right. */
import type { Mutant } from "./mutant.ts";

const spsc = { adapter: "spsc", module: "impls/atomics/spsc.ts" } as const;
const mpmc = { adapter: "mpmc", module: "impls/atomics/mpmc.ts" } as const;
const futex = { adapter: "futex_ring", module: "impls/locking/futex_ring.ts" } as const;

export const historyMutants: readonly Mutant[] = [
  {
    ...spsc,
    name: "the reader's cursor is looked up at every other try",
    rule: "FUL4",
    find: "    if (free < wanted) {\n",
    replace: "    if (free < wanted && (this.looks = (this.looks ?? 0) + 1) % 2 > 0) {\n",
  },
  {
    ...futex,
    name: "under the lock the readers' cursor is looked up at every other try",
    rule: "FUL4",
    find: "    if (free < offered) {\n",
    replace: "    if (free < offered && (this.looks = (this.looks ?? 0) + 1) % 2 > 0) {\n",
  },
  {
    ...mpmc,
    name: "full, since a reader in flight hides the slots that others have freed",
    rule: "FUL4",
    find: "        if (wanted === 0 || this.#full() || !this.#patience.last(looks++)) return 0;\n",
    replace: "        return 0;\n",
  },
  {
    ...mpmc,
    name: "empty, since a writer in flight hides the items that others have written",
    rule: "EMP2",
    find:
      "        if (wanted === 0 || this.#empty(cursor) || !this.#patience.last(looks++)) return 0;\n",
    replace: "        return 0;\n",
  },
  {
    ...mpmc,
    name: "a stamp has no lap, so that one from the lap before commits what is in flight",
    rule: "FIF2",
    fault: 17,
    file: "impls/atomics/mpmc/side.ts",
    find: "this.#slotOf(cursor));\n      if (!this.#isOf(stamp, cursor)) return;",
    replace: "this.#slotOf(cursor));",
  },
];
