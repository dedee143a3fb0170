/**
 * Cursors of rings that workers share: one word, the number of an item modulo 2^30, and below it
 * two bits for flags, so that whoever moves a cursor moves or finds its flags in the same operation.
 *
 * A cursor without its flags is an int32 that may be negative; it counts in steps of ITEM and wraps
 * by itself. Two cursors are compared by their distance, never by their size.
 */
import type { OpenOptions } from "../contract.ts";
import { RingError, shown } from "../errors.ts";

export const ITEM_SHIFT = 2;
/** One item, in a cursor. */
export const ITEM = 1 << ITEM_SHIFT;
export const FLAGS = ITEM - 1;

/** Slots of the largest ring: whatever is compared then lies well within half of the numbers. */
export const MAX_SLOTS = 2 ** 28;

/** RING_INVALID for more slots than cursors can be compared over; the rest is open()'s to check. */
export function checkCapacity(options: OpenOptions | undefined): void {
  const capacity: unknown = options?.capacity;
  if (typeof capacity !== "number" || !(capacity > MAX_SLOTS)) return;
  const why = `capacity must be ${MAX_SLOTS} at most, got ${shown(capacity)}`;
  throw new RingError("RING_INVALID", "open", why, capacity);
}

/** Items from the cursor `from` to the cursor `to`, both without flags; negative when `to` is behind. */
export function distance(to: number, from: number): number {
  return ((to - from) | 0) >> ITEM_SHIFT;
}

/** The cursor `count` items after `cursor`. */
export function advanced(cursor: number, count: number): number {
  return (cursor + (count << ITEM_SHIFT)) | 0;
}
