/** Faults of a ring that passes its items as messages. */
import type { Mutant } from "./mutant.ts";

const folder = "impls/channel/message_port";
const port = { adapter: "message_port", module: "impls/channel/message_port.ts" } as const;
const ring = { ...port, file: `${folder}/ring.ts` } as const;
const keeper = { ...port, file: `${folder}/keeper.ts` } as const;
const source = { ...port, file: `${folder}/source.ts` } as const;
const destination = { ...port, file: `${folder}/destination.ts` } as const;

export const messagePortMutants: readonly Mutant[] = [
  {
    ...source,
    name: "credit for one item too many",
    rule: "CAP1",
    fault: 2,
    find: "this.#capacity - (this.#written - this.#read);",
    replace: "this.#capacity + 1 - (this.#written - this.#read);",
  },
  {
    ...destination,
    name: "what was read is never reported",
    rule: "FUL2",
    find: "    this.#link.tell(position.read);\n",
    replace: "",
  },
  {
    ...destination,
    name: "items are reported to be read as they arrive",
    rule: "MOD1",
    find: "this.#link.tell(position.read);",
    replace: "this.#link.tell(position.have);",
  },
  {
    ...destination,
    name: "a report wakes no writer",
    rule: "FUL2",
    find: "    this.#link.tell(position.read);\n    this.#room.wake();",
    replace: "    this.#link.tell(position.read);",
  },
  {
    ...source,
    name: "an item that is sent wakes no reader",
    rule: "EMP3",
    find: "    this.#link.tell(delivery);\n    this.#arrival.wake();",
    replace: "    this.#link.tell(delivery);",
  },
  {
    ...destination,
    name: "a reader does not look before it says that there is nothing",
    rule: "EMP2",
    find: "if (this.#items.length < asked) this.#link?.drain();",
    replace: "",
  },
  {
    ...source,
    name: "a batch is sent in reverse",
    rule: "MOD1",
    find: 'this.#send({ type: "items", from: this.#written, items: copies });',
    replace: 'this.#send({ type: "items", from: this.#written, items: copies.toReversed() });',
  },
  {
    ...destination,
    name: "two batches that come one after the other change places",
    rule: "FIF1",
    find: "      this.#items.pushFrom(items, 0, items.length);\n",
    replace: "      const before = this.#items.toArray();\n" +
      "      this.#items.clear();\n" +
      "      this.#items.pushFrom(items, 0, items.length);\n" +
      "      this.#items.pushFrom(before, 0, before.length);\n",
  },
  {
    ...keeper,
    name: "a second holder of an end is let in",
    rule: "MPR2",
    find: "if (held) return void this.#refuseWhileAlive(held, holder, side, id);",
    replace: "",
  },
  {
    ...keeper,
    name: "an end that was given back is never free again",
    rule: "MPR2",
    find: '    this.#sides[side] = undefined;\n    if (side === "reader") return this.#unlink();',
    replace: '    if (side === "reader") return this.#unlink();',
  },
  {
    ...ring,
    name: "a write after close is sent",
    rule: "CLS1",
    find: `if (this.#closed) throw new RingError("RING_CLOSED", "write", "the ring is closed");`,
    replace: "",
  },
  {
    ...source,
    name: "the end is said before the last items",
    rule: "CLS2",
    find: '    if (!this.#sealed) this.#send({ type: "ended" });\n',
    replace: "",
  },
  {
    ...ring,
    name: "close wakes nobody",
    rule: "CLS3",
    find: "  #shut(): void {\n    this.#closed = true;\n    this.#wakeAll();",
    replace: "  #shut(): void {\n    this.#closed = true;",
  },
  {
    ...ring,
    name: "disposal wakes no holder",
    rule: "CLS4",
    find: "    this.#destination?.disconnect();\n    this.#wakeAll();\n",
    replace: "    this.#destination?.disconnect();\n",
  },
  {
    ...source,
    name: "one store for the unread items of all rings",
    rule: "CON3",
    find: "readonly #items = new Fifo<unknown>();",
    replace: "static all = new Fifo<unknown>(); get #items() { return Source.all; }",
  },
  {
    ...destination,
    name: "the offset into the reader's buffer is forgotten",
    rule: "BAT5",
    find: "this.#items.shiftInto(into, from, count);",
    replace: "this.#items.shiftInto(into, 0, count);",
  },
  {
    ...ring,
    name: "the offset into the writer's batch is forgotten",
    rule: "BAT5",
    find: "Array.prototype.slice.call(items, from, from + count)",
    replace: "Array.prototype.slice.call(items, 0, count)",
  },
];
