/**
 * Does a history of unique items fit a bounded first-in-first-out queue? By the bad patterns of
 * queues, in O(n log n), for histories of millions of operations.
 *
 * Whatever it finds is a fault. As long as no capacity is given it also finds every fault: a history
 * without the first five patterns is linearizable. (Source: Henzinger, Sezgin and Vafeiadis 2013;
 * Emmi and Enea 2018.) With a capacity it holds each answer alone against how many items can have
 * been inside, and must have been. What it cannot see is several answers of which each could be
 * true, but not together: two that need the same call to have taken effect early and late. It does
 * not see the order within a batch either. Both are for search.ts and pair.ts.
 *
 * What a pending enqueue wrote may be inside from the call on, and never must. With p pending
 * dequeues it suffices to look at p + 1 cases: that the first of them took none, one, two … of the
 * items that never came out otherwise, those whose enqueues returned first.
 */
import type { Fault, Pattern } from "./fault.ts";
import { type History, isOf, type Operation, type OperationOf } from "./operation.ts";
import { spansOf, within } from "./spans.ts";

/** An item's life: from being enqueued to being dequeued, if ever. */
interface Item {
  readonly in: OperationOf<"enqueue" | "pending enqueue">;
  out: OperationOf<"dequeue" | "pending dequeue"> | undefined;
}

/** The first bad pattern found, or undefined. `capacity` in items; Infinity: it is not known. */
export function badPattern(history: History, capacity = Infinity): Fault | undefined {
  const operations = history.flat();
  const items = itemsOf(operations);
  if ("pattern" in items) return items;
  return outOfOrder(items, operations) ??
    (capacity === Infinity
      ? undefined
      : overfull(items, operations, capacity) ?? falselyFull(items, operations, capacity));
}

/** Each item with its two calls; a fault where they do not go together. */
function itemsOf(operations: readonly Operation[]): Item[] | Fault {
  const items = new Map<number, Item>();
  for (const operation of operations) {
    if (operation.kind !== "enqueue" && operation.kind !== "pending enqueue") continue;
    if (items.has(operation.value)) throw new Error(`${operation.value} goes in twice`);
    items.set(operation.value, { in: operation, out: undefined });
  }
  for (const operation of operations) {
    if (operation.kind !== "dequeue") continue;
    const item = items.get(operation.value);
    if (!item) return fault("invented", operation);
    if (item.out) return fault("duplicate", operation, item.out);
    if (operation.returned < item.in.called) {
      return fault("effect before cause", operation, item.in);
    }
    item.out = operation;
  }
  return [...items.values()];
}

/** Whether items overtook each other or were overlooked, whatever pending dequeues took. */
function outOfOrder(items: readonly Item[], operations: readonly Operation[]): Fault | undefined {
  const empties = operations.filter(isOf("empty"));
  const judge = () => overtaken(items) ?? falselyEmpty(items, empties);
  let found = judge();
  if (!found) return undefined;
  const takers = operations.filter(isOf("pending dequeue")).sort(byCall);
  const left = items.filter((item) => !item.out && item.in.kind === "enqueue")
    .sort((a, b) => a.in.returned - b.in.returned);
  for (let taken = 0; found && taken < Math.min(takers.length, left.length); taken++) {
    left[taken]!.out = takers[taken];
    found = judge();
  }
  for (const item of left) item.out = undefined;
  return found;
}

/** x was in before y was begun, yet y was out before x was begun to be taken out (or never was). */
function overtaken(items: readonly Item[]): Fault | undefined {
  const byReturn = items.toSorted((a, b) => a.in.returned - b.in.returned);
  const outs = items.filter(({ out }) => out).sort((a, b) => byCall(a.in, b.in));
  let latest: Item | undefined, before = 0;
  for (const item of outs) {
    while (before < byReturn.length && byReturn[before]!.in.returned < item.in.called) {
      const candidate = byReturn[before++]!;
      if (!latest || takenFrom(candidate) > takenFrom(latest)) latest = candidate;
    }
    if (latest && takenFrom(latest) > item.out!.returned) {
      return fault("overtaken", item.out!, item.in, latest.in, ...(latest.out ? [latest.out] : []));
    }
  }
  return undefined;
}

/** An empty answer is false when some item was surely inside at each moment of the call. */
function falselyEmpty(
  items: readonly Item[],
  empties: readonly OperationOf<"empty">[],
): Fault | undefined {
  if (empties.length === 0) return undefined;
  const sure = items.filter((item) => item.in.returned < takenFrom(item));
  const answer = within(empties, spansOf(0, times(sure, entered), times(sure, takenFrom), 1));
  if (!answer) return undefined;
  const inside = sure.filter((item) =>
    entered(item) < answer.returned && takenFrom(item) > answer.called
  );
  return fault("falsely empty", answer, ...inside.map((item) => item.in));
}

/** More items than fit were surely inside, even if every pending dequeue took one at once. */
function overfull(
  items: readonly Item[],
  operations: readonly Operation[],
  capacity: number,
): Fault | undefined {
  const sure = items.filter((item) => item.in.returned < takenFrom(item));
  const takers = operations.filter(isOf("pending dequeue"));
  const taken = times([...sure, ...takers], (one) => "in" in one ? takenFrom(one) : one.called);
  const [span] = spansOf(0, times(sure, entered), taken, capacity + 1);
  if (!span) return undefined;
  const inside = sure.filter((item) => entered(item) <= span.from && takenFrom(item) >= span.to);
  return fault("overfull", ...inside.map((item) => item.in));
}

/**
 * A full answer is false when at each moment of the call fewer items than fit can have been inside:
 * some slot was surely free, as for an empty answer some item was surely there.
 */
function falselyFull(
  items: readonly Item[],
  operations: readonly Operation[],
  capacity: number,
): Fault | undefined {
  const fulls = operations.filter(isOf("full"));
  if (fulls.length === 0) return undefined;
  const spans = spansOf(capacity, times(items, freed), times(items, (item) => item.in.called), 1);
  const answer = within(fulls, spans);
  if (!answer) return undefined;
  const inside = items.filter((item) =>
    item.in.called <= answer.returned && freed(item) >= answer.called
  );
  return fault("falsely full", answer, ...inside.map((item) => item.in));
}

const entered = (item: Item) => item.in.returned;
/** When it may be out at the earliest, and must be at the latest. */
const takenFrom = ({ out }: Item) => out?.called ?? Infinity;
const freed = ({ out }: Item) => out?.returned ?? Infinity;

/** Those of them that ever come, of a great many. */
function times<O>(of: readonly O[], time: (one: O) => number): Float64Array {
  const found = new Float64Array(of.length);
  let count = 0;
  for (const one of of) {
    const at = time(one);
    if (at < Infinity) found[count++] = at;
  }
  return found.subarray(0, count);
}

const byCall = (a: Operation, b: Operation) => a.called - b.called;

const fault = (pattern: Pattern, ...operations: Operation[]): Fault => ({ pattern, operations });
