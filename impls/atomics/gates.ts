/**
 * The gates of a ring that every reader gets every item of: a table in shared memory of where each
 * reader stands. Whoever writes stays within one round of the lowest gate; a reader that is gated
 * behind others stays behind theirs. (Source: the gating sequences of the LMAX Disruptor, Thompson
 * et al. 2011.)
 *
 *   line 0      the number of gates that were ever in use, and what waits for a gate to move
 *   line 1 + n  gate n: cursor, generation, whether a thread has taken it up
 *
 * Joining while others write: a writer reads how far the ring is written, then the gates, and goes
 * as far as one round beyond the lower of the two, also when there is no gate. A reader takes a
 * gate, and only then reads how far the ring is written, which is where it begins. A writer that
 * did not see the gate had read its limit before, so that it is no higher than where the reader
 * begins, however long the writer keeps it.
 *
 * A reader that dies without release() gates its ring for ever; nobody can tell it from a slow one.
 */
import { RingError, shown } from "../errors.ts";
import { STRIDE } from "../shared/layout.ts";
import { EventCount } from "../shared/waiting.ts";
import { distance, FLAGS } from "./cursor.ts";

/** Readers that one ring has gates for. */
export const GATES = 32;
/** Words of the table, which begins at a multiple of STRIDE. */
export const GATE_WORDS = (1 + GATES) * STRIDE;

const USED = 0, ROOM = 1;
const GENERATION = 1, HELD = 2;
/** Flags of a cursor: the gate is a reader's; somebody sleeps until it moves. */
const IN_USE = 1, AWAITED = 2;
/** Generations before an id comes again: ids stay whole numbers of 31 bits. */
const GENERATIONS = 2 ** 26, LATEST = GENERATIONS - 1;

export class Gates {
  /** Whoever waits for a gate to move, or to go. */
  readonly room: EventCount;
  readonly #words: Int32Array;
  readonly #at: number;

