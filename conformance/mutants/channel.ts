/** Faults of a channel between tasks. */
import type { Mutant } from "./mutant.ts";

const bounded = { adapter: "bounded", module: "impls/channel/bounded.ts" } as const;
/** Where the channel is that both its ends and its natural interface are made of. */
const channel = { ...bounded, file: "impls/channel/channel.ts" } as const;
const fifo = { ...bounded, file: "impls/channel/fifo.ts" } as const;
const pending = { ...bounded, file: "impls/channel/pending.ts" } as const;

export const channelMutants: readonly Mutant[] = [
  {
    ...channel,
    name: "one slot too many",
    rule: "CAP1",
    fault: 2,
    find: "const count = Math.min(items.length - at, this.capacity - this.#slots.length);",
    replace: "const count = Math.min(items.length - at, this.capacity + 1 - this.#slots.length);",
  },
  {
    ...fifo,
    name: "slots shared between instances",
    rule: "CON3",
    find: "  length = 0;\n  #slots: (T | undefined)[] = emptySlots(FIRST_SLOTS);\n  #head = 0;",
    replace: "  static s = emptySlots<unknown>(FIRST_SLOTS); static n = 0; #head = 0;\n" +
      "  get #slots() { return Fifo.s as (T | undefined)[]; } set #slots(s) { Fifo.s = s; }\n" +
      "  get length() { return Fifo.n; } set length(n) { Fifo.n = n; }",
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
    fault: 38,
    file: "impls/shared/arguments.ts",
    find: "if (from >= 0 && from <= items && Number.isInteger(from) && Number.isInteger(items)) {",
    replace: "if (true) {",
  },
  {
    ...channel,
    name: "a freed slot wakes no sender",
    rule: "FUL2",
    find: "while (this.#senders.first !== undefined && this.#slots.length < this.capacity) {",
    replace: "while (false) {",
  },
  {
    ...channel,
    name: "an item wakes no receiver",
    rule: "EMP3",
    find:
      "for (let r = this.#receivers.first; r && at < items.length; r = this.#receivers.first) {",
    replace: "for (let r = this.#receivers.first; r && at < 0; r = this.#receivers.first) {",
  },
  {
    ...bounded,
    name: "a receiver that is to go on a microtask later is forgotten",
    rule: "EMP3",
    file: "impls/channel/wakeups.ts",
    find: "if (this.#source.length === 0) this.#atOnce = AT_ONCE;",
    replace: "if (this.#source.length === 0) this.#served.shift();",
  },
  {
    ...pending,
    name: "a wait that was given up still stands in line",
    rule: "BLK3",
    fault: 28,
    find: "      leave();\n      this.reject(reason);",
    replace: `      if (action === "write") leave();\n      this.reject(reason);`,
  },
  {
    ...pending,
    name: "a write that was given up still goes in",
    rule: "BLK2",
    find: "      leave();\n      this.reject(reason);",
    replace: `      if (action === "read") leave();\n      this.reject(reason);`,
  },
  {
    ...bounded,
    name: "milliseconds are taken for nanoseconds",
    rule: "BLK1",
    fault: 30,
    file: "impls/shared/deadline.ts",
    find: "const deadline = performance.now() + timeoutMs;",
    replace: "timeoutMs /= 1e6; const deadline = performance.now() + timeoutMs;",
  },
  {
    ...pending,
    name: "an aborted signal is not looked at",
    rule: "BLK4",
    find: "  wait.signal?.throwIfAborted();\n",
    replace: "",
  },
  {
    ...bounded,
    name: "waiters are served last in, first out",
    rule: "BLK6",
    fault: 27,
    file: "impls/channel/line.ts",
    find: "  append(waiter: W): void {\n",
    replace: "  append(waiter: W): void {\n" +
      "    if (this.first) {\n" +
      "      waiter.line = this as unknown as Line<Waiter>;\n" +
      "      waiter.behind = this.first;\n" +
      "      this.first = this.first.ahead = waiter;\n" +
      "      return;\n" +
      "    }\n",
  },
  {
    ...channel,
    name: "a write after close goes in",
    rule: "CLS1",
    find: `if (this.#closed) throw closed("write");`,
    replace: "",
  },
  {
    ...channel,
    name: "close drops what is inside",
    rule: "CLS2",
    fault: 32,
    find: "    this.#closed = true;\n",
    replace: "    this.#closed = true;\n    this.#slots.clear();\n",
  },
  {
    ...channel,
    name: "close wakes one receiver",
    rule: "CLS3",
    fault: 34,
    find: "for (let r = this.#receivers.first; r; r = this.#receivers.first) r.end();",
    replace: "this.#receivers.first?.end();",
  },
  {
    ...channel,
    name: "disposal wakes nobody",
    rule: "CLS4",
    find: "    this.#slots.clear();\n    return this.close();",
    replace: "    this.#slots.clear();\n    return ACCEPTED;",
  },
  {
    ...fifo,
    name: "a slot keeps what was read",
    rule: "OWN4",
    fault: 61,
    find: "      slots[at] = undefined; // released, as above\n",
    replace: "",
  },
  {
    ...bounded,
    name: "an item handed to a waiting reader is not counted",
    rule: "OBS1",
    find: "    this.#end.moved += count;\n    this.#count = count;",
    replace: "    this.#count = count;",
  },
  {
    ...channel,
    name: "a full buffer answers as if it had room",
    rule: "FUL1",
    fault: 42,
    find: "    return at + count - from;",
    replace: "    return at + count === from ? items.length - from : at + count - from;",
  },
  {
    ...fifo,
    name: "the head comes round after half the slots",
    rule: "MOD1",
    find: "    this.#head = (head + count) & mask;",
    replace: "    this.#head = (head + count) & (mask >> 1);",
  },
  {
    ...channel,
    name: "an empty buffer delivers an item",
    rule: "EMP1",
    find: "const count = Math.min(this.#slots.length, into.length - from);",
    replace: "const count = Math.min(Math.max(1, this.#slots.length), into.length - from);",
  },
  {
    ...channel,
    name: "what is freed goes to whoever comes, past those who wait",
    rule: "BLK6",
    find: "      this.#slots.push(this.#senders.first.take());\n",
    replace: "      const late = this.#senders.first;\n" +
      "      late.leaveLine();\n" +
      "      this.#senders.append(late);\n" +
      "      this.#slots.push(this.#senders.first.take());\n",
  },
];
