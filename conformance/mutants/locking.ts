/** Faults of the rings under a lock, and of their locks. */
import type { Mutant } from "./mutant.ts";

const futexRing = { adapter: "futex_ring", module: "impls/locking/futex_ring.ts" } as const;
const asyncMutex = {
  adapter: "async_mutex",
  module: "impls/locking/locking_ring.ts",
  file: "impls/locking/event_buffer.ts",
} as const;

const copy = "impls/shared/copy.ts";
const copyIn =
  "    copyIn(this.#slots, placeOf(tail, capacity) * width, items, from * width, count * width);\n";
const publish = "    const next = advanced(tail, count, capacity);\n" +
  "    if (Atomics.compareExchange(words, TAIL, tail, next) !== tail) throw closed();\n";

export const lockingMutants: readonly Mutant[] = [
  {
    ...futexRing,
    name: "a lock that locks nobody out",
    rule: "OWN3",
    file: "impls/locking/futex.ts",
    find: "    this.#words = words;\n",
    replace: "    this.#words = new Int32Array(new SharedArrayBuffer(words.byteLength));\n",
  },
  {
    ...futexRing,
    name: "a writer takes itself for the only one",
    rule: "MPR1",
    find: "    const tail = Atomics.load(words, TAIL);\n    if (tail < 0) throw closed();\n",
    replace: "    const tail = this.moved % (2 * capacity);\n",
  },
  {
    ...futexRing,
    name: "a reader takes itself for the only one",
    rule: "MCO1",
    fault: 18,
    find: "    const head = words[HEAD]!;\n",
    replace: "    const head = this.moved % (2 * capacity);\n",
  },
  {
    ...futexRing,
    name: "the lock is given back by a plain store",
    rule: "OWN3",
    file: "impls/locking/futex.ts",
    find: "    if (Atomics.compareExchange(words, at, name, FREE) === name) return;\n",
    replace: "    if (words[at] === name) {\n      words[at] = FREE;\n      return;\n    }\n",
  },
  {
    ...futexRing,
    name: "the holder is never looked up",
    rule: "LCK1",
    file: "impls/locking/futex.ts",
    find: "    const alive = this.#threads.alive(holder);\n",
    replace: "    const alive = true as boolean | undefined;\n",
  },
  {
    ...futexRing,
    name: "a writer that dies leaves a batch visible that it has not copied",
    rule: "LCK1",
    find: copyIn + publish,
    replace: publish + copyIn,
  },
  {
    ...futexRing,
    name: "a futex writer goes back to the beginning of a batch that did not fit",
    rule: "LCK2",
    find: "items, from * width, count * width);\n    const next",
    replace: "items, 0 * width, count * width);\n    const next",
  },
  {
    ...futexRing,
    name: "a full futex ring keeps one slot empty",
    rule: "CAP1",
    fault: 1,
    find: "      free = capacity - distance(tail, head, capacity);\n",
    replace: "      free = capacity - 1 - distance(tail, head, capacity);\n",
  },
  {
    ...futexRing,
    name: "a full futex ring is taken for an empty one",
    rule: "EMP2",
    fault: 3,
    find: "    const count = there < asked ? there : asked;\n",
    replace: "    const count = Math.min(there % capacity, asked);\n",
  },
  {
    ...futexRing,
    name: "the cursor does not come round",
    rule: "WRP1",
    find: "  return next < 2 * capacity ? next : next - 2 * capacity;\n",
    replace: "  return Math.min(next, 2 * capacity - 1);\n",
  },
  {
    ...futexRing,
    name: "the writers' cursor is beyond the last place until it comes round",
    rule: "OWN3",
    fault: 8,
    find: publish,
    replace:
      "    if (Atomics.compareExchange(words, TAIL, tail, tail + count) !== tail) throw closed();\n" +
      "    Atomics.store(words, TAIL, advanced(tail, count, capacity));\n",
  },
  {
    ...futexRing,
    name: "what is read is not taken out",
    rule: "FIF3",
    find: "    Atomics.store(words, HEAD, advanced(head, count, capacity));\n",
    replace: "    const taken = there > 40 ? count - 1 : count;\n" +
      "    Atomics.store(words, HEAD, advanced(head, taken, capacity));\n",
  },
  {
    ...futexRing,
    name: "newest first",
    rule: "FIF1",
    find: "placeOf(head, capacity) * width, count * width);\n",
    replace: "placeOf(advanced(head, there > 7 ? 1 : 0, capacity), capacity) * width, " +
      "count * width);\n",
  },
  {
    ...futexRing,
    name: "a read across the end leaks a slot",
    rule: "CAP2",
    find: "    Atomics.store(words, HEAD, advanced(head, count, capacity));\n",
    replace: "    const taken = placeOf(head, capacity) + count > capacity ? count - 1 : count;\n" +
      "    Atomics.store(words, HEAD, advanced(head, taken, capacity));\n",
  },
  {
    ...futexRing,
    name: "a futex writer's partial batch answers with all of it",
    rule: "BAT1",
    fault: 36,
    find: "!== tail) throw closed();\n    return count;\n",
    replace: "!== tail) throw closed();\n    return offered;\n",
  },
  {
    ...futexRing,
    name: "the second part of a futex writer's batch repeats the first",
    rule: "BAT2",
    fault: 7,
    file: copy,
    find: "copyElements(slots, 0, source, from + first, count - first);",
    replace: "copyElements(slots, 0, source, from, count - first);",
  },
  {
    ...futexRing,
    name: "nobody is told of new items",
    rule: "BLK5",
    find: "      this.#items.wake();\n",
    replace: "",
  },
  {
    ...futexRing,
    name: "a closed futex ring takes more",
    rule: "CLS1",
    find: "    Atomics.or(words, TAIL, CLOSED);\n",
    replace: "",
  },
  {
    ...asyncMutex,
    name: "a locking ring keeps one slot empty",
    rule: "CAP1",
    fault: 1,
    find: "at < items.length && this.length < this.#capacity",
    replace: "at < items.length && this.length + 1 < this.#capacity",
  },
  {
    ...asyncMutex,
    name: "an event that was read stays in its slot",
    rule: "OWN4",
    fault: 61,
    find: "    this.#slots[slot] = undefined;\n",
    replace: "",
  },
  {
    ...asyncMutex,
    name: "no reader is told of an event",
    rule: "EMP3",
    find: "      if (at > before) this.#events.open();\n",
    replace: "",
  },
  {
    ...asyncMutex,
    name: "the end comes before the last events",
    rule: "CLS2",
    fault: 32,
    find: "    return this.#closed && this.length === 0;\n",
    replace: "    return this.#closed;\n",
  },
  {
    ...asyncMutex,
    name: "close wakes those who write only",
    rule: "CLS3",
    find: "    this.#closed = true;\n    this.#openGates();\n",
    replace: "    this.#closed = true;\n    this.#room.open();\n",
  },
  {
    ...asyncMutex,
    name: "who has left the line is served",
    rule: "BLK3",
    fault: 28,
    file: "impls/shared/gate.ts",
    find: "      this.#line.delete(tryNow);\n",
    replace: "",
  },
  {
    ...asyncMutex,
    name: "who came last is served first",
    rule: "BLK6",
    fault: 27,
    file: "impls/shared/gate.ts",
    find: "      for (const tryNow of this.#line) {\n",
    replace: "      for (const tryNow of [...this.#line].reverse()) {\n",
  },
];
