/**
 * mnemonist's FixedDeque over a plain array. It throws when it is full, and so is asked before.
 * (Source: npm, mnemonist 0.40.)
 */
import { FixedDeque } from "mnemonist";
import { adapterFromCore } from "../../core.ts";

export const adapter = adapterFromCore("mnemonist_deque", (capacity) => {
  const deque = new FixedDeque<unknown>(Array, capacity);
  return {
    get length() {
      return deque.size;
    },
    push: (item) => deque.size < deque.capacity && deque.push(item) > 0,
    shift: () => deque.shift(),
  };
});
