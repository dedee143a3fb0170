/**
 * One side of a ring for many producers and many consumers: how those on it claim ranges of slots
 * one after another and commit them in any order. The writers' side and the readers' are alike.
 *
 * A side has two cursors. Up to the first, slots are claimed; up to the second, all of them are
 * committed: published by the writers, freed by the readers. A claim moves the first by compare-and-
 * exchange, a commit the second, if every claim before it is committed. If not, it stamps the
 * range's first slot and flags the second cursor, and whoever moves that up to a stamp moves it on
 * past that range. So a batch costs two atomic operations, whatever its size, and a claimer that
 * stalls keeps no other from claiming and committing.
 * (Source: Vyukov's bounded queue for the stamps with laps, which it keeps one to a slot; DPDK's
 * rte_ring for ranges under two cursors a side, where commits wait for each other.)
 *
 * A cursor is one word: the number of the next item modulo 2^29, and below it three flags:
 *
 *   bit 2  STAMPED  in the first cursor: stamps have been set on this side. In the second: some may
 *                   stand ahead of it. Whoever takes this flag away looks once more afterwards, and
 *                   whoever sets it has stamped before: one of the two sees the other
 *   bit 1  CLOSED   in the writers' first cursor: no further claim. In the second ones it only
 *                   changes the word, for those who sleep on it
 *   bit 0  WAITING  in the second cursor: the other side sleeps, or is about to, until it moves
 *          SHARED   in the first: the side has had more than one end. While it has not, nobody else
 *                   moves the cursor, and what its end has seen of the other side is not outdated
 *
 * A stamp is a cursor with all that is below its lap replaced; c is log2(capacity):
 *
 *   31 … c+3  lap       of the claim
 *   c+2       version   the opposite of what stood here before
 *   c+1 … 2   length    of the range, less 1
 *   1         kind      which side's
 *   0         1         memory that was never stamped has 0
 *
 * Few ranges are stamped, and each at one slot. So a stamp can be left standing until the positions
 * come round to its lap again. Hence two rules. A stamp counts only at a slot that has been claimed,
 * and nobody claims at a slot where a stamp of that side and lap stands: it is aged by half a round
 * first. Aging is a compare-and-exchange, which several may try and one of them late; the stamp that
 * the claimer may set meanwhile differs in its version, so that a late one fails.
 *
 * What remains: a thread that stops between its look at a word and its compare-and-exchange, and
 * goes on just when 2^29 items have passed, to the item, would not notice that they did.
 */
import { FlaggedWord } from "../../shared/waiting.ts";

const WAITING = 1, STAMPED = 4;
export const SHARED = 1, CLOSED = 2, FLAGS = 7;
export const ITEM_SHIFT = 3;

const SET = 1, KIND_SHIFT = 1, LENGTH_SHIFT = 2;
/** Of a stamp: the highest bit of its lap. */
const HALF_A_ROUND = 1 << 31;

/** Which words of the ring are a side's. */
export interface SideWords {
  /** The first cursor. */
  readonly claimed: number;
  /** The second, which the other side sleeps on. */
  readonly committed: number;
  /** Counts the ends that there have been. */
  readonly ends: number;
  /** 0 or 1. */
  readonly kind: number;
}

export class Side {
  /** Woken at each commit; the other side waits here. */
  readonly commits: FlaggedWord;
  readonly #words: Int32Array;
  readonly #stamps: Int32Array;
  readonly #claimed: number;
  readonly #committed: number;
  readonly #ends: number;
  /** Those of a stamp's bits that are the same in all of this side's. */
  readonly #kind: number;
  readonly #capacity: number;
  /** The bits of a lap, and of a version. */
  readonly #lap: number;
  readonly #version: number;

  /** `stamps`: one a slot, of both sides. */
  constructor(
    words: Int32Array,
    stamps: Int32Array,
    { claimed, committed, ends, kind }: SideWords,
  ) {
    this.commits = new FlaggedWord(words, committed, WAITING);
    this.#words = words;
    this.#stamps = stamps;
    this.#claimed = claimed;
    this.#committed = committed;
    this.#ends = ends;
    this.#kind = (kind << KIND_SHIFT) | SET;
    this.#capacity = stamps.length;
    this.#lap = ~((stamps.length << ITEM_SHIFT) - 1);
    this.#version = stamps.length << LENGTH_SHIFT;
  }

