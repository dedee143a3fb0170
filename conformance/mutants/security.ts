/** Rings that believe what stands in memory that others can write to, or whoever asks to attach. */
import type { Mutant } from "./mutant.ts";

const rule = "SEC2";
const lossy = { adapter: "broadcast_lossy", module: "impls/atomics/broadcast_lossy.ts" } as const;
const many = {
  adapter: "leader_follower_many",
  module: "impls/atomics/leader_follower_many.ts",
} as const;

export const securityMutants: readonly Mutant[] = [
  {
    rule,
    name: "the reader's cursor is believed however far behind",
    adapter: "spsc",
    module: "impls/atomics/spsc.ts",
    find: '      if (free < 0) throw foreign("write");\n',
    replace: "",
  },
  {
    rule,
    name: "the writer's cursor is believed however far ahead",
    adapter: "spsc",
    module: "impls/atomics/spsc.ts",
    find: "      if (there > this.#capacity) this.#refuse();\n    }\n",
    replace: "    }\n",
  },
  {
    rule,
    name: "the length of a record is believed",
    adapter: "records",
    module: "impls/atomics/records.ts",
    find: "    if (slotsFor(length) <= there && there <= this.#capacity) return length;\n",
    replace: "    if (there > 0) return length;\n",
  },
  {
    rule,
    name: "any number of items is claimed that the cursors say",
    adapter: "mpmc",
    module: "impls/atomics/mpmc.ts",
    find: "      if (count > 0 && there <= this.#capacity) {\n",
    replace: "      if (count > 0) {\n",
  },
  {
    rule,
    name: "cursors beyond twice the capacity are believed",
    adapter: "futex_ring",
    module: "impls/locking/futex_ring.ts",
    find: "  if (possible) return items;\n",
    replace: "  if (possible || items !== capacity + 1) return items;\n",
  },
  {
    rule,
    name: "a follower goes as far as the head says",
    adapter: "leader_follower",
    module: "impls/atomics/leader_follower.ts",
    file: "impls/atomics/leader_follower/cursor_barrier.ts",
    find: "Math.min(itemsTo(head, this.end), most)",
    replace: "Math.max(itemsTo(head, this.end), most - most)",
  },
  {
    ...many,
    rule,
    name: "hidden items are looked for as far as the head says",
    file: "impls/atomics/leader_follower/stamp_barrier.ts",
    find:
      "    const claimed = Math.min(distance(Atomics.load(words, HEAD) & ~FLAGS, begin), capacity);\n",
    replace:
      "    const claimed = distance(Atomics.load(words, HEAD) & ~FLAGS, begin) + 0 * capacity;\n",
  },
  {
    rule,
    name: "there are as many gates as the table says",
    adapter: "broadcast",
    module: "impls/atomics/broadcast.ts",
    file: "impls/atomics/gates.ts",
    find: "    return Math.min(Atomics.load(this.#words, this.#at + USED), GATES);\n",
    replace: "    return Atomics.load(this.#words, this.#at + USED);\n",
  },
  {
    ...lossy,
    rule,
    name: "a chunk to go on with is looked for until there is one",
    file: "impls/atomics/overwriting/writer.ts",
    find: "      if (chunk === undefined) throw foreign();\n",
    replace: "",
  },
  {
    rule,
    name: "any chunk is read that the table names",
    adapter: "overwrite",
    module: "impls/atomics/overwrite.ts",
    file: "impls/atomics/overwriting/chunks.ts",
    find: "    if (chunk >= 0 && chunk < this.chunks) return chunk;\n",
    replace: "    if (chunk !== this.chunks + 1) return chunk;\n",
  },
  {
    rule,
    name: "the beginning of a ring's name will do",
    adapter: "websocket",
    module: "impls/network/websocket.ts",
    file: "impls/network/websocket/listen.ts",
    find: 'if (!sameText(request.url ?? "", `/${name}`)) return "404 Not Found";',
    replace: 'if (!`/${name}`.startsWith((request.url ?? "").slice(0, 9))) return "404 Not Found";',
  },
  {
    rule,
    name: "a thread's newest ring is as good as the one that is named",
    adapter: "message_port",
    module: "impls/channel/message_port.ts",
    file: "impls/channel/message_port/switchboard.ts",
    find: "  const keeper = keepersHere().get(name!);\n",
    replace: "  const keeper = keepersHere().get(name!) ?? [...keepersHere().values()].at(-1);\n",
  },
];
