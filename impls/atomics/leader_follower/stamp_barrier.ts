/**
 * The barrier before the items of many publishers: the stamps of their ranges (stamps.ts).
 *
 * A publisher that is interrupted between its claim and its commit hides what others have committed
 * behind it. So as not to call a ring empty while an item is inside whose writer was told so, a
 * reader gives it time, but less than a second: one that takes longer is taken for dead, and not
 * waited for again. Claims that were reserved to be filled at leisure are not waited for at all.
 */
import { pause } from "../../shared/runtime.ts";
import { advanced, distance, FLAGS, ITEM } from "../cursor.ts";
import type { Before, Gate } from "../gates.ts";
import { Barrier } from "./barrier.ts";
import { ENDED, HEAD, type Sequences, sleepersOnItems } from "./sequences.ts";
import { Stamps } from "./stamps.ts";

/** Looks at the claim in the way: some by spinning, about 50 µs, then some with naps between them. */
const SPINS = 500, NAPS = 500;
/** The shortest that runtimes sleep, in milliseconds, takes them somewhat more. */
const NAP_MS = 1;
/** Always 0: to sleep on for a time. */
const never = new Int32Array(new SharedArrayBuffer(4));

export class StampBarrier extends Barrier {
  readonly #stamps: Stamps;
  /** The claim that took too long. */
  #givenUp: number | undefined;

  constructor(sequences: Sequences, gate: Gate, before: Before | undefined) {
    super(sequences, gate, before, sleepersOnItems(sequences.words));
    this.#stamps = new Stamps(sequences);
  }

  override settle(): boolean {
    const begin = this.known;
    if (begin === this.#givenUp || !this.#hides(begin)) return false;
    for (let look = 0; look < SPINS + NAPS; look++) {
      if (this.#stamps.at(begin) !== 0) return true;
      if (this.#stamps.isKept(begin)) return false;
      if (look < SPINS) pause();
      else Atomics.wait(never, 0, 0, NAP_MS);
    }
    this.#givenUp = begin;
    return false;
  }

  protected get closed(): boolean {
    return Atomics.load(this.sequences.words, ENDED) !== 0;
  }

  protected get ended(): boolean {
    return this.closed && (Atomics.load(this.sequences.words, HEAD) & ~FLAGS) === this.end;
  }

  /** `known` is where the next range begins, whose stamp is to be looked up. */
  protected look(wanted: number): void {
    const limit = this.#limit();
    this.split = false;
    while (distance(limit, this.known) > 0 && distance(this.known, this.next) < wanted) {
      const begin = this.known;
      const stamp = this.#stamps.at(begin);
      if (stamp === 0) {
        if (!this.#passOverUncommitted(begin)) break;
      } else if (!this.#stamps.skips(stamp)) {
        this.known = this.#stamps.end(begin, stamp);
      } else {
        this.split = begin !== this.next;
        if (this.split) break;
        this.known = this.next = this.#stamps.end(begin, stamp);
      }
    }
    if (distance(limit, this.known) >= 0) this.end = this.known;
    else if (distance(limit, this.end) > 0) this.end = limit;
  }

  /** Behind the claim that begins there something is committed. */
  #hides(begin: number): boolean {
    const { words, capacity } = this.sequences;
    if (distance(this.#limit(), begin) <= 0) return false;
    // Memory comes from elsewhere: more is not claimed than it has slots.
    const claimed = Math.min(distance(Atomics.load(words, HEAD) & ~FLAGS, begin), capacity);
    for (let ahead = 1; ahead < claimed; ahead++) {
      if (this.#stamps.at(advanced(begin, ahead)) !== 0) return true;
    }
    return false;
  }

  /** What is claimed, and taken by those before it. Stamps say how far it is committed. */
  #limit(): number {
    const further = (this.next + this.sequences.capacity * ITEM) | 0;
    return this.before ? this.before.lowest(further) : further;
  }

  /**
   * Once the ring is closed nobody waits for claims that are still open: slot by slot they are
   * stamped as passed over, by which their commit learns that it is too late. True = look again.
   */
  #passOverUncommitted(cursor: number): boolean {
    if (!this.closed) return false;
    if (cursor === (Atomics.load(this.sequences.words, HEAD) & ~FLAGS)) return false;
    this.#stamps.skip(cursor, (cursor + ITEM) | 0);
    return true;
  }
}

/** A gate for a new reader, at the first item that is not committed yet. */
export function joinMany(sequences: Sequences): Gate {
  const { words, gates } = sequences, stamps = new Stamps(sequences);
  return gates.join(() => stamps.follow(Atomics.load(words, HEAD) & ~FLAGS));
}
