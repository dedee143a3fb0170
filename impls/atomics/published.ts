/**
 * How far one writer has come, as readers see it: a cursor (cursor.ts) with two flags.
 *
 *   bit 0  WAITING  a reader sleeps, or is about to, until the word changes
 *   bit 1  CLOSED   no later item is accepted
 *
 * Publishing by compare-and-exchange learns of both from the operation that it takes in any case:
 * either a batch becomes visible or the ring was closed before, so that no item can be accepted
 * after a reader has seen the end.
 */
import { FlaggedWord } from "../shared/waiting.ts";
import { FLAGS, ITEM_SHIFT } from "./cursor.ts";

const WAITING = 1, CLOSED = 2;

export class Published {
  /** What readers sleep on. */
  readonly items: FlaggedWord;
  readonly #words: Int32Array;
  readonly #index: number;

  /** In the word at `index`. */
  constructor(words: Int32Array, index: number) {
    this.items = new FlaggedWord(words, index, WAITING);
    this.#words = words;
    this.#index = index;
  }

  /** Sets new memory to the position of the first item. */
  begin(position: number): void {
    Atomics.store(this.#words, this.#index, position << ITEM_SHIFT);
  }

  /** Without its flags. */
  get cursor(): number {
    return Atomics.load(this.#words, this.#index) & ~FLAGS;
  }

  /** A reader sleeps, or the ring is closed. */
  get flagged(): boolean {
    return (Atomics.load(this.#words, this.#index) & FLAGS) !== 0;
  }

  get closed(): boolean {
    return (Atomics.load(this.#words, this.#index) & CLOSED) !== 0;
  }

  /** Closed, at this cursor. */
  endsAt(cursor: number): boolean {
    return (Atomics.load(this.#words, this.#index) & ~WAITING) === (cursor | CLOSED);
  }

  /** Lets readers see up to `next`, and wakes them; false = the ring is closed. */
  advance(cursor: number, next: number): boolean {
    const words = this.#words, index = this.#index;
    if (Atomics.compareExchange(words, index, cursor, next) === cursor) return true;
    const asleep = cursor | WAITING;
    if (Atomics.compareExchange(words, index, asleep, next) !== asleep) return false;
    this.items.wake();
    return true;
  }

  close(): void {
    Atomics.or(this.#words, this.#index, CLOSED);
    this.items.wake();
  }
}
