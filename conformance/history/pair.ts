/**
 * Does a history of one producer and one consumer fit a bounded first-in-first-out queue? Exactly,
 * in O(n). With one thread on each side every order is given but the one between the two sides, and
 * that follows from what is counted:
 *
 *   the n-th item goes out after it came in; it goes in after the (n − capacity)-th went out
 *   who found no item, found it so before the next item came in
 *   who found no room, found it so before the next item went out
 *
 * So each operation has an earliest moment: when it was called, or the latest of those before it.
 * The history fits if none of them is after the operation's return.
 *
 * Free slots are to the producer what items are to the consumer: each side takes what the other
 * supplies, one after another, and is refused when there is none.
 */
import type { Fault } from "./fault.ts";
import type { History, Kind, Operation } from "./operation.ts";

interface Pair {
  readonly producer: readonly Operation[];
  readonly consumer: readonly Operation[];
}

/** The two threads, if this is a history of one producer and one consumer, pending calls last. */
export function pairOf(history: History): Pair | undefined {
  const threads = history.filter(({ length }) => length > 0);
  const consists = (thread: readonly Operation[], ...kinds: readonly Kind[]) =>
    thread.every(({ kind }) => kinds.includes(kind));
  const producer = threads.find((thread) => consists(thread, "enqueue", "full", "pending enqueue"));
  const consumer = threads.find((thread) =>
    consists(thread, "dequeue", "empty", "pending dequeue")
  );
  if (threads.length !== 2 || !producer || !consumer) return undefined;
  const pendingWithin = threads.some((thread) =>
    thread.slice(0, -1).some(({ returned }) => returned === Infinity)
  );
  return pendingWithin ? undefined : { producer, consumer };
}

/** `capacity` in items; Infinity: it is not known. */
export function checkPair({ producer, consumer }: Pair, capacity = Infinity): Fault | undefined {
  let culprit: Operation | undefined;
  for (const written of outcomesOf(producer)) {
    for (const read of outcomesOf(consumer)) {
      const found = impossible(written, read, capacity);
      if (!found) return undefined;
      culprit ??= found;
    }
  }
  return { pattern: "no order", operations: [culprit!] };
}

/** A pending call may have taken effect or not. */
function outcomesOf(thread: readonly Operation[]): (readonly Operation[])[] {
  return thread.at(-1)?.returned === Infinity ? [thread, thread.slice(0, -1)] : [thread];
}

/** An operation that cannot have been, or undefined. */
function impossible(
  written: readonly Operation[],
  read: readonly Operation[],
  capacity: number,
): Operation | undefined {
  const producer = new Side(
    written.filter(({ kind }) => kind !== "full" || capacity < Infinity),
    capacity,
  );
  const consumer = new Side(read, 0);
  const stranger = consumer.moves.find((operation, n) =>
    "value" in operation && operation.value !== producer.value(n)
  );
  if (stranger) return stranger;
  for (;;) {
    const steps = producer.goOn(consumer) + consumer.goOn(producer);
    const culprit = producer.impossible ?? consumer.impossible;
    if (culprit) return culprit;
    if (steps === 0) return consumer.next ?? producer.next;
  }
}

const isMove = ({ kind }: Operation) => kind !== "full" && kind !== "empty";

class Side {
  readonly moves: readonly Operation[];
  impossible: Operation | undefined;
  readonly #operations: readonly Operation[];
  /** What there is to take before the other side has supplied any. */
  readonly #given: number;
  #at = 0;
  /** The earliest moments of its moves, and of the last one of all. */
  readonly #moments: number[] = [];
  #now = -Infinity;
  /** By how many it had taken when it was refused: which refusal is the last, and its moment. */
  readonly #refusals = new Map<number, { readonly last: number; moment: number }>();

  constructor(operations: readonly Operation[], given: number) {
    this.moves = operations.filter(isMove);
    this.#operations = operations;
    this.#given = given;
    let taken = 0;
    for (const [last, operation] of operations.entries()) {
      if (isMove(operation)) taken++;
      else this.#refusals.set(taken, { last, moment: -Infinity });
    }
  }

  get next(): Operation | undefined {
    return this.#operations[this.#at];
  }

  value(n: number): number | undefined {
    const operation = this.moves[n];
    return operation && "value" in operation ? operation.value : undefined;
  }

  /** Gives moments to its operations, as long as what they come after has one; how many it were. */
  goOn(other: Side): number {
    const from = this.#at;
    for (let operation = this.next; operation; operation = this.next) {
      const taken = this.#moments.length;
      const supplied = taken - this.#given; // by this move of the other's
      let earliest = Math.max(operation.called, this.#now);
      if (isMove(operation)) {
        const refusal = other.#refusals.get(taken + other.#given);
        if (supplied >= other.#moments.length || (refusal && refusal.last >= other.#at)) break;
        if (supplied >= 0) earliest = Math.max(earliest, other.#moments[supplied]!);
        if (refusal) earliest = Math.max(earliest, refusal.moment);
        this.#moments.push(earliest);
      } else {
        this.#refusals.get(taken)!.moment = earliest;
        if (supplied < 0) this.impossible = operation;
      }
      if (earliest > operation.returned) this.impossible = operation;
      if (this.impossible) break;
      this.#now = earliest;
      this.#at++;
    }
    return this.#at - from;
  }
}