  /** Counts an end in, before it claims; answers what the first cursor is. */
  join(): number {
    if (Atomics.add(this.#words, this.#ends, 1) > 0) {
      Atomics.or(this.#words, this.#claimed, SHARED);
    }
    return Atomics.load(this.#words, this.#claimed);
  }

  /**
   * Claims `count` slots that are free to claim, if the first cursor is `claimed` still, flags and
   * all. Answers what it is: `claimed` when they are the caller's now.
   */
  claim(claimed: number, count: number): number {
    if (claimed & STAMPED) this.#age(claimed);
    const next = (claimed + (count << ITEM_SHIFT)) | 0;
    return Atomics.compareExchange(this.#words, this.#claimed, claimed, next);
  }

  /** Ages a stamp that stands where the first cursor is. */
  #age(claimed: number): void {
    const slot = this.#slotOf(claimed);
    for (;;) {
      const stamp = Atomics.load(this.#stamps, slot);
      if (!this.#isOf(stamp, claimed)) return;
      // Old only if nobody has claimed here by now: else it is the claimer's own.
      if (Atomics.load(this.#words, this.#claimed) !== claimed) return;
      Atomics.compareExchange(this.#stamps, slot, stamp, stamp ^ HALF_A_ROUND);
    }
  }

  /** Commits what was claimed. Answers false when others, claimed before it, are still in flight. */
  commit(cursor: number, count: number): boolean {
    const next = (cursor + (count << ITEM_SHIFT)) | 0;
    return Atomics.compareExchange(this.#words, this.#committed, cursor, next) === cursor ||
      this.#commitFlagged(cursor, next);
  }

  /** The second cursor has a flag, or is not up to it yet. */
  #commitFlagged(cursor: number, next: number): boolean {
    for (;;) {
      const committed = Atomics.load(this.#words, this.#committed);
      if ((committed & ~FLAGS) !== cursor) return false;
      if (!this.#move(committed, next)) continue;
      if (committed & STAMPED) this.absorb();
      return true;
    }
  }

  /** Commits what was claimed while others before it are in flight: by a stamp. */
  commitAhead(cursor: number, count: number): void {
    const words = this.#words, slot = this.#slotOf(cursor);
    if ((Atomics.load(words, this.#claimed) & STAMPED) === 0) {
      Atomics.or(words, this.#claimed, STAMPED);
    }
    const version = ~Atomics.load(this.#stamps, slot) & this.#version;
    const length = (count - 1) << LENGTH_SHIFT;
    Atomics.store(this.#stamps, slot, (cursor & this.#lap) | version | length | this.#kind);
    Atomics.or(words, this.#committed, STAMPED);
    this.absorb();
  }

  /** Moves the second cursor past all the ranges that stand committed before it. */
  absorb(): void {
    for (;;) {
      const committed = Atomics.load(this.#words, this.#committed);
      const cursor = committed & ~FLAGS;
      // In this order: a stamp at a slot that was not claimed when it was read may be an old one.
      if (this.#claimedUpTo() === cursor) {
        if ((committed & STAMPED) === 0 || this.#unflag(committed)) return;
        continue;
      }
      const stamp = Atomics.load(this.#stamps, this.#slotOf(cursor));
      if (!this.#isOf(stamp, cursor)) return;
      const count = ((stamp >>> LENGTH_SHIFT) & (this.#capacity - 1)) + 1;
      this.#move(committed, (cursor + (count << ITEM_SHIFT)) | 0);
    }
  }

  /** All that is claimed was committed. False: more has been claimed since, and may be stamped. */
  #unflag(committed: number): boolean {
    const plain = committed & ~STAMPED;
    if (Atomics.compareExchange(this.#words, this.#committed, committed, plain) !== committed) {
      return false;
    }
    if (this.#claimedUpTo() === (committed & ~FLAGS)) return true;
    Atomics.or(this.#words, this.#committed, STAMPED);
    return false;
  }

  /** Moves the second cursor, and wakes those who sleep until it does. */
  #move(committed: number, next: number): boolean {
    const moved = next | (committed & (CLOSED | STAMPED));
    if (Atomics.compareExchange(this.#words, this.#committed, committed, moved) !== committed) {
      return false;
    }
    if (committed & WAITING) this.commits.wake();
    return true;
  }

  #claimedUpTo(): number {
    return Atomics.load(this.#words, this.#claimed) & ~FLAGS;
  }

  #slotOf(cursor: number): number {
    return (cursor >>> ITEM_SHIFT) & (this.#capacity - 1);
  }

  /** Is a stamp this side's, and of the lap that a cursor is in? */
  #isOf(stamp: number, cursor: number): boolean {
    return ((stamp ^ cursor) & this.#lap) === 0 &&
      (stamp & ((1 << KIND_SHIFT) | SET)) === this.#kind;
  }
}

/** Items from the cursor `from` to the cursor `to`, both without flags. */
export function distance(to: number, from: number): number {
  return ((to - from) | 0) >>> ITEM_SHIFT;
}
