/**
 * Does a history fit a bounded queue? By brute force, for tests: from event to event, with every
 * state that the queue may be in. What was called may take effect at any time; when a call returns,
 * only the states are left in which it has.
 */
import type { History, Operation } from "./operation.ts";

/** A state is one number: a bit for each operation that has had effect, and above them the items. */
const MOST = 12, BITS = 2 ** MOST;

interface Event {
  readonly time: number;
  /** Of the operation that is called, or returns. */
  readonly number: number;
  readonly returns: boolean;
}

/** At most 12 operations, on the items 1 to 15. Where no capacity is known, "full" says nothing. */
export function fits(history: History, capacity: number): boolean {
  const operations = history.flat();
  if (operations.length > MOST) throw new Error(`${operations.length} operations are too many`);
  const events: Event[] = [];
  const before: number[] = []; // the operation before it on its thread, or −1
  for (const thread of history) {
    for (const [i, { called, returned }] of thread.entries()) {
      const number = before.length;
      before.push(i > 0 && thread[i - 1]!.returned < Infinity ? number - 1 : -1);
      events.push({ time: called, number, returns: false });
      if (returned < Infinity) events.push({ time: returned, number, returns: true });
    }
  }
  events.sort((a, b) => a.time - b.time || Number(a.returns) - Number(b.returns));
  let states = new Set([0]), open: number[] = [];
  for (const { number, returns } of events) {
    if (!returns) {
      open.push(number);
      continue;
    }
    for (const state of states) { // those that are added are visited too
      const done = state % BITS, items = (state - done) / BITS;
      for (const next of open) {
        if (done & (1 << next)) continue;
        if (before[next]! >= 0 && !(done & (1 << before[next]!))) continue;
        const left = effect(operations[next]!, items, capacity);
        if (left >= 0) states.add(left * BITS + done + (1 << next));
      }
    }
    states = new Set([...states].filter((state) => (state % BITS) & (1 << number)));
    open = open.filter((one) => one !== number);
    if (states.size === 0) return false;
  }
  return true;
}

/** The items after it, the oldest in the lowest four bits; −1: it cannot be. */
function effect(operation: Operation, items: number, capacity: number): number {
  let place = 1, count = 0;
  for (; place <= items; place *= 16) count++;
  const oldest = items % 16;
  switch (operation.kind) {
    case "enqueue":
    case "pending enqueue":
      return count < capacity ? items + operation.value * place : -1;
    case "dequeue":
      return oldest === operation.value ? (items - oldest) / 16 : -1;
    case "pending dequeue":
      return count > 0 ? (items - oldest) / 16 : -1;
    case "full":
      return count === capacity || capacity === Infinity ? items : -1;
    case "empty":
      return count === 0 ? items : -1;
  }
}
