/** Faults of the rings of leaders and followers: gates, claims, stages, and commits out of order. */
import type { Mutant } from "./mutant.ts";

const one = { adapter: "leader_follower", module: "impls/atomics/leader_follower.ts" } as const;
const many = {
  adapter: "leader_follower_many",
  module: "impls/atomics/leader_follower_many.ts",
} as const;

const folder = "impls/atomics/leader_follower";
const gates = "impls/atomics/gates.ts";
const onePublisher = `${folder}/one_publisher.ts`;
const manyPublishers = `${folder}/many_publishers.ts`;
const stampBarrier = `${folder}/stamp_barrier.ts`;

const gateMutants: readonly Mutant[] = [
  {
    ...one,
    name: "gates: the newest reader is left out",
    rule: "GAT1",
    fault: 22,
    file: gates,
    find: "    for (let slot = 0, at = this.#at + STRIDE; slot < used; slot++, at += STRIDE) {",
    replace:
      "    for (let slot = 0, at = this.#at + STRIDE; slot < used - 1; slot++, at += STRIDE) {",
  },
  {
    ...one,
    name: "gates: the last one counts, not the lowest",
    rule: "GAT1",
    file: gates,
    find: "(word & IN_USE) !== 0 && distance(word & ~FLAGS, lowest) < 0",
    replace: "(word & IN_USE) !== 0",
  },
  {
    ...one,
    name: "gates: what was free once is taken to be so a round later",
    rule: "GAT1",
    fault: 21,
    file: onePublisher,
    find: "    this.#floor = this.#gates.lowest(this.#published);",
    replace: "    this.#floor = advanced(this.#gates.lowest(this.#published), 1);",
  },
  {
    ...one,
    name: "gates: a reader begins where the ring was before it had its gate",
    rule: "OWN3",
    file: gates,
    find: "    gate.move(written());\n",
    replace: "",
  },
  {
    ...one,
    name: "gates: a reader that leaves stays in the way",
    rule: "GAT2",
    fault: 48,
    file: gates,
    find: "    Atomics.store(this.#words, this.#at, 0);\n",
    replace: "",
  },
  {
    ...one,
    name: "gates: a reader that leaves wakes nobody",
    rule: "GAT2",
    file: gates,
    find: "    Atomics.store(this.#words, this.#at, 0);\n    this.#room.wakeAlways();",
    replace: "    Atomics.store(this.#words, this.#at, 0);",
  },
  {
    ...one,
    name: "gates: a sleeper leaves no flag",
    rule: "FUL2",
    file: gates,
    find: "    const seen = super.announce();\n    this.#flagAll();",
    replace: "    const seen = super.announce();",
  },
  {
    ...one,
    name: "stages: a reader passes those before it",
    rule: "GAT3",
    fault: 62,
    file: `${folder}/cursor_barrier.ts`,
    find: "this.before ? this.before.lowest(written) : written",
    replace: "written",
  },
  {
    ...many,
    name: "stages: a reader passes those before it, of many publishers",
    rule: "GAT3",
    fault: 62,
    file: stampBarrier,
    find: "this.before ? this.before.lowest(further) : further",
    replace: "further",
  },
];

const claimMutants: readonly Mutant[] = [
  {
    ...one,
    name: "claims: a commit shows what is open before it",
    rule: "RSV2",
    fault: 24,
    file: onePublisher,
    find: "next = this.open.first(this.#claimed);",
    replace: "next = this.#claimed;",
  },
  {
    ...one,
    name: "claims: an aborted one leaks its slots",
    rule: "RSV3",
    fault: 29,
    file: onePublisher,
    find: "    this.#claimed = lower;\n    return true;",
    replace: "    return true;",
  },
  {
    ...one,
    name: "claims: readers do not pass over what was given up",
    rule: "RSV3",
    fault: 25,
    file: onePublisher,
    find: "(capacity - 1)] = 1;",
    replace: "(capacity - 1)] = 0;",
  },
  {
    ...one,
    name: "claims: marks stay for the next round",
    rule: "MOD2",
    file: onePublisher,
    find: "    if (this.#marked) this.#wipe(claimed, upper);\n",
    replace: "",
  },
  {
    ...one,
    name: "claims: one can be committed twice",
    rule: "RSV5",
    file: `${folder}/claims.ts`,
    find: "    this.#open = false;\n",
    replace: "",
  },
  {
    ...one,
    name: "claims: a reader's frees its slots at once",
    rule: "RSV2",
    file: `${folder}/barrier.ts`,
    find: "this.gate.move(this.#open.first(this.next));",
    replace: "this.gate.move(this.next);",
  },
  {
    ...one,
    name: "claims: the part beyond the last slot begins one late",
    rule: "RSV1",
    file: `${folder}/slot_views.ts`,
    find: "this.#view(0, count - first)",
    replace: "this.#view(1, count - first)",
  },
  {
    ...one,
    name: "claims: a commit of 0 commits all of it",
    rule: "RSV3",
    fault: 37,
    file: `${folder}/claims.ts`,
    find: "  commit(count = this.count): void {\n",
    replace: "  commit(given = this.count): void {\n    const count = given || this.count;\n",
  },
  {
    ...one,
    name: "claims: those that are open count as free",
    rule: "RSV4",
    fault: 60,
    file: onePublisher,
    find: "    let free = this.#capacity - distance(claimed, this.#floor);",
    replace: "    let free = this.#capacity - distance(this.#published, this.#floor);",
  },
  {
    ...one,
    name: "claims: those that a writer leaves open stay so",
    rule: "RSV6",
    file: `${folder}/publisher.ts`,
    find: "    while (!this.open.empty) this.abort(this.open.lastLower, this.open.lastUpper);\n",
    replace: "",
  },
  {
    ...many,
    name: "claims: readers wait for one that is open in a closed ring",
    rule: "RSV6",
    file: stampBarrier,
    find: "    if (!this.closed) return false;\n",
    replace: "    if (this.known === cursor) return false;\n",
  },
  {
    ...one,
    name: "claims: a commit that close() has overtaken says nothing",
    rule: "RSV5",
    file: onePublisher,
    find: `    if (!this.#advance()) throw closed("commit");`,
    replace: "    this.#advance();",
  },
  {
    ...one,
    name: "claims: a closed ring grants them",
    rule: "RSV5",
    file: `${folder}/publisher.ts`,
    find: `    if (this.closed) throw closed("reserve");\n`,
    replace: "",
  },
  {
    ...many,
    name: "claims: what was given up is read",
    rule: "RSV3",
    file: `${folder}/stamps.ts`,
    find: "(distance(upper, lower) << 1) | SKIP);",
    replace: "(distance(upper, lower) << 1));",
  },
];

