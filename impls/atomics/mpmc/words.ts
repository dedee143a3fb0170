/**
 * Memory of a ring for many producers and many consumers: the two cursors of each side, which are
 * used one right after the other and so share a cache line; then the slots; then their stamps.
 */
import { FIRST_WORD, type Layout, type SharedMemory, STRIDE } from "../../shared/layout.ts";
import { Side } from "./side.ts";

/** Always 0: to sleep on for a time. */
export const NEVER = FIRST_WORD;
/** Where the last range begins that writers have committed ahead of others in flight. */
export const AHEAD = NEVER + 1;
const WRITERS = AHEAD + 1, READERS = WRITERS + 1;
/** The writers' cursors. */
export const CLAIMED = STRIDE, PUBLISHED = CLAIMED + 1;
/** The readers'. */
export const TAKEN = 2 * STRIDE, FREED = TAKEN + 1;

export const layout: Layout = {
  kind: "MPM1",
  headerWords: 3 * STRIDE,
  elementBytes: 4,
  stampBytes: 4,
};

export const writersOf = (memory: SharedMemory): Side =>
  new Side(memory.words, stampsOf(memory), {
    claimed: CLAIMED,
    committed: PUBLISHED,
    ends: WRITERS,
    kind: 0,
  });

export const readersOf = (memory: SharedMemory): Side =>
  new Side(memory.words, stampsOf(memory), {
    claimed: TAKEN,
    committed: FREED,
    ends: READERS,
    kind: 1,
  });

export const slotsOf = ({ buffer, slotsAt, capacity, width }: SharedMemory): Int32Array =>
  new Int32Array(buffer, slotsAt, capacity * width);

const stampsOf = ({ buffer, stampsAt, capacity }: SharedMemory) =>
  new Int32Array(buffer, stampsAt, capacity);
