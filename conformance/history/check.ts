/** Does a history fit a bounded first-in-first-out queue? By the strictest check that it is fit for. */
import { badPattern } from "./bad_patterns.ts";
import type { Fault } from "./fault.ts";
import type { History, Operation } from "./operation.ts";
import { checkPair, pairOf } from "./pair.ts";
import { search } from "./search.ts";

/** Operations that are searched for an order at most. */
const SMALL = 40;

/**
 * What is wrong, or undefined. Exact for one producer and one consumer, for small histories, and
 * where no capacity is given; see bad_patterns.ts for what may escape it otherwise.
 *
 * `capacity` in items; Infinity: it is not known, and that the queue was full says nothing.
 */
export function checkHistory(history: History, capacity = Infinity): Fault | undefined {
  const fault = badPattern(history, capacity);
  if (fault) return fault;
  const exact = exactly(history, capacity);
  return exact && named(exact, history, capacity);
}

function exactly(history: History, capacity: number): Fault | undefined {
  const pair = pairOf(history);
  if (pair) return checkPair(pair, capacity);
  const size = history.reduce((sum, { length }) => sum + length, 0);
  return size <= SMALL ? search(history, capacity) : undefined;
}

/** Blames the call whose return ended the last moment at which all could still be explained. */
function named(fault: Fault, history: History, capacity: number): Fault {
  const returns = history.flat().filter(({ returned }) => returned < Infinity)
    .sort((a, b) => a.returned - b.returned);
  let low = 0, high = returns.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (exactly(until(history, returns[middle]!.returned), capacity)) high = middle;
    else low = middle + 1;
  }
  const culprit = returns[low]!;
  const pattern = culprit.kind === "full"
    ? "falsely full"
    : culprit.kind === "empty"
    ? "falsely empty"
    : fault.pattern;
  const others = fault.operations.filter((operation) => operation !== culprit);
  return { pattern, operations: [culprit, ...others] };
}

/** What was known at that time: calls that had not returned were pending. */
const until = (history: History, time: number): History =>
  history.map((thread) =>
    thread.filter(({ called }) => called <= time)
      .flatMap((operation) => operation.returned <= time ? [operation] : pending(operation))
  );

/** One that will be refused for want of room has nothing to take effect. */
function pending(operation: Operation): Operation[] {
  const { called } = operation;
  switch (operation.kind) {
    case "enqueue":
    case "pending enqueue":
      return [{ kind: "pending enqueue", value: operation.value, called, returned: Infinity }];
    case "full":
      return [];
    default:
      return [{ kind: "pending dequeue", called, returned: Infinity }];
  }
}
