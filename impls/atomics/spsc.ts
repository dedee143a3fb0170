/**
 * A ring between one producer and one consumer on two threads: wait-free, of int32 items.
 *
 * Each side keeps its own cursor and a copy of the other's, which it looks up only when the copy
 * says full or empty; a batch is published by one store. (Source: Lamport 1977 for the ring,
 * Lee et al. 2010, "MCRingBuffer", for the copies.)
 *
 * A cursor is one word: the number of the next item modulo 2^30, and below it two flags. Whoever
 * publishes by a read-modify-write learns from the same operation whether one of them was set:
 *
 *   bit 0  WAITING  the other side sleeps, or is about to, until this word changes
 *   bit 1  CLOSED   in the writer's word: no later item is accepted. Publishing by compare-and-
 *                   exchange either makes a batch visible or finds this, so that no item can be
 *                   accepted after a reader has seen the end
 *
 * That costs what the locked store that Atomics.store is on x86 costs, and is all that a batch costs.
 */
import type { Adapter, Capabilities, Handle, OpenOptions, Slots } from "../contract.ts";
import { RingError } from "../errors.ts";
import { countFrom } from "../shared/arguments.ts";
import { copyElements, SlotReader } from "../shared/copy.ts";
import { SharedReader, SharedWriter } from "../shared/ends.ts";
import { claimEnd, FIRST_WORD, type Layout, type SharedMemory, STRIDE } from "../shared/layout.ts";
import { type Design, sharedAdapter, SharedRing } from "../shared/shared_ring.ts";
import { FlaggedWord } from "../shared/waiting.ts";

const HAS_WRITER = FIRST_WORD, HAS_READER = HAS_WRITER + 1;
const WRITTEN = STRIDE; // the writer's cursor
const READ = 2 * STRIDE; // the reader's
const layout: Layout = { kind: "SPS1", headerWords: 3 * STRIDE, elementBytes: 4 };

const WAITING = 1, CLOSED = 2, FLAGS = WAITING | CLOSED;
/** One item, in a cursor. */
const ITEM_SHIFT = 2;

const capabilities: Capabilities = {
  items: "int32",
  flow: "loop",
  producers: 1,
  consumers: 1,
  delivery: "queue",
  overflow: "wait",
  progress: "wait-free",
  reach: "worker",
  sizes: "power-of-two",
  width: true,
  start: true,
  reserve: false,
  stages: false,
  blocking: true,
};

const design: Design<SpscWriter, SpscReader> = {
  name: "spsc",
  family: "atomics",
  capabilities,
  layout,
  begin({ words }, start) {
    Atomics.store(words, WRITTEN, start << ITEM_SHIFT);
    Atomics.store(words, READ, start << ITEM_SHIFT);
  },
  writer: (memory) => new SpscWriter(memory),
  reader: (memory) => new SpscReader(memory),
  close({ words }) {
    Atomics.or(words, WRITTEN, CLOSED);
    // Changes the word that a waiting writer sleeps on. A reader that clears it again makes room.
    Atomics.or(words, READ, CLOSED);
    itemsOf(words).wake();
    roomOf(words).wake();
  },
};

export type SpscRing = SharedRing<SpscWriter, SpscReader>;

export const adapter: Adapter<number> = sharedAdapter(design);

/** A new ring; `capacity` a power of two. */
export const openSpsc = (options: OpenOptions): SpscRing => SharedRing.open(design, options);

/** The ring in the memory of a handle that came from another thread. */
export const attachSpsc = (handle: Handle): SpscRing => SharedRing.attach(design, handle);

export class SpscWriter extends SharedWriter {
  readonly #words: Int32Array;
  readonly #slots: Int32Array;
  readonly #capacity: number;
  /** Own cursor, and the last one seen of the reader, both without flags. */
  #written: number;
  #read: number;

  constructor(memory: SharedMemory) {
    const { words, width, capacity } = memory;
    super(width, roomOf(words), claimEnd(words, HAS_WRITER, "writer"));
    this.#words = words;
    this.#slots = new Int32Array(memory.buffer, memory.slotsAt);
    this.#capacity = capacity;
    this.#written = Atomics.load(words, WRITTEN) & ~FLAGS;
    this.#read = Atomics.load(words, READ) & ~FLAGS;
  }

