/**
 * mnemonist's CircularBuffer over a plain array: what is pushed into a full one overwrites the
 * oldest item. (Source: npm, mnemonist 0.40.)
 */
import { CircularBuffer } from "mnemonist";
import { adapterFromCore } from "../../core.ts";

export const adapter = adapterFromCore(
  "mnemonist_circular",
  (capacity) => {
    const buffer = new CircularBuffer<unknown>(Array, capacity);
    return {
      get length() {
        return buffer.size;
      },
      push: (item) => buffer.push(item) > 0,
      shift: () => buffer.shift(),
    };
  },
  { overflow: "overwrite", consumers: 1 },
);
