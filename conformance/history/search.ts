/**
 * Does a history fit a bounded first-in-first-out queue? Exactly, by looking for an order of its
 * operations: for small histories, since the orders grow with the factorial of the threads' calls.
 * What was found to lead nowhere is remembered. (Source: Wing and Gong 1993; the memory of Lowe
 * 2017.)
 */
import type { Fault } from "./fault.ts";
import type { History, Operation } from "./operation.ts";

/** `capacity` in items; Infinity: it is not known. */
export function search(history: History, capacity = Infinity): Fault | undefined {
  const searching = new Search(history, capacity);
  return searching.goesOn([])
    ? undefined
    : { pattern: "no order", operations: [...searching.stuck, ...searching.longest] };
}

class Search {
  /** The order that came furthest, and what could have been next by its time. */
  longest: readonly Operation[] = [];
  stuck: readonly Operation[] = [];
  readonly #capacity: number;
  readonly #threads: History;
  /** How many operations of each thread have taken effect. */
  readonly #at: number[];
  readonly #order: Operation[] = [];
  readonly #failed = new Set<string>();

  constructor(history: History, capacity: number) {
    // Others of its thread do not wait for a call that is pending.
    const pending = history.flat().filter(({ returned }) => returned === Infinity);
    const done = history.map((thread) => thread.filter(({ returned }) => returned < Infinity));
    this.#threads = [...done, ...pending.map((operation) => [operation])];
    this.#at = this.#threads.map(() => 0);
    this.#capacity = capacity;
  }

  /** Whether all that returned can take effect from here on, with these items inside. */
  goesOn(inside: readonly number[]): boolean {
    const candidates = this.#candidates();
    if (candidates === undefined) return true;
    const state = `${this.#at}:${inside}`;
    if (this.#failed.has(state)) return false;
    for (const thread of candidates) {
      const operation = this.#threads[thread]![this.#at[thread]!]!;
      const next = after(operation, inside, this.#capacity);
      if (next === undefined) continue;
      this.#at[thread]!++;
      this.#order.push(operation);
      if (this.goesOn(next)) return true;
      this.#at[thread]!--;
      this.#order.pop();
    }
    this.#failed.add(state);
    if (this.stuck.length === 0 || this.#order.length > this.longest.length) {
      this.longest = [...this.#order];
      this.stuck = candidates.map((thread) => this.#threads[thread]![this.#at[thread]!]!);
    }
    return false;
  }

  /** The threads whose next operation may be first; undefined: all that returned have had effect. */
  #candidates(): number[] | undefined {
    const next = this.#threads.map((operations, thread) => operations[this.#at[thread]!]);
    const firstReturn = Math.min(...next.map((operation) => operation?.returned ?? Infinity));
    if (firstReturn === Infinity) return undefined;
    return [...next.keys()].filter((thread) => next[thread] && next[thread].called <= firstReturn);
  }
}

/** What is inside after the operation; undefined: it cannot be the next. */
function after(
  operation: Operation,
  inside: readonly number[],
  capacity: number,
): readonly number[] | undefined {
  switch (operation.kind) {
    case "enqueue":
    case "pending enqueue":
      return inside.length < capacity ? [...inside, operation.value] : undefined;
    case "dequeue":
      return inside.length > 0 && inside[0] === operation.value ? inside.slice(1) : undefined;
    case "pending dequeue":
      return inside.length > 0 ? inside.slice(1) : undefined;
    case "full":
      return inside.length === capacity || capacity === Infinity ? inside : undefined;
    case "empty":
      return inside.length === 0 ? inside : undefined;
  }
}
