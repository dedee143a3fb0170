/** Faults of the ring of records. */
import type { Mutant } from "./mutant.ts";

const records = { adapter: "records", module: "impls/atomics/records.ts" } as const;
const slots = { ...records, file: "impls/atomics/records/slots.ts" } as const;
const cursors = { ...records, file: "impls/atomics/records/cursors.ts" } as const;

export const recordMutants: readonly Mutant[] = [
  {
    ...slots,
    name: "an empty record leaves the length of the one before it in place",
    rule: "WRP3",
    fault: 43,
    find: "    this.#words[2 * (position & this.#mask)] = length;\n",
    replace: "    if (length > 0) this.#words[2 * (position & this.#mask)] = length;\n",
  },
  {
    ...slots,
    name: "a shorter record leaves the length of a longer one in place",
    rule: "WRP3",
    fault: 43,
    find: "    this.#words[2 * (position & this.#mask)] = length;\n",
    replace: "    if (length > this.lengthAt(position)) " +
      "this.#words[2 * (position & this.#mask)] = length;\n",
  },
  {
    ...slots,
    name: "the length is left out of the slots that a record takes",
    rule: "WRP3",
    find: "return Math.ceil((LENGTH_BYTES + length) / SLOT_BYTES);",
    replace: "return Math.max(1, Math.ceil(length / SLOT_BYTES));",
  },
  {
    ...slots,
    name: "a record of a whole number of slots takes one more",
    rule: "CAP1",
    find: "return Math.ceil((LENGTH_BYTES + length) / SLOT_BYTES);",
    replace: "return Math.floor((LENGTH_BYTES + length) / SLOT_BYTES) + 1;",
  },
  {
    ...slots,
    name: "what a record has after the wrap is taken from its beginning",
    rule: "WRP3",
    find: "copyBytes(this.#bytes, 0, record, from + first, length - first);",
    replace: "copyBytes(this.#bytes, 0, record, from, length - first);",
  },
  {
    ...slots,
    name: "a record that wraps is delivered with nothing after the wrap",
    rule: "WRP3",
    find: "    if (first < length) copyBytes(into, to + first, this.#bytes, 0, length - first);\n",
    replace: "",
  },
  {
    ...slots,
    name: "a record is delivered as a view of the ring's memory",
    rule: "OWN2",
    fault: 40,
    find: "return this.#bytes.slice(at, at + length);",
    replace: "return this.#bytes.subarray(at, at + length);",
  },
  {
    ...records,
    name: "a record that can never fit waits for room",
    rule: "WRP3",
    find: "record instanceof Uint8Array && record.length <= this.longest) return;",
    replace: "record instanceof Uint8Array) return;",
  },
  {
    ...records,
    name: "each record of a batch is held against all that is free",
    rule: "BAT1",
    find: "if (this.#cursor.free(used + slots) < used + slots) {",
    replace: "if (this.#cursor.free(used + slots) < (used > 0 ? 0 : slots)) {",
  },
  {
    ...cursors,
    name: "a batch of records wakes nobody",
    rule: "BLK5",
    find: "      itemsOf(words).wake();\n    }\n    this.#written",
    replace: "    }\n    this.#written",
  },
  {
    ...records,
    name: "a record's slots are published before its bytes are in them",
    rule: "OWN3",
    fault: 9,
    find:
      "      this.#slots.put(position + used, record, 0, record.length);\n      used += slots;\n",
    replace: "      this.#cursor.publish(slots);\n" +
      "      this.#slots.put(position + used, record, 0, record.length);\n" +
      "      used += slots;\n",
  },
  {
    ...records,
    name: "a record's slots are freed before its bytes are out of them",
    rule: "OWN3",
    fault: 11,
    find: "      into[from + count] = this.#slots.copyOf(this.#cursor.position, length);\n" +
      "      this.#cursor.pass(slotsFor(length));\n",
    replace: "      const { position } = this.#cursor;\n" +
      "      this.#cursor.pass(slotsFor(length));\n" +
      "      this.#cursor.free();\n" +
      "      into[from + count] = this.#slots.copyOf(position, length);\n",
  },
  {
    ...cursors,
    name: "records go in after close()",
    rule: "CLS1",
    find: "if (Atomics.compareExchange(words, WRITTEN, asleep, next) !== asleep) throw closed();",
    replace: "Atomics.store(words, WRITTEN, next | CLOSED);",
  },
];
