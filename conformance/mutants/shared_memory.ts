/** Faults of rings in shared memory: the SPSC ring, and the one under a lock. */
import type { Mutant } from "./mutant.ts";

const spsc = { adapter: "spsc", module: "impls/atomics/spsc.ts" } as const;
const futexRing = { adapter: "futex_ring", module: "impls/locking/futex_ring.ts" } as const;

export const sharedMemoryMutants: readonly Mutant[] = [
  {
    ...spsc,
    name: "one slot stays empty",
    rule: "CAP1",
    find: "      free = this.#capacity - distance(written, this.#read);",
    replace: "      free = this.#capacity - 1 - distance(written, this.#read);",
  },
  {
    ...spsc,
    name: "full taken for empty",
    rule: "EMP2",
    find: "    const count = there < asked ? there : asked;",
    replace: "    const count = Math.min(there % this.#capacity, asked);",
  },
  {
    ...spsc,
    name: "a partial batch answers with all of it",
    rule: "BAT1",
    find: "    this.#written = next;\n    this.moved += count;\n    return count;",
    replace: "    this.#written = next;\n    this.moved += count;\n    return offered;",
  },
  {
    ...spsc,
    name: "the second part of a wrapped batch repeats the first",
    rule: "BAT2",
    find: "copyElements(slots, 0, items, source + first, count * width - first);",
    replace: "copyElements(slots, 0, items, source, count * width - first);",
  },
  {
    ...spsc,
    name: "signed comparison of cursors",
    rule: "WRP2",
    find: "return ((to - from) | 0) >>> ITEM_SHIFT;",
    replace: "return (to >> ITEM_SHIFT) - (from >> ITEM_SHIFT);",
  },
  {
    ...spsc,
    name: "a capacity that is no power of two is taken",
    rule: "CON2",
    file: "impls/shared/arguments.ts",
    find: `(capabilities.sizes === "any" || Number.isInteger(Math.log2(capacity)));`,
    replace: "true;",
  },
  {
    ...spsc,
    name: "a second end is let in",
    rule: "MPR2",
    file: "impls/shared/layout.ts",
    find: "if (Atomics.compareExchange(words, word, 0, 1) !== 0) {",
    replace: "if (Atomics.compareExchange(words, word, 0, 1) === 2) {",
  },
  {
    ...spsc,
    name: "attach believes any kind of memory",
    rule: "CON4",
    file: "impls/shared/layout.ts",
    find: "if (words[KIND] !== kindWord(layout)) {",
    replace: "if (false) {",
  },
  {
    ...spsc,
    name: "a publication wakes nobody",
    rule: "BLK5",
    find: "    itemsOf(this.#words).wake();\n  }",
    replace: "  }",
  },
  {
    ...spsc,
    name: "a record loses its last element at the wrap",
    rule: "OWN1",
    find: "this.#slots.copy(into, target + first, 0, count * width - first);",
    replace: "this.#slots.copy(into, target + first, 0, count * width - first - 1);",
  },
  {
    ...spsc,
    name: "no timeout is no time",
    rule: "EMP3",
    file: "impls/shared/arguments.ts",
    find: "if (timeout === undefined) return Infinity;",
    replace: "if (timeout === undefined) return 0;",
  },
  {
    ...spsc,
    name: "an offset into the batch is not kept to",
    rule: "BAT5",
    find: "    const source = from * width;",
    replace: "    const source = 0 * width;",
  },
  {
    ...spsc,
    name: "blocking calls that are not claimed",
    rule: "CON5",
    find: "  blocking: true,\n",
    replace: "  blocking: false,\n",
  },
  {
    ...futexRing,
    name: "a lock that locks nobody out, against writers",
    rule: "MPR1",
    file: "impls/locking/futex.ts",
    find: "  lock(words, word);\n  try {",
    replace: "  try {",
  },
  {
    ...futexRing,
    name: "a lock that locks nobody out, against readers",
    rule: "MCO1",
    file: "impls/locking/futex.ts",
    find: "  lock(words, word);\n  try {",
    replace: "  try {",
  },
  {
    ...futexRing,
    name: "the cursor does not come round",
    rule: "WRP1",
    find: "words[HEAD] = (words[HEAD]! + count) % capacity;",
    replace: "words[HEAD] = Math.min(words[HEAD]! + count, capacity - 1);",
  },
  {
    ...futexRing,
    name: "what is read is not taken out",
    rule: "FIF3",
    find:
      "    words[HEAD] = (words[HEAD]! + count) % capacity;\n    Atomics.store(words, LENGTH, length - count);",
    replace: "    words[HEAD] = (words[HEAD]! + count) % capacity;\n" +
      "    Atomics.store(words, LENGTH, length - (length > 40 ? count - 1 : count));",
  },
  {
    ...futexRing,
    name: "newest first",
    rule: "FIF1",
    find: "    const at = words[HEAD]! * width;",
    replace: "    const at = ((words[HEAD]! + (length > 60 ? 1 : 0)) % capacity) * width;",
  },
  {
    ...futexRing,
    name: "a read across the end leaks a slot",
    rule: "CAP2",
    find:
      "    words[HEAD] = (words[HEAD]! + count) % capacity;\n    Atomics.store(words, LENGTH, length - count);",
    replace: "    words[HEAD] = (words[HEAD]! + count) % capacity;\n" +
      "    Atomics.store(words, LENGTH, length - count + (first < count * width ? 1 : 0));",
  },
];
