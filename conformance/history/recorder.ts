/**
 * Writes down the calls of one thread, in memory that no other thread knows: the recording orders no
 * two threads, so that it hides none of what it is to find. Nothing is allocated for a call, but
 * twice the memory when it is full.
 */
import type { Kind, Operation } from "./operation.ts";

/** Numbers an operation: its kind, its item or 0, its call and its return. */
const WORDS = 4;
const kinds: readonly Kind[] = [
  "enqueue",
  "dequeue",
  "full",
  "empty",
  "pending enqueue",
  "pending dequeue",
];
const [ENQUEUE, DEQUEUE, FULL, EMPTY, PENDING_ENQUEUE, PENDING_DEQUEUE] = [0, 1, 2, 3, 4, 5];

/** Answers of "full" and "empty" that are kept of one thread; a spin has millions. */
const MOST_REFUSALS = 2000;

export class Recorder {
  readonly #clock: () => number;
  #entries = new Float64Array(WORDS * 32);
  #end = 0;
  /** Where the call that is under way begins. */
  #call = 0;
  #refusals = 0;

  /** `clock`: of any unit, and never back. */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  /** Is about to write the numbers from `first` on, `count` of them. Pending, until it is answered. */
  writes(first: number, count: number): void {
    this.#begin(PENDING_ENQUEUE, first, count);
  }

  /** The write has returned, and took the first `count`. */
  accepted(count: number): void {
    this.#answer(ENQUEUE, FULL, count);
  }

  /** Is about to read. */
  reads(): void {
    this.#begin(PENDING_DEQUEUE, 0, 1);
  }

  /** The read has returned, with these. */
  got(values: readonly number[]): void {
    const at = this.#call;
    this.#answer(DEQUEUE, EMPTY, values.length);
    for (let i = 0; i < values.length; i++) this.#entries[at + WORDS * i + 1] = values[i]!;
  }

  /** What is under way says nothing of the queue after all. */
  forgets(): void {
    this.#end = this.#call;
  }

  /** For operationsOf(). */
  get entries(): number[] {
    return Array.from(this.#entries.subarray(0, this.#end));
  }

  #begin(kind: number, first: number, count: number): void {
    this.#call = this.#end;
    this.#extend(count);
    const entries = this.#entries, called = this.#clock();
    for (let i = 0; i < count; i++) {
      const at = this.#call + WORDS * i;
      entries[at] = kind;
      entries[at + 1] = kind === PENDING_ENQUEUE ? first + i : 0;
      entries[at + 2] = called;
      entries[at + 3] = NEVER;
    }
  }

  #answer(kind: number, refusal: number, count: number): void {
    const returned = this.#clock();
    const called = this.#entries[this.#call + 2]!;
    this.#end = this.#call;
    if (count === 0 && this.#refusals++ >= MOST_REFUSALS) return;
    this.#extend(Math.max(1, count));
    const entries = this.#entries;
    for (let at = this.#call; at < this.#end; at += WORDS) {
      entries[at] = count > 0 ? kind : refusal;
      entries[at + 2] = called;
      entries[at + 3] = returned;
    }
  }

  #extend(count: number): void {
    this.#end += WORDS * count;
    if (this.#end <= this.#entries.length) return;
    const larger = new Float64Array(2 * this.#end);
    larger.set(this.#entries);
    this.#entries = larger;
  }
}

/** Survives JSON, as Infinity does not. */
const NEVER = -1;

/** A clock beside ours. */
export interface Clock {
  /** How far it is ahead of ours, and how wrong that may be, in its unit. */
  readonly ahead: number;
  readonly uncertainty: number;
}

const ours: Clock = { ahead: 0, uncertainty: 0 };

/**
 * What a recorder wrote down, on our clock: each call is widened by what is not known of the other
 * clock, so that no doubt becomes a fault.
 */
export function operationsOf(
  entries: readonly number[],
  { ahead, uncertainty }: Clock = ours,
): Operation[] {
  return Array.from({ length: entries.length / WORDS }, (_, i) => {
    const at = WORDS * i;
    const kind = kinds[entries[at]!]!;
    const called = entries[at + 2]! - ahead - uncertainty;
    const end = entries[at + 3]!;
    const returned = end === NEVER ? Infinity : end - ahead + uncertainty;
    if (kind === "full" || kind === "empty" || kind === "pending dequeue") {
      return { kind, called, returned };
    }
    return { kind, value: entries[at + 1]!, called, returned };
  });
}
