/**
 * What the ends of a leader-and-follower ring share: the words of its header, and beside the slots
 * either marks or stamps. One publisher or many, with slots in shared memory or without.
 *
 *   HEAD    one publisher: how far the ring is published; many: how far it is claimed
 *   EPOCH   how many multiples of 2^28 HEAD has passed, or one less when it just has
 *   PREFIX  many publishers: up to here, at least, everything claimed has been committed
 *   ITEMS   many publishers: what readers sleep on until something is committed
 *   ENDED   many publishers: 1 once the ring is closed, apart from HEAD, which they keep busy
 *
 * HEAD of many is a cursor with a flag. HEAD of one has a third flag, and a number modulo 2^29 for
 * it: readers, who are no more than 2^28 behind, know the bit that is missing.
 */
import { RingError } from "../../errors.ts";
import { EVENT_COUNT_WORDS, EventCount, FlaggedWord } from "../../shared/waiting.ts";
import { FIRST_WORD, type SharedMemory, STRIDE } from "../../shared/layout.ts";
import { distance, ITEM_SHIFT, MAX_SLOTS } from "../cursor.ts";
import { GATE_WORDS, Gates } from "../gates.ts";

export const HAS_PUBLISHER = FIRST_WORD;
export const HEAD = STRIDE, EPOCH = HEAD + 1, PREFIX = HEAD + 2;
const ITEMS = 2 * STRIDE;
export const ENDED = ITEMS + EVENT_COUNT_WORDS;
const GATES_AT = 3 * STRIDE;
export const HEADER_WORDS = GATES_AT + GATE_WORDS;

/**
 * Flags of HEAD: the ring is closed; one publisher: readers sleep until it changes, and there may be
 * marks among the slots of the last round.
 */
export const CLOSED = 1, WAITING = 2, MARKED = 4;
/** The flags of one publisher's HEAD, and how far its number is shifted further than a cursor's. */
export const HEAD_FLAGS = CLOSED | WAITING | MARKED, HEAD_SHIFT = 1;

/** Positions from one epoch to the next, and the bit of a cursor that tells two in a row apart. */
const EPOCH_ITEMS = 2 ** 28, EPOCH_BIT = 1 << 30;

export interface Sequences {
  readonly words: Int32Array;
  readonly capacity: number;
  readonly gates: Gates;
  /** One publisher: a byte a slot, 1 where readers pass over it; none without slots. */
  readonly marks: Uint8Array;
  /** Many publishers: a word a slot (stamps.ts); none with one. */
  readonly stamps: Int32Array;
}

/** Bytes beside each slot, in a layout. */
export const MARK_BYTES = 1, STAMP_BYTES = 4;

/** RING_FOREIGN where there are more slots than any ring has. */
export function sequencesIn(memory: SharedMemory, stampBytes: number): Sequences {
  const { buffer, words, capacity, stampsAt } = memory;
  if (capacity > MAX_SLOTS) {
    const why = `its head says ${capacity} slots, no ring has more than ${MAX_SLOTS}`;
    throw new RingError("RING_FOREIGN", "attach", why, capacity);
  }
  return {
    words,
    capacity,
    gates: new Gates(words, GATES_AT),
    marks: new Uint8Array(buffer, stampsAt, stampBytes === MARK_BYTES ? capacity : 0),
    stamps: new Int32Array(buffer, stampsAt, stampBytes === STAMP_BYTES ? capacity : 0),
  };
}

/** Sets new memory to the position of the first item. */
export function beginOne(words: Int32Array, start: number): void {
  Atomics.store(words, HEAD, start << (ITEM_SHIFT + HEAD_SHIFT));
  Atomics.store(words, EPOCH, epochOf(start));
}

export function beginMany(words: Int32Array, start: number): void {
  Atomics.store(words, HEAD, start << ITEM_SHIFT);
  Atomics.store(words, PREFIX, start << ITEM_SHIFT);
  Atomics.store(words, EPOCH, epochOf(start));
}

/** Refuses what is claimed, or published by one, from now on, and wakes all that wait. */
export function close({ words, gates }: Sequences): void {
  Atomics.or(words, HEAD, CLOSED);
  Atomics.store(words, ENDED, 1);
  sleepersOnHead(words).wake();
  sleepersOnItems(words).wakeAlways();
  gates.room.wakeAlways();
}

/** What readers of one publisher sleep on, and what those of many do. */
export const sleepersOnHead = (words: Int32Array) => new FlaggedWord(words, HEAD, WAITING);
export const sleepersOnItems = (words: Int32Array) => new EventCount(words, ITEMS);

/**
 * The number of the item at HEAD, exact to 2^53, where HEAD itself begins again.
 *
 * EPOCH follows HEAD, so that it is never ahead, and never more than one behind: many publishers
 * bring it up to date before they commit the claim that passed, and nobody gets further than a round
 * beyond that claim. The highest bit of the number in HEAD tells which of the two it is.
 */
export function headPosition({ words, stamps }: Sequences): number {
  for (;;) {
    const seen = Atomics.load(words, EPOCH);
    const word = Atomics.load(words, HEAD);
    if (Atomics.load(words, EPOCH) !== seen) continue;
    const head = stamps.length > 0 ? word << HEAD_SHIFT : word;
    const epoch = (seen & 1) === head >>> 31 ? seen : seen + 1;
    return epoch * EPOCH_ITEMS + ((head & 0x7fffffff) >>> (ITEM_SHIFT + HEAD_SHIFT));
  }
}

/** The number of the item at `cursor`, which is no more than a round away from HEAD. */
export function positionOf(sequences: Sequences, cursor: number): number {
  const head = headPosition(sequences);
  return head - distance(head << ITEM_SHIFT, cursor);
}

/** Items from a cursor to HEAD of one publisher, which is not behind it. */
export function itemsTo(head: number, cursor: number): number {
  return ((head & ~HEAD_FLAGS) - (cursor << HEAD_SHIFT)) >>> (ITEM_SHIFT + HEAD_SHIFT);
}

export const epochOf = (position: number): number => Math.floor(position / EPOCH_ITEMS);

/** A multiple of 2^28 lies between the two cursors. */
export function passesEpoch(from: number, to: number): boolean {
  return ((from ^ to) & EPOCH_BIT) !== 0;
}
