/**
 * The two cursors of a ring between one producer and one consumer, and what each side does with
 * them: as in the ring of int32 items, a batch is published, or freed, by one read-modify-write,
 * which tells in the same operation whether the other side sleeps or the ring is closed.
 *
 *   bit 0  WAITING  the other side sleeps, or is about to, until this word changes
 *   bit 1  CLOSED   in the writer's word: nothing published later is accepted
 */
import { RingError } from "../../errors.ts";
import { STRIDE } from "../../shared/layout.ts";
import { FlaggedWord } from "../../shared/waiting.ts";
import { advanced, distance, FLAGS, ITEM_SHIFT } from "../cursor.ts";

const WRITTEN = STRIDE, READ = 2 * STRIDE;
/** Words that the cursors and what stands before them take. */
export const HEADER_WORDS = 3 * STRIDE;
const WAITING = 1, CLOSED = 2;

/** What a reader sleeps on, and what a writer does. */
export const itemsOf = (words: Int32Array) => new FlaggedWord(words, WRITTEN, WAITING);
export const roomOf = (words: Int32Array) => new FlaggedWord(words, READ, WAITING);

export function beginAt(words: Int32Array, start: number): void {
  Atomics.store(words, WRITTEN, start << ITEM_SHIFT);
  Atomics.store(words, READ, start << ITEM_SHIFT);
}

export function close(words: Int32Array): void {
  Atomics.or(words, WRITTEN, CLOSED);
  // Changes the word that a waiting writer sleeps on. A reader that clears it again makes room.
  Atomics.or(words, READ, CLOSED);
  itemsOf(words).wake();
  roomOf(words).wake();
}

export class WriterCursor {
  readonly #words: Int32Array;
  readonly #capacity: number;
  #written: number;
  /** The reader's, as last seen. */
  #read: number;

  constructor(words: Int32Array, capacity: number) {
    this.#words = words;
    this.#capacity = capacity;
    this.#written = Atomics.load(words, WRITTEN) & ~FLAGS;
    this.#read = Atomics.load(words, READ) & ~FLAGS;
  }

  /** Where the next slots are, as a number that only grows by one a slot, modulo 2^30. */
  get position(): number {
    return this.#written >>> ITEM_SHIFT;
  }

  get closed(): boolean {
    return (Atomics.load(this.#words, WRITTEN) & CLOSED) !== 0;
  }

  /** Free slots; the reader's cursor is looked up only when they seem fewer than `wanted`. */
  free(wanted: number): number {
    const free = this.#capacity - distance(this.#written, this.#read);
    if (free >= wanted) return free;
    this.#read = Atomics.load(this.#words, READ) & ~FLAGS;
    return this.#capacity - distance(this.#written, this.#read);
  }

  /** Shows the reader the next `count` slots; RING_CLOSED: not any more. */
  publish(count: number): void {
    const words = this.#words, written = this.#written;
    const next = advanced(written, count);
    if (Atomics.compareExchange(words, WRITTEN, written, next) !== written) {
      const asleep = written | WAITING;
      if (Atomics.compareExchange(words, WRITTEN, asleep, next) !== asleep) throw closed();
      itemsOf(words).wake();
    }
    this.#written = next;
  }
}

export class ReaderCursor {
  readonly #words: Int32Array;
  #read: number;
  /** The writer's, as last seen; and what the writer knows of #read. */
  #written: number;
  #freed: number;

  constructor(words: Int32Array) {
    this.#words = words;
    this.#read = this.#freed = Atomics.load(words, READ) & ~FLAGS;
    this.#written = Atomics.load(words, WRITTEN) & ~FLAGS;
  }

  get position(): number {
    return this.#read >>> ITEM_SHIFT;
  }

  /** Closed, and all is read. */
  get done(): boolean {
    return (Atomics.load(this.#words, WRITTEN) & ~WAITING) === (this.#read | CLOSED);
  }

  /** Published slots; the writer's cursor is looked up only when there seems to be none. */
  get there(): number {
    if (this.#written === this.#read) this.#written = Atomics.load(this.#words, WRITTEN) & ~FLAGS;
    return distance(this.#written, this.#read);
  }

  /** Goes past the next `count` slots, which stay the reader's until free(). */
  pass(count: number): void {
    this.#read = advanced(this.#read, count);
  }

  /** Gives the slots that it has gone past back to the writer. */
  free(): void {
    const freed = this.#freed, read = this.#read;
    if (read === freed) return;
    if (Atomics.exchange(this.#words, READ, read) !== freed) roomOf(this.#words).wake();
    this.#freed = read;
  }
}

export function closed(): RingError {
  return new RingError("RING_CLOSED", "write", "the ring is closed");
}
