/** Faults of rings that overwrite, and of broadcast rings. */
import type { Mutant } from "./mutant.ts";

const overwrite = { adapter: "overwrite", module: "impls/atomics/overwrite.ts" } as const;
const lossy = { adapter: "broadcast_lossy", module: "impls/atomics/broadcast_lossy.ts" } as const;
const broadcast = { adapter: "broadcast", module: "impls/atomics/broadcast.ts" } as const;
const batching = "impls/atomics/batching.ts";
const published = "impls/atomics/published.ts";
const chunks = "impls/atomics/overwriting/chunks.ts";
const reader = "impls/atomics/overwriting/reader.ts";

export const broadcastMutants: readonly Mutant[] = [
  {
    ...overwrite,
    name: "a chunk is filled again while it is being read",
    rule: "OWN3",
    file: chunks,
    find: "    return used;\n",
    replace: "    return 0;\n",
  },
  {
    ...overwrite,
    name: "a reader that has pinned a chunk does not look whether the writer has passed it",
    rule: "OWN3",
    fault: 41,
    file: reader,
    find: "      this.#pinNext();\n",
    replace: "      this.#pinNext();\n      return there;\n",
  },
  {
    ...overwrite,
    name: "a chunk is pinned by a plain store",
    rule: "OWN3",
    file: reader,
    find: "    Atomics.store(words, this.#pin, chunk);\n",
    replace: "    words[this.#pin] = chunk;\n",
  },
  {
    ...lossy,
    name: "a new reader is missing from those that the writer looks at",
    rule: "OWN3",
    file: chunks,
    find: "      raise(words, SEATS_USED, seat + 1);\n",
    replace: "",
  },
  {
    ...overwrite,
    name: "what is overwritten goes uncounted",
    rule: "FUL3",
    fault: 44,
    file: reader,
    find: "    this.#lost += missed;\n",
    replace: "",
  },
  {
    ...lossy,
    name: "a gap is counted as one item",
    rule: "FIF4",
    file: reader,
    find: "    this.#lost += missed;\n",
    replace: "    this.#lost++;\n",
  },
  {
    ...overwrite,
    name: "one chunk too few for the newest items",
    rule: "CAP1",
    file: chunks,
    find: "const live = Math.ceil(capacity / chunkItems) + 1;",
    replace: "const live = Math.ceil(capacity / chunkItems);",
  },
  {
    ...overwrite,
    name: "the oldest item is given up too early",
    rule: "CAP1",
    file: reader,
    find: "const missed = ahead - this.#chunks.capacity;",
    replace: "const missed = ahead - this.#chunks.capacity + 1;",
  },
  {
    ...overwrite,
    name: "positions do not come round",
    rule: "WRP2",
    fault: 4,
    file: chunks,
    find: "return to >= from ? to - from : to - from + this.positions;",
    replace: "return (to - from) % this.positions;",
  },
  {
    ...lossy,
    name: "a reader joins at the first item of all",
    rule: "BRC2",
    file: reader,
    find: `joining === "next" ? this.#written()`,
    replace: `joining !== "next" ? this.#written()`,
  },
  {
    ...lossy,
    name: "a publication wakes no listener",
    rule: "BLK5",
    file: published,
    find: "return false;\n    this.items.wake();\n",
    replace: "return false;\n",
  },
  {
    ...lossy,
    name: "close wakes no listener",
    rule: "CLS3",
    file: published,
    find: "CLOSED);\n    this.items.wake();\n",
    replace: "CLOSED);\n",
  },
  {
    ...broadcast,
    name: "the slowest reader is not looked at",
    rule: "GAT1",
    fault: 23,
    find: "    this.#floor = this.#gates.lowest(this.cursor);\n",
    replace: "    this.#floor = this.cursor;\n",
  },
  {
    ...broadcast,
    name: "the slowest reader is taken to be one item further",
    rule: "GAT1",
    fault: 21,
    find: "    this.#floor = this.#gates.lowest(this.cursor);\n",
    replace: "    this.#floor = advanced(this.#gates.lowest(this.cursor), 1);\n",
  },
  {
    ...broadcast,
    name: "a reader begins one item late",
    rule: "BRC1",
    find: "this.#read = this.#written = gate.cursor;",
    replace: "this.#read = this.#written = advanced(gate.cursor, 1);",
  },
  {
    ...broadcast,
    name: "a reader that leaves is waited for",
    rule: "GAT2",
    find: "() => gate.release()",
    replace: "() => {}",
  },
  {
    ...broadcast,
    name: "close wakes no writer",
    rule: "CLS3",
    find: "    new Gates(words, GATES_AT).room.wakeAlways();\n",
    replace: "",
  },
  {
    ...broadcast,
    name: "a batch is freed before it is read",
    rule: "OWN3",
    fault: 11,
    file: batching,
    find:
      "      this.#slots.copy(into, (from + delivered) * width, this.at * width, count * width);\n" +
      "      this.at += count;\n      delivered += count;\n      this.settle();\n",
    replace: "      const at = this.at;\n      this.at += count;\n      this.settle();\n" +
      "      this.#slots.copy(into, (from + delivered) * width, at * width, count * width);\n" +
      "      delivered += count;\n",
  },
  {
    ...broadcast,
    name: "a batch is published to all readers by a plain store",
    rule: "OWN3",
    fault: 10,
    file: published,
    find: "if (Atomics.compareExchange(words, index, cursor, next) === cursor) return true;",
    replace: "if (words[index] === cursor) return words[index] = next, true;",
  },
];
