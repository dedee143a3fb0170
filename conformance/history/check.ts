/**
 * Does a history of unique items fit a first-in-first-out queue? By the bad patterns of queues, in
 * O(n log n): a history without any of them is linearizable as long as nothing is known of the
 * capacity. (Source: Henzinger, Sezgin and Vafeiadis 2013; Emmi and Enea 2018.)
 */
import type { Operation } from "./operation.ts";

export interface Fault {
  readonly pattern:
    | "invented"
    | "duplicate"
    | "effect before cause"
    | "overtaken"
    | "falsely empty";
  readonly detail: string;
}

/** An item's life: from being enqueued to being dequeued, if ever. */
interface Item {
  readonly value: number;
  readonly in: Operation;
  readonly out: Operation | undefined;
}

/** The first bad pattern found, or undefined. */
export function checkFifo(history: readonly Operation[]): Fault | undefined {
  const enqueued = new Map<number, Operation>();
  for (const operation of history) {
    if (operation.kind === "enqueue" && operation.value !== undefined) {
      enqueued.set(operation.value, operation);
    }
  }
  const dequeued = new Map<number, Operation>();
  for (const operation of history) {
    const { kind, value } = operation;
    if (kind !== "dequeue" || value === undefined) continue;
    const source = enqueued.get(value);
    if (!source) return { pattern: "invented", detail: `${value} was never written` };
    if (dequeued.has(value)) return { pattern: "duplicate", detail: `${value} was read twice` };
    if (operation.returned < source.called) {
      return { pattern: "effect before cause", detail: `${value} was read before it was written` };
    }
    dequeued.set(value, operation);
  }
  const items = [...enqueued].map(([value, op]) => ({ value, in: op, out: dequeued.get(value) }));
  return overtaken(items) ?? falselyEmpty(items, history);
}

/** x was in before y was begun, yet y was out before x was begun to be taken out (or never was). */
function overtaken(items: readonly Item[]): Fault | undefined {
  const byReturn = items.toSorted((a, b) => a.in.returned - b.in.returned);
  const byCall = items.filter(({ out }) => out).sort((a, b) => a.in.called - b.in.called);
  const takenFrom = ({ out }: Item) => out?.called ?? Infinity;
  let latest: Item | undefined, before = 0;
  for (const item of byCall) {
    while (before < byReturn.length && byReturn[before]!.in.returned < item.in.called) {
      const candidate = byReturn[before++]!;
      if (!latest || takenFrom(candidate) > takenFrom(latest)) latest = candidate;
    }
    if (latest && takenFrom(latest) > item.out!.returned) {
      return {
        pattern: "overtaken",
        detail: `${item.value} was out before ${latest.value}, which was in before it was begun`,
      };
    }
  }
  return undefined;
}

/** An empty answer is false when some item was surely inside at each moment of the call. */
function falselyEmpty(items: readonly Item[], history: readonly Operation[]): Fault | undefined {
  const spans = items
    .map((item) => ({ from: item.in.returned, to: item.out?.called ?? Infinity }))
    .filter(({ from, to }) => from < to)
    .sort((a, b) => a.from - b.from);
  const covered: { from: number; to: number }[] = [];
  for (const span of spans) {
    const last = covered.at(-1);
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else covered.push({ ...span });
  }
  const answers = history
    .filter(({ kind, value }) => kind === "dequeue" && value === undefined)
    .sort((a, b) => a.called - b.called);
  let at = -1;
  for (const answer of answers) {
    while (at + 1 < covered.length && covered[at + 1]!.from < answer.called) at++;
    if (at >= 0 && covered[at]!.to > answer.returned) {
      return {
        pattern: "falsely empty",
        detail: `a read at ${answer.called.toFixed(3)} ms found nothing while items were inside`,
      };
    }
  }
  return undefined;
}