  tryWrite(items: ArrayLike<number>, from = 0): number {
    const offered = countFrom(items, from, this.width, "write");
    const written = this.#written;
    let free = this.#capacity - distance(written, this.#read);
    if (free < offered) {
      this.#read = Atomics.load(this.#words, READ) & ~FLAGS;
      free = this.#capacity - distance(written, this.#read);
    }
    const count = free < offered ? free : offered;
    if (count === 0) {
      if (Atomics.load(this.#words, WRITTEN) & CLOSED) throw closed();
      return 0;
    }
    this.#copyIn(items, from, written >>> ITEM_SHIFT, count);
    const next = (written + (count << ITEM_SHIFT)) | 0;
    if (Atomics.compareExchange(this.#words, WRITTEN, written, next) !== written) {
      this.#publishFlagged(written, next);
    }
    this.#written = next;
    this.moved += count;
    return count;
  }

  /** The word has a flag: the ring is closed, or a reader is to be woken. */
  #publishFlagged(written: number, next: number): void {
    const asleep = written | WAITING;
    if (Atomics.compareExchange(this.#words, WRITTEN, asleep, next) !== asleep) throw closed();
    itemsOf(this.#words).wake();
  }

  #copyIn(items: ArrayLike<number>, from: number, cursor: number, count: number): void {
    const slots = this.#slots, width = this.width;
    const at = (cursor & (this.#capacity - 1)) * width;
    const source = from * width;
    const first = Math.min(count * width, slots.length - at);
    copyElements(slots, at, items, source, first);
    if (first < count * width) {
      copyElements(slots, 0, items, source + first, count * width - first);
    }
  }

  protected hasRoom(): boolean {
    this.#read = Atomics.load(this.#words, READ) & ~FLAGS;
    return distance(this.#written, this.#read) < this.#capacity ||
      (Atomics.load(this.#words, WRITTEN) & CLOSED) !== 0;
  }
}

export class SpscReader extends SharedReader {
  readonly #words: Int32Array;
  readonly #slots: SlotReader;
  readonly #capacity: number;
  /** Own cursor, and the last one seen of the writer, both without flags. */
  #read: number;
  #written: number;

  constructor(memory: SharedMemory) {
    const { words, width, capacity } = memory;
    super(width, itemsOf(words), claimEnd(words, HAS_READER, "reader"));
    this.#words = words;
    this.#slots = new SlotReader(new Int32Array(memory.buffer, memory.slotsAt));
    this.#capacity = capacity;
    this.#read = Atomics.load(words, READ) & ~FLAGS;
    this.#written = Atomics.load(words, WRITTEN) & ~FLAGS;
  }

  get done(): boolean {
    return (Atomics.load(this.#words, WRITTEN) & ~WAITING) === (this.#read | CLOSED);
  }

  tryRead(into: Slots<number>, from = 0): number {
    const asked = countFrom(into, from, this.width, "read");
    const read = this.#read;
    let there = distance(this.#written, read);
    if (there < asked) {
      this.#written = Atomics.load(this.#words, WRITTEN) & ~FLAGS;
      there = distance(this.#written, read);
    }
    const count = there < asked ? there : asked;
    if (count === 0) return 0;
    this.#copyOut(into, from, read >>> ITEM_SHIFT, count);
    this.#read = (read + (count << ITEM_SHIFT)) | 0;
    if (Atomics.exchange(this.#words, READ, this.#read) !== read) roomOf(this.#words).wake();
    this.moved += count;
    return count;
  }

  #copyOut(into: Slots<number>, from: number, cursor: number, count: number): void {
    const width = this.width;
    const at = (cursor & (this.#capacity - 1)) * width;
    const target = from * width;
    const first = Math.min(count * width, this.#capacity * width - at);
    this.#slots.copy(into, target, at, first);
    if (first < count * width) {
      this.#slots.copy(into, target + first, 0, count * width - first);
    }
  }

  protected hasItems(): boolean {
    this.#written = Atomics.load(this.#words, WRITTEN) & ~FLAGS;
    return distance(this.#written, this.#read) > 0;
  }
}

/** What a reader sleeps on, and what a writer does. */
const itemsOf = (words: Int32Array) => new FlaggedWord(words, WRITTEN, WAITING);
const roomOf = (words: Int32Array) => new FlaggedWord(words, READ, WAITING);

/** Items from the cursor `from` to the cursor `to`, both without flags. */
function distance(to: number, from: number): number {
  return ((to - from) | 0) >>> ITEM_SHIFT;
}

function closed(): RingError {
  return new RingError("RING_CLOSED", "write", "the ring is closed");
}
