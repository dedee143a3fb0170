/** Faults of a channel between tasks. */
import type { Mutant } from "./mutant.ts";

const bounded = { adapter: "bounded", module: "impls/channel/bounded.ts" } as const;

export const channelMutants: readonly Mutant[] = [
  {
    ...bounded,
    name: "one slot too many",
    rule: "CAP1",
    find: "while (at < items.length && this.#length < this.capacity) this.#push",
    replace: "while (at < items.length && this.#length <= this.capacity) this.#push",
  },
  {
    ...bounded,
    name: "slots shared between instances",
    rule: "CON3",
    find: "readonly #slots: (T | undefined)[] = [];\n  #head = 0;\n  #length = 0;",
    replace: "static s: unknown[] = []; static n = 0; #head = 0;\n" +
      "  get #slots() { return BoundedChannel.s as (T | undefined)[]; }\n" +
      "  get #length() { return BoundedChannel.n; } set #length(n) { BoundedChannel.n = n; }",
  },
  {
    ...bounded,
    name: "any capacity is taken",
    rule: "CON1",
    file: "impls/shared/arguments.ts",
    find: "if (!good) {",
    replace: "if (false) {",
  },
  {
    ...bounded,
    name: "a negative offset rewinds",
    rule: "BAT4",
    file: "impls/shared/arguments.ts",
    find: "if (from >= 0 && from <= items && Number.isInteger(from) && Number.isInteger(items)) {",
    replace: "if (true) {",
  },
  {
    ...bounded,
    name: "a freed slot wakes no sender",
    rule: "FUL2",
    find: "    end.moved += count;\n    this.#refill();",
    replace: "    end.moved += count;",
  },
  {
    ...bounded,
    name: "an item wakes no receiver",
    rule: "EMP3",
    find: "for (const receiver of this.#receivers) {\n      if (at === items.length) break;",
    replace: "for (const receiver of this.#receivers) {\n      if (at <= items.length) break;",
  },
  {
    ...bounded,
    name: "a read that was given up still takes an item",
    rule: "BLK3",
    find: "        line.delete(standing);\n",
    replace: `        if (action === "write") line.delete(standing);\n`,
  },
  {
    ...bounded,
    name: "a write that was given up still goes in",
    rule: "BLK2",
    find: "        line.delete(standing);\n",
    replace: `        if (action === "read") line.delete(standing);\n`,
  },
  {
    ...bounded,
    name: "a timeout of half the time",
    rule: "BLK1",
    file: "impls/shared/deadline.ts",
    find: "const deadline = performance.now() + timeoutMs;",
    replace: "timeoutMs /= 2; const deadline = performance.now() + timeoutMs;",
  },
  {
    ...bounded,
    name: "an aborted signal is not looked at",
    rule: "BLK4",
    find: "      signal?.throwIfAborted();\n",
    replace: "",
  },
  {
    ...bounded,
    name: "waiters are served last in, first out",
    rule: "BLK6",
    find: "for (const sender of this.#senders) {\n      const { buffer } = sender;",
    replace:
      "for (const sender of [...this.#senders].reverse()) {\n      const { buffer } = sender;",
  },
  {
    ...bounded,
    name: "a write after close goes in",
    rule: "CLS1",
    find: "if (this.#closed) throw closed();",
    replace: "",
  },
  {
    ...bounded,
    name: "close drops what is inside",
    rule: "CLS2",
    find: "    this.#closed = true;\n",
    replace: "    this.#closed = true;\n    this.#length = 0;\n",
  },
  {
    ...bounded,
    name: "close wakes one receiver",
    rule: "CLS3",
    find: "for (const receiver of this.#receivers) receiver.resolve(0);",
    replace: "for (const receiver of this.#receivers) { receiver.resolve(0); break; }",
  },
  {
    ...bounded,
    name: "disposal wakes nobody",
    rule: "CLS4",
    find: "    this.#slots.length = 0;\n    this.#length = 0;\n    return this.close();",
    replace: "    this.#slots.length = 0;\n    this.#length = 0;\n    return Promise.resolve();",
  },
  {
    ...bounded,
    name: "a slot keeps what was read",
    rule: "OWN4",
    find: "this.#slots[this.#head] = undefined; // released: nobody else keeps it alive",
    replace: "",
  },
  {
    ...bounded,
    name: "an item handed to a waiting reader is not counted",
    rule: "OBS1",
    find: "receiver.end.moved += receiver.at;",
    replace: "",
  },
  {
    ...bounded,
    name: "a full buffer answers as if it had room",
    rule: "FUL1",
    find: "    end.moved += at - from;\n    return at - from;",
    replace:
      "    end.moved += at - from;\n    return at === from ? items.length - from : at - from;",
  },
  {
    ...bounded,
    name: "the head comes round one slot late",
    rule: "MOD1",
    find: "    this.#head = (this.#head + 1) % this.capacity;",
    replace: "    this.#head = (this.#head + 1) % (this.capacity + 1);",
  },
  {
    ...bounded,
    name: "an empty buffer delivers an item",
    rule: "EMP1",
    find: "const count = Math.min(this.#length, into.length - from);",
    replace: "const count = Math.min(Math.max(1, this.#length), into.length - from);",
  },
];
