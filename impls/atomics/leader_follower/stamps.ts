/**
 * Stamps: how several publishers commit out of order without sharing a cursor.
 *
 * Each slot has a word, and of a range that is committed only the first slot's is written: the round
 * that the range belongs to, its length, and whether readers pass over it. A reader that stands
 * where a range begins learns from one load that it is there and where the next one begins, so that
 * it sees a prefix without holes; a batch costs one store however long it is. (Source: the available
 * buffer of the LMAX Disruptor's MultiProducerSequencer, a round a slot; the lengths are ours.)
 *
 *   bits 31 … c+2  round, the upper bits of the position modulo 2^30   (2^c slots)
 *   bits c+1 … 1   length: 1 to 2^c items, 0 = not committed
 *   bit 0          skip: there are no items in it; not committed: it may stay so for long
 *
 * Rounds repeat after 2^30 items, and a slot that begins no range for as long would still hold the
 * stamp that it got then. So each claim in one round of every 2^29 items stamps all of its slots:
 * no stamp grows older than half of what it takes to be mistaken for a new one.
 */
import { advanced, distance, ITEM, ITEM_SHIFT } from "../cursor.ts";
import { PREFIX, type Sequences } from "./sequences.ts";

const SKIP = 1;
const EPOCH_BITS = 0x7fffffff;

export class Stamps {
  readonly #stamps: Int32Array;
  readonly #words: Int32Array;
  readonly #slotMask: number;
  /** The bits of a cursor, and of a stamp, that hold the round. */
  readonly #round: number;
  readonly #length: number;

  constructor({ stamps, words, capacity }: Sequences) {
    this.#stamps = stamps;
    this.#words = words;
    this.#slotMask = capacity - 1;
    this.#round = -(capacity * ITEM);
    this.#length = capacity * ITEM - 1 - SKIP;
  }

  /** The stamp where the range at `cursor` begins, or 0 when none is committed there. */
  at(cursor: number): number {
    const stamp = Atomics.load(this.#stamps, (cursor >>> ITEM_SHIFT) & this.#slotMask);
    const current = ((stamp ^ cursor) & this.#round) === 0 && (stamp & this.#length) !== 0;
    return current ? stamp : 0;
  }

  skips(stamp: number): boolean {
    return (stamp & SKIP) !== 0;
  }

  /** Where the range ends that begins at `cursor` and bears this stamp. */
  end(cursor: number, stamp: number): number {
    return advanced(cursor, (stamp & this.#length) >>> 1);
  }

  /** Says that the claim that begins there is not to be waited for. */
  keep(cursor: number): void {
    this.#put(cursor, (cursor & this.#round) | SKIP);
  }

  /** Takes that back, for whoever claims from there on next. */
  clear(cursor: number): void {
    this.#put(cursor, cursor & this.#round);
  }

  isKept(cursor: number): boolean {
    const kept = (cursor & this.#round) | SKIP;
    return Atomics.load(this.#stamps, (cursor >>> ITEM_SHIFT) & this.#slotMask) === kept;
  }

  /** Commits a range; false = a reader has passed over it, which it does once the ring is closed. */
  commit(lower: number, upper: number): boolean {
    return this.#put(lower, (lower & this.#round) | (distance(upper, lower) << 1));
  }

  /** Lets readers pass over a range. */
  skip(lower: number, upper: number): boolean {
    return this.#put(lower, (lower & this.#round) | (distance(upper, lower) << 1) | SKIP);
  }

  /** To be called with every claim before anything of it is committed. */
  renew(lower: number, upper: number): void {
    const everySlot = EPOCH_BITS & this.#round, last = (upper - ITEM) | 0;
    if ((lower & everySlot) !== 0 && (last & everySlot) !== 0) return;
    for (let cursor = lower; cursor !== upper; cursor = (cursor + ITEM) | 0) this.clear(cursor);
  }

  /** Moves PREFIX on over what is committed, to `until` or a little beyond; how far it is then. */
  follow(until: number): number {
    for (;;) {
      const seen = Atomics.load(this.#words, PREFIX);
      let prefix = seen;
      while (distance(until, prefix) > 0) {
        const stamp = this.at(prefix);
        if (stamp === 0) break;
        prefix = this.end(prefix, stamp);
      }
      // Nobody claims beyond one round from PREFIX: while it stood, no stamp was a later one's.
      const found = prefix === seen
        ? Atomics.load(this.#words, PREFIX)
        : Atomics.compareExchange(this.#words, PREFIX, seen, prefix);
      if (found === seen) return prefix;
    }
  }

  /**
   * What is committed or passed over in this round stays so: the range is decided by whoever comes
   * first; false = another did. The stamp of the last round was a like one, most likely.
   */
  #put(lower: number, stamp: number): boolean {
    const slot = (lower >>> ITEM_SHIFT) & this.#slotMask;
    let seen = (stamp + this.#round) | 0;
    for (;;) {
      const found = Atomics.compareExchange(this.#stamps, slot, seen, stamp);
      if (found === seen) return true;
      if (((found ^ stamp) & this.#round) === 0 && (found & this.#length) !== 0) return false;
      seen = found;
    }
  }
}
