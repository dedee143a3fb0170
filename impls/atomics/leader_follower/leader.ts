/**
 * The publishing end by indices: slots are the user's own, at `index & mask` of whatever array. An
 * index is the number of an item since the ring was opened, 0 first, exact to 2^53; each is given
 * out once.
 */
import type { Wait } from "../../contract.ts";
import { RingError, shown } from "../../errors.ts";
import { checkedTimeout } from "../../shared/arguments.ts";
import { countdown } from "../../shared/ends.ts";
import type { Waiting } from "../../shared/waiting.ts";
import { ITEM_SHIFT } from "../cursor.ts";
import type { Publisher } from "./publisher.ts";
import { EPOCH, headPosition, positionOf, type Sequences } from "./sequences.ts";

export class Leader implements Disposable {
  readonly size: number;
  /** For the slot of an index: `index & mask`. */
  readonly mask: number;
  readonly #sequences: Sequences;
  readonly #publisher: Publisher;
  readonly #waiting: Waiting;
  /** Where its latest claim ends: an index, and the cursor of it. */
  #index: number;
  #cursor: number;
  /** EPOCH at about that time. */
  #epoch: number;
  #gone = false;

  constructor(sequences: Sequences, publisher: Publisher, waiting: Waiting) {
    this.size = sequences.capacity;
    this.mask = sequences.capacity - 1;
    this.#sequences = sequences;
    this.#publisher = publisher;
    this.#waiting = waiting;
    this.#epoch = Atomics.load(sequences.words, EPOCH);
    this.#index = headPosition(sequences);
    this.#cursor = this.#index << ITEM_SHIFT;
  }

  /**
   * Claims `count` indices in a row, all or nothing; the first of them, or -1 when so many are not
   * free now. RING_INVALID unless `count` is from 1 to the size, RING_CLOSED once closed.
   */
  tryReserve(count = 1): number {
    checkCount(count, this.size);
    if (this.#gone) throw disposed("reserve");
    if (!this.#publisher.reserve(count)) return -1;
    const cursor = this.#publisher.upper;
    const upper = this.#publisher.alone ? this.#index + count : this.#indexOf(cursor);
    this.#index = upper;
    this.#cursor = cursor;
    return upper - count;
  }

  /** As tryReserve(), blocking the thread until they are free; -1 = timed out, after milliseconds. */
  reserve(count = 1, timeout?: number): number {
    const limit = checkedTimeout(timeout, "reserve");
    const index = this.tryReserve(count);
    return index >= 0 ? index : this.#wait(count, performance.now() + limit);
  }

  /** As tryReserve(); resolves once they are free. TimeoutError, `signal.reason` or RING_CLOSED. */
  async reserveAsync(count = 1, wait?: Wait): Promise<number> {
    const left = countdown(wait, "reserve");
    for (;;) {
      const index = this.tryReserve(count);
      if (index >= 0) return index;
      await this.#waiting.wait(() => this.#publisher.hasRoom(count), left(), "reserve");
    }
  }

  /**
   * Lets followers see the indices from `lower` to the one before `upper`, which this leader has
   * reserved, as soon as all before them are committed. In any order, in one part or several;
   * RING_INVALID for what is not reserved or was committed, RING_CLOSED when close() came first.
   */
  commit(lower: number, upper = lower + 1): void {
    checkRange(lower, upper, this.#index, this.size);
    this.#publisher.commit(lower << ITEM_SHIFT, upper << ITEM_SHIFT);
  }

  /**
   * Gives up what is reserved, and the leader's place if there is one only. With one publisher the
   * next leader begins behind what is published; with many, followers pass over what is given up.
   */
  [Symbol.dispose](): void {
    this.#gone = true;
    this.#publisher.dispose();
  }

  #wait(count: number, deadline: number): number {
    for (;;) {
      const left = Math.max(0, deadline - performance.now());
      if (!this.#waiting.waitSync(() => this.#publisher.hasRoom(count), left, "reserve")) return -1;
      const index = this.tryReserve(count);
      if (index >= 0) return index;
    }
  }

  /** Other publishers may have gone on meanwhile, and by EPOCH one sees whether by less than 2^30. */
  #indexOf(cursor: number): number {
    const epoch = Atomics.load(this.#sequences.words, EPOCH);
    const near = epoch - this.#epoch <= 1;
    this.#epoch = epoch;
    if (!near) return positionOf(this.#sequences, cursor);
    return this.#index + ((cursor - this.#cursor) >>> ITEM_SHIFT);
  }
}

/** RING_INVALID unless `count` is a whole number from 1 to `size`. */
export function checkCount(count: number, size: number): void {
  if (Number.isInteger(count) && count >= 1 && count <= size) return;
  const why = `count must be a whole number from 1 to ${size}, got ${shown(count)}`;
  throw new RingError("RING_INVALID", "reserve", why, count);
}

/** RING_INVALID for indices that cannot be open, `next` being the first that is not given out. */
export function checkRange(lower: number, upper: number, next: number, size: number): void {
  const whole = Number.isInteger(lower) && Number.isInteger(upper);
  if (whole && lower < upper && upper <= next && lower >= next - size) return;
  const why = `${shown(lower)} to ${shown(upper)} is no range of indices that are reserved`;
  throw new RingError("RING_INVALID", "commit", why, lower);
}

export const disposed = (action: string) =>
  new RingError("RING_CLOSED", action, "this end was disposed of");
