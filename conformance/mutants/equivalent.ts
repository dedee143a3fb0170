/**
 * Edits of real rings that change nothing which anybody could rely on: every rule must pass them. A
 * rule that fails one asks for more than its sentence says, and would refuse somebody's good ring.
 */
import type { Edit } from "./mutant.ts";

const spsc = { adapter: "spsc", module: "impls/atomics/spsc.ts" } as const;
const mpmc = { adapter: "mpmc", module: "impls/atomics/mpmc.ts" } as const;
const side = { ...mpmc, file: "impls/atomics/mpmc/side.ts" } as const;
const one = { adapter: "leader_follower", module: "impls/atomics/leader_follower.ts" } as const;
const many = {
  adapter: "leader_follower_many",
  module: "impls/atomics/leader_follower_many.ts",
} as const;
const overwrite = { adapter: "overwrite", module: "impls/atomics/overwrite.ts" } as const;
const lossy = { adapter: "broadcast_lossy", module: "impls/atomics/broadcast_lossy.ts" } as const;
const futexRing = { adapter: "futex_ring", module: "impls/locking/futex_ring.ts" } as const;

export const equivalents: readonly Edit[] = [
  {
    ...spsc,
    name: "the distance of two cursors is that of the numbers in them",
    find: "return ((to - from) | 0) >>> ITEM_SHIFT;",
    replace: "return ((to >>> ITEM_SHIFT) - (from >>> ITEM_SHIFT)) & (2 ** 30 - 1);",
  },
  {
    ...spsc,
    name: "a new writer looks at the reader's cursor before its own",
    find:
      "    this.#written = this.#pushed = this.#stop = Atomics.load(words, WRITTEN) & ~FLAGS;\n" +
      "    this.#read = Atomics.load(words, READ) & ~FLAGS;\n",
    replace: "    this.#read = Atomics.load(words, READ) & ~FLAGS;\n" +
      "    this.#written = this.#pushed = this.#stop = Atomics.load(words, WRITTEN) & ~FLAGS;\n",
  },
  {
    ...spsc,
    name: "the writer's cursor is looked up at every read",
    find: "    if (there < asked) {\n",
    replace: "    if (there < asked || there >= 0) {\n",
  },
  {
    ...mpmc,
    name: "what a batch has after the wrap is copied in two halves",
    file: "impls/shared/copy.ts",
    find: "  if (first < count) copyElements(slots, 0, source, from + first, count - first);\n",
    replace: "    const half = (count - first) >> 1;\n" +
      "    copyElements(slots, 0, source, from + first, half);\n" +
      "    copyElements(slots, half, source, from + first + half, count - first - half);\n",
  },
  {
    ...side,
    name: "a side counts as shared from its first end on",
    find: "if (Atomics.add(this.#words, this.#ends, 1) > 0) {",
    replace: "if (Atomics.add(this.#words, this.#ends, 1) >= 0) {",
  },
  {
    ...side,
    name: "each commit looks for stamps behind it, flag or no flag",
    find: "      if (committed & STAMPED) this.absorb();\n",
    replace: "      this.absorb();\n",
  },
  {
    ...one,
    name: "gates are looked at from the last to the first",
    file: "impls/atomics/gates.ts",
    find: "    for (let slot = 0, at = this.#at + STRIDE; slot < used; slot++, at += STRIDE) {\n" +
      "      const word",
    replace: "    for (let slot = used - 1; slot >= 0; slot--) {\n" +
      "      const at = this.#at + STRIDE * (1 + slot);\n      const word",
  },
  {
    ...many,
    name: "a commit wakes, whether or not anybody sleeps",
    file: "impls/atomics/leader_follower/many_publishers.ts",
    find: "    if (!this.#stamps.commit(lower, upper)) throw closed();\n    this.#items.wake();\n",
    replace:
      "    if (!this.#stamps.commit(lower, upper)) throw closed();\n    this.#items.wakeAlways();\n",
  },
  {
    adapter: "broadcast",
    module: "impls/atomics/broadcast.ts",
    name: "a thread spins for four times as long before it parks",
    file: "impls/shared/strategy.ts",
    find: "const SPIN_MS = 0.05;",
    replace: "const SPIN_MS = 0.2;",
  },
  {
    ...overwrite,
    name: "chunks of a quarter of the size",
    file: "impls/atomics/overwriting/chunks.ts",
    find: "const SMALLEST_CHUNK = 128;",
    replace: "const SMALLEST_CHUNK = 32;",
  },
  {
    ...lossy,
    name: "of the chunks that nobody reads in, the writer takes the last",
    file: "impls/atomics/overwriting/writer.ts",
    find: "    for (let spare = 0;; spare++) {\n",
    replace: "    for (let spare = this.#spares.length - 1;; spare--) {\n",
  },
  {
    adapter: "records",
    module: "impls/atomics/records.ts",
    name: "sleepers are woken twice",
    file: "impls/shared/waiting.ts",
    find: "    Atomics.notify(this.words, this.index);\n  }\n\n  protected announce(): number {\n" +
      "    return Atomics.or(",
    replace: "    Atomics.notify(this.words, this.index);\n" +
      "    Atomics.notify(this.words, this.index);\n  }\n\n  protected announce(): number {\n" +
      "    return Atomics.or(",
  },
  {
    ...futexRing,
    name: "a cursor's slot by a division",
    find: "  return cursor < capacity ? cursor : cursor - capacity;\n",
    replace: "  return cursor % capacity;\n",
  },
  {
    ...futexRing,
    name: "whoever frees the lock wakes all who sleep on it",
    file: "impls/locking/futex.ts",
    find: "    Atomics.notify(words, at, 1);\n",
    replace: "    Atomics.notify(words, at);\n",
  },
  {
    adapter: "async_mutex",
    module: "impls/locking/locking_ring.ts",
    name: "readers are called also where nothing new has come",
    file: "impls/locking/event_buffer.ts",
    find: "      if (at > before) this.#events.open();\n",
    replace: "      this.#events.open();\n",
  },
  {
    adapter: "bounded",
    module: "impls/channel/bounded.ts",
    name: "receivers go on a microtask later, always",
    file: "impls/channel/wakeups.ts",
    find: "const AT_ONCE = 64;",
    replace: "const AT_ONCE = 0;",
  },
  {
    adapter: "streams",
    module: "impls/channel/streams.ts",
    name: "writers are called also where nothing was freed",
    find: "    if (count > 0) this.#room.open();\n",
    replace: "    this.#room.open();\n",
  },
  {
    adapter: "message_port",
    module: "impls/channel/message_port.ts",
    name: "each read is reported at once",
    file: "impls/channel/message_port/destination.ts",
    find: "if (count < asked || this.#unreported * 2 >= this.#capacity) this.#report();",
    replace: "if (count <= asked) this.#report();",
  },
  {
    adapter: "capture",
    module: "impls/audio/capture.ts",
    name: "an overrun is counted before its frames are",
    file: "impls/audio/callback.h",
    find: "  atomic_fetch_add(&lane->missed, frames);\n  atomic_fetch_add(&lane->xruns, 1);\n",
    replace: "  atomic_fetch_add(&lane->xruns, 1);\n  atomic_fetch_add(&lane->missed, frames);\n",
  },
  {
    adapter: "websocket",
    module: "impls/network/websocket.ts",
    name: "items travel in smaller messages",
    file: "impls/network/websocket/protocol.ts",
    find: "const BATCH_BYTES = 2 ** 16;",
    replace: "const BATCH_BYTES = 2 ** 8;",
  },
];
