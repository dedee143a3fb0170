/**
 * Memory between two hand-written loops: word 0 the writer's cursor, word 32 the reader's, from word
 * 64 on the slots. A cursor is the number of the next item, modulo 2^32.
 */
import { type Case, lanesOf, type Params } from "../cases/case.ts";
import type { Seats } from "../cell/contender.ts";
import { CAPACITY } from "../cell/ring.ts";

export const WRITTEN = 0, READ = 32, SLOTS = 64;
export const LANE_BYTES = 4 * (SLOTS + CAPACITY);
export const MASK = CAPACITY - 1;

export interface Lane {
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly slots: Int32Array<SharedArrayBuffer>;
}

/** As many as the case wants, for both ends alike. */
export function openLanes(work: Case, params: Params): Seats {
  const at = Array.from({ length: lanesOf(work, params) }, () => new SharedArrayBuffer(LANE_BYTES));
  return { lead: { at }, follow: { at } };
}

export function joinLanes(at: unknown): Lane[] {
  return (at as SharedArrayBuffer[]).map((memory) => ({
    words: new Int32Array(memory),
    slots: new Int32Array(memory, 4 * SLOTS),
  }));
}
