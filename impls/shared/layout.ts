/**
 * Memory of a ring that workers share: a header of named int32 words, then the slots.
 *
 *   word 0  magic        "RING"
 *   word 1  kind         which ring and which version of its layout
 *   word 2  capacity     items
 *   word 3  width        elements an item
 *   word 4  …            the ring's own words, at the offsets that it names
 *
 * Words that different threads write often stand a stride apart, so that no two share a cache line
 * or the line that the processor fetches along with it.
 */
import { RingError, shown } from "../errors.ts";

const MAGIC = 0x474e4952; // "RING" in little-endian memory
const KIND = 1, CAPACITY = 2, WIDTH = 3;
/** First word that is the ring's own. */
export const FIRST_WORD = 4;
/** Words from one busy word to the next: two cache lines of 64 bytes. */
export const STRIDE = 32;

export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
  /** The header; `slotsAt` is its length in bytes. */
  readonly words: Int32Array;
  readonly slotsAt: number;
  /** Where the stamps begin, in bytes. */
  readonly stampsAt: number;
  readonly capacity: number;
  readonly width: number;
}

/** What tells one ring's memory from another's, and how large it is. */
export interface Layout {
  /** Four characters, the last one the version: "SPS1". */
  readonly kind: string;
  readonly headerWords: number;
  readonly elementBytes: number;
  /** Beside each item, behind the slots: words that say what state it is in. 0 by default. */
  readonly stampBytes?: number;
  /** Items that there is memory for, where a ring needs more than its capacity. */
  readonly slots?: (capacity: number, width: number) => number;
}

/** New memory, zero but for its head. Capacity and width are checked already. */
export function allocate(layout: Layout, capacity: number, width: number): SharedMemory {
  const slotsAt = layout.headerWords * 4;
  const buffer = new SharedArrayBuffer(bytesOf(layout, capacity, width));
  const words = new Int32Array(buffer, 0, layout.headerWords);
  words[CAPACITY] = capacity;
  words[WIDTH] = width;
  words[KIND] = kindWord(layout);
  Atomics.store(words, 0, MAGIC);
  return { buffer, words, slotsAt, stampsAt: stampsAt(layout, capacity, width), capacity, width };
}

/** The memory behind a handle, or RING_FOREIGN: nothing in it is believed before it is checked. */
export function recognise(layout: Layout, at: unknown): SharedMemory {
  const foreign = (why: string) => new RingError("RING_FOREIGN", "attach", why, at);
  if (!(at instanceof SharedArrayBuffer)) {
    throw foreign(`a SharedArrayBuffer is needed, got ${shown(at)}`);
  }
  const slotsAt = layout.headerWords * 4;
  if (at.byteLength < slotsAt) throw foreign(`${at.byteLength} bytes are too few for a header`);
  const words = new Int32Array(at, 0, layout.headerWords);
  if (Atomics.load(words, 0) !== MAGIC) throw foreign("the memory holds no ring");
  if (words[KIND] !== kindWord(layout)) {
    throw foreign(`the memory holds another kind or version of ring than ${layout.kind}`);
  }
  const capacity = words[CAPACITY]!, width = words[WIDTH]!;
  const bytes = bytesOf(layout, capacity, width);
  if (capacity < 1 || width < 1 || bytes !== at.byteLength) {
    throw foreign(
      `its head says ${capacity} items of width ${width}, its size is ${at.byteLength} bytes`,
    );
  }
  return {
    buffer: at,
    words,
    slotsAt,
    stampsAt: stampsAt(layout, capacity, width),
    capacity,
    width,
  };
}

function stampsAt(layout: Layout, capacity: number, width: number): number {
  const slots = layout.slots?.(capacity, width) ?? capacity;
  return layout.headerWords * 4 + slots * width * layout.elementBytes;
}

function bytesOf(layout: Layout, capacity: number, width: number): number {
  return stampsAt(layout, capacity, width) + capacity * (layout.stampBytes ?? 0);
}

/** Takes the slot that `word` stands for, or RING_BUSY; release() gives it back, once. */
export function claimEnd(words: Int32Array, word: number, end: "reader" | "writer"): () => void {
  if (Atomics.compareExchange(words, word, 0, 1) !== 0) {
    throw new RingError("RING_BUSY", `open a ${end}`, `the ring has its one ${end} already`);
  }
  let held = true;
  return () => {
    if (held) Atomics.store(words, word, 0);
    held = false;
  };
}

function kindWord(layout: Layout): number {
  let word = 0;
  for (const character of layout.kind) word = (word << 8) | character.charCodeAt(0);
  return word;
}