const publisherMutants: readonly Mutant[] = [
  {
    ...one,
    name: "leader: one slot stays empty",
    rule: "CAP2",
    file: onePublisher,
    find: "    return this.#capacity - distance(this.#claimed, this.#floor);",
    replace: "    return this.#capacity - 1 - distance(this.#claimed, this.#floor);",
  },
  {
    ...one,
    name: "leader: cursors are compared by their size",
    rule: "WRP2",
    fault: 6,
    file: "impls/atomics/cursor.ts",
    find: "return ((to - from) | 0) >> ITEM_SHIFT;",
    replace: "return (to - from) / ITEM;",
  },
  {
    ...one,
    name: "leader: the cursor before the data",
    rule: "OWN3",
    fault: 9,
    file: `${folder}/ends.ts`,
    find: "    try {\n      this.#copyIn",
    replace: "    publisher.publish();\n    try {\n      this.#copyIn",
  },
  {
    ...one,
    name: "leader: publishes by a plain store",
    rule: "OWN3",
    fault: 10,
    file: onePublisher,
    find: "    if (Atomics.compareExchange(words, HEAD, head, word) !== head) {",
    replace: "    const found = words[HEAD];\n    words[HEAD] = word;\n    if (found !== head) {",
  },
  {
    ...many,
    name: "leaders: a new one takes all slots for free",
    rule: "BLK9",
    file: manyPublishers,
    find: "this.#floor = gates.lowest(Atomics.load(words, PREFIX));",
    replace: "this.#floor = Atomics.load(words, PREFIX);",
  },
  {
    ...many,
    name: "leaders: a claim by a load and a store",
    rule: "OWN3",
    fault: 19,
    file: manyPublishers,
    find: "      if (Atomics.compareExchange(words, HEAD, head, upper) !== head) continue;\n",
    replace: "      Atomics.store(words, HEAD, upper);\n",
  },
  {
    ...many,
    name: "leaders: the test for room is not part of the claim",
    rule: "OWN3",
    fault: 20,
    file: manyPublishers,
    find: "      if (Atomics.compareExchange(words, HEAD, head, upper) !== head) continue;\n" +
      "      if (passesEpoch(head, upper)) Atomics.add(words, EPOCH, 1);\n" +
      "      this.#stamps.renew(head, upper);\n" +
      "      this.lower = head;\n" +
      "      this.upper = upper;\n",
    replace: "      const lower = Atomics.add(words, HEAD, advanced(0, count));\n" +
      "      this.#stamps.renew(lower, advanced(lower, count));\n" +
      "      this.lower = lower;\n" +
      "      this.upper = advanced(lower, count);\n",
  },
  {
    ...many,
    name: "leaders: a stamp of the last round is taken for one of this",
    rule: "EMP1",
    file: `${folder}/stamps.ts`,
    find: "const current = ((stamp ^ cursor) & this.#round) === 0 && (stamp & this.#length) !== 0;",
    replace: "const current = (stamp & this.#length) !== 0;",
  },
  {
    ...many,
    name: "leaders: sleepers are woken before the stamp",
    rule: "BLK9",
    fault: 13,
    file: manyPublishers,
    find: "    if (!this.#stamps.commit(lower, upper)) throw closed();\n    this.#items.wake();\n",
    replace:
      "    this.#items.wake();\n    if (!this.#stamps.commit(lower, upper)) throw closed();\n",
  },
];

export const leaderFollowerMutants: readonly Mutant[] = [
  ...gateMutants,
  ...claimMutants,
  ...publisherMutants,
];