  /** A table of GATE_WORDS words, zero when new, the first of them at `at`. */
  constructor(words: Int32Array, at: number) {
    this.#words = words;
    this.#at = at;
    this.room = new Room(words, at + ROOM, () => this.#flagAll());
  }

  /**
   * The lowest cursor of all gates, or `limit` when it is lower or there is none. `limit` says how
   * far the ring was written when it was read, before this call.
   */
  lowest(limit: number): number {
    const words = this.#words, used = this.#used();
    let lowest = limit;
    for (let slot = 0, at = this.#at + STRIDE; slot < used; slot++, at += STRIDE) {
      const word = Atomics.load(words, at);
      if ((word & IN_USE) !== 0 && distance(word & ~FLAGS, lowest) < 0) lowest = word & ~FLAGS;
    }
    return lowest;
  }

  /** There is no gate at all. */
  get empty(): boolean {
    const used = this.#used();
    for (let slot = 0; slot < used; slot++) {
      if ((Atomics.load(this.#words, this.#of(slot)) & IN_USE) !== 0) return false;
    }
    return true;
  }

  /**
   * A gate for a reader of this thread, at the next item written; RING_BUSY when all are taken.
   * `written` says how far the ring is written now, and is asked twice.
   */
  join(written: () => number): Gate {
    const gate = this.hold(this.place(written()));
    gate.move(written());
    // A writer may have found the gate where it was first, and gone to sleep over it.
    this.room.wakeAlways();
    return gate;
  }

  /**
   * The id of a new gate at `cursor` that hold() is to take up, on whichever thread. Only where no
   * writer can be more than one round beyond `cursor`: on a ring that nothing was written into.
   */
  place(cursor: number): number {
    const words = this.#words;
    for (let slot = 0; slot < GATES; slot++) {
      const at = this.#of(slot);
      if (Atomics.compareExchange(words, at, 0, cursor | IN_USE) !== 0) continue;
      Atomics.store(words, at + HELD, 0);
      this.#raiseUsed(slot + 1);
      return (Atomics.load(words, at + GENERATION) & LATEST) * GATES + slot;
    }
    throw new RingError("RING_BUSY", "open a reader", `the ring has its ${GATES} readers already`);
  }

  /** Takes up a gate that was placed: RING_BUSY when it is, RING_STALE when it is gone. */
  hold(id: number): Gate {
    const at = this.find(id, "open a reader");
    if (Atomics.compareExchange(this.#words, at + HELD, 0, 1) !== 0) {
      throw new RingError("RING_BUSY", "open a reader", "another has taken its place", id);
    }
    return new Gate(this.#words, at, id, this.room);
  }

  /** Where the gate of this id stands in the words; RING_INVALID for no id, RING_STALE for an old one. */
  find(id: number, action: string): number {
    const at = this.#place(id, action);
    const inUse = (Atomics.load(this.#words, at) & IN_USE) !== 0;
    const now = Atomics.load(this.#words, at + GENERATION) & LATEST;
    const generation = Math.floor(id / GATES);
    if (inUse && generation === now) return at;
    if (generation >= now) throw unknown(id, action);
    throw new RingError("RING_STALE", action, `reader ${id} has left`, id);
  }

  /** The gates of these ids, which a reader is to stay behind; those that have left hold nobody. */
  before(ids: readonly number[]): Before {
    return new Before(this.#words, ids, ids.map((id) => this.#place(id, "open a reader")));
  }

  #place(id: number, action: string): number {
    if (!Number.isInteger(id) || id < 0 || id >= GENERATIONS * GATES) throw unknown(id, action);
    return this.#of(id % GATES);
  }

  #of(slot: number): number {
    return this.#at + (1 + slot) * STRIDE;
  }

  /** Has the next move of each gate wake whoever sleeps. */
  #flagAll(): void {
    const words = this.#words, used = this.#used();
    for (let slot = 0; slot < used; slot++) {
      const at = this.#of(slot);
      for (let word = Atomics.load(words, at); (word & FLAGS) === IN_USE;) {
        const found = Atomics.compareExchange(words, at, word, word | AWAITED);
        if (found === word) break;
        word = found;
      }
    }
  }

  /** Memory comes from elsewhere: it is not to lead out of the table. */
  #used(): number {
    return Math.min(Atomics.load(this.#words, this.#at + USED), GATES);
  }

  #raiseUsed(least: number): void {
    const words = this.#words, at = this.#at + USED;
    for (let used = Atomics.load(words, at); used < least;) {
      const found = Atomics.compareExchange(words, at, used, least);
      if (found === used) return;
      used = found;
    }
  }
}

/** One reader's gate, in the hands of its thread. */
export class Gate {
  /** Names the reader on every thread. */
  readonly id: number;
  readonly #words: Int32Array;
  readonly #at: number;
  readonly #room: EventCount;
  #cursor: number;
  #held = true;

  constructor(words: Int32Array, at: number, id: number, room: EventCount) {
    this.id = id;
    this.#words = words;
    this.#at = at;
    this.#room = room;
    this.#cursor = Atomics.load(words, at) & ~FLAGS;
  }

  /** Where it stands: items before it are free to be overwritten. */
  get cursor(): number {
    return this.#cursor;
  }

  /** Frees everything before `cursor`, and wakes whoever waits for that. */
  move(cursor: number): void {
    if (cursor === this.#cursor || !this.#held) return;
    const awaited = Atomics.exchange(this.#words, this.#at, cursor | IN_USE) & AWAITED;
    this.#cursor = cursor;
    if (awaited !== 0) this.#room.wakeAlways();
  }

  /** Gates nobody from now on; once. */
  release(): void {
    if (!this.#held) return;
    this.#held = false;
    // The generation first: whoever finds the old one afterwards has read the reader's own cursor.
    Atomics.add(this.#words, this.#at + GENERATION, 1);
    Atomics.store(this.#words, this.#at, 0);
    this.#room.wakeAlways();
  }
}

/** The readers that another one stays behind, until they leave. */
export class Before {
  readonly #words: Int32Array;
  /** Where their gates stand in the words, and of which generation they are. */
  #at: number[];
  #generations: number[];

  constructor(words: Int32Array, ids: readonly number[], at: readonly number[]) {
    this.#words = words;
    this.#at = [...at];
    this.#generations = ids.map((id) => Math.floor(id / GATES));
  }

  /** The lowest of their cursors, or `limit` when it is lower or all have left. */
  lowest(limit: number): number {
    let lowest = limit;
    for (let i = this.#at.length - 1; i >= 0; i--) {
      // The cursor first: with its generation still there afterwards it was no other reader's.
      const cursor = Atomics.load(this.#words, this.#at[i]!) & ~FLAGS;
      if (!this.#stays(i)) this.#drop(i);
      else if (distance(cursor, lowest) < 0) lowest = cursor;
    }
    return lowest;
  }

  /** All have left. */
  get gone(): boolean {
    return !this.#at.some((_, i) => this.#stays(i));
  }

  #stays(i: number): boolean {
    const generation = Atomics.load(this.#words, this.#at[i]! + GENERATION);
    return (generation & LATEST) === this.#generations[i];
  }

  #drop(i: number): void {
    this.#at = this.#at.filter((_, j) => j !== i);
    this.#generations = this.#generations.filter((_, j) => j !== i);
  }
}

/** Sleepers on it flag the gates, so that a gate that nobody waits for costs its mover no look. */
class Room extends EventCount {
  readonly #flagAll: () => void;

  constructor(words: Int32Array, index: number, flagAll: () => void) {
    super(words, index);
    this.#flagAll = flagAll;
  }

  protected override announce(): number {
    // The sequence first: a mover that finds a flag bumps it after.
    const seen = super.announce();
    this.#flagAll();
    return seen;
  }
}

const unknown = (id: number, action: string) =>
  new RingError("RING_INVALID", action, `no reader of this ring has the id ${shown(id)}`, id);
