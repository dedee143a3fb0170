/** Faults of the SPSC ring that are seen between two instructions only: the explorer's to find. */
import type { Mutant } from "./mutant.ts";

const spsc = { adapter: "spsc", module: "impls/atomics/spsc.ts" } as const;

export const exploredMutants: readonly Mutant[] = [
  {
    ...spsc,
    name: "the cursor is published before the data",
    rule: "OWN3",
    fault: 9,
    find: "    this.#copyIn(items, from, written >>> ITEM_SHIFT, count);\n" +
      "    const next = (written + (count << ITEM_SHIFT)) | 0;\n" +
      "    this.#publish(written, next);\n",
    replace: "    const next = (written + (count << ITEM_SHIFT)) | 0;\n" +
      "    this.#publish(written, next);\n" +
      "    this.#copyIn(items, from, written >>> ITEM_SHIFT, count);\n",
  },
  {
    ...spsc,
    name: "published by a plain store",
    rule: "OWN3",
    fault: 10,
    find: "    if (Atomics.compareExchange(this.#words, WRITTEN, written, next) !== written) {\n" +
      "      this.#publishFlagged(written, next);\n    }\n",
    replace: "    this.#words[WRITTEN] = next;\n",
  },
  {
    ...spsc,
    name: "slots are freed before they are read",
    rule: "OWN3",
    fault: 11,
    find: "      this.#copyOut(into, from, read >>> ITEM_SHIFT, count);\n" +
      "      this.#read = this.#stop = (read + (count << ITEM_SHIFT)) | 0;\n",
    replace: "      this.#read = this.#stop = (read + (count << ITEM_SHIFT)) | 0;\n" +
      "      this.#free();\n" +
      "      this.#copyOut(into, from, read >>> ITEM_SHIFT, count);\n",
  },
  {
    ...spsc,
    name: "the other side's cursor is read by a plain load",
    rule: "OWN3",
    fault: 12,
    find: "    if (there < asked) {\n" +
      "      this.#written = Atomics.load(this.#words, WRITTEN) & ~FLAGS;\n",
    replace: "    if (there < asked) {\n      this.#written = this.#words[WRITTEN]! & ~FLAGS;\n",
  },
  {
    ...spsc,
    name: "sleepers are woken before what they wait for is stored",
    rule: "BLK9",
    fault: 13,
    find:
      "    if (Atomics.compareExchange(this.#words, WRITTEN, asleep, next) !== asleep) throw closed();\n" +
      "    itemsOf(this.#words).wake();\n",
    replace: "    itemsOf(this.#words).wake();\n" +
      "    if (Atomics.compareExchange(this.#words, WRITTEN, asleep, next) !== asleep) throw closed();\n",
  },
  {
    ...spsc,
    name: "the sleeper's flag is set by a load and a store",
    rule: "BLK9",
    file: "impls/shared/waiting.ts",
    find: "    return Atomics.or(this.words, this.index, this.#flag) | this.#flag;\n",
    replace: "    const value = Atomics.load(this.words, this.index) | this.#flag;\n" +
      "    return Atomics.store(this.words, this.index, value);\n",
  },
  {
    ...spsc,
    name: "what is slept on is loaded again",
    rule: "BLK9",
    fault: 14,
    file: "impls/shared/waiting.ts",
    find: "Atomics.wait(this.words, this.index, seen, ",
    replace: "Atomics.wait(this.words, this.index, Atomics.load(this.words, this.index), ",
  },
  {
    ...spsc,
    name: "the sleeper's flag is set after its last look",
    rule: "BLK9",
    fault: 15,
    file: "impls/shared/waiting.ts",
    find: "        const seen = this.announce();\n        if (ready()) return true;\n",
    replace: "        if (ready()) return true;\n        const seen = this.announce();\n",
  },
  {
    adapter: "leader_follower_many",
    module: "impls/atomics/leader_follower_many.ts",
    name: "one is woken of all who sleep",
    rule: "BLK9",
    fault: 16,
    file: "impls/shared/waiting.ts",
    find: "    Atomics.add(this.words, this.index, 1);\n" +
      "    Atomics.notify(this.words, this.index);\n",
    replace: "    Atomics.add(this.words, this.index, 1);\n" +
      "    Atomics.notify(this.words, this.index, 1);\n",
  },
];
