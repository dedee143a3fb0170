/**
 * A ring between one producer and one consumer on two threads: wait-free, of int32 items.
 *
 * Each side keeps its own cursor and a copy of the other's, which it looks up only when the copy
 * says full or empty; a batch is published by one store. (Source: Lamport 1977 for the ring,
 * Lee et al. 2010, "MCRingBuffer", for the copies.)
 *
 * A cursor counts items modulo 2^31 and stands shifted left by one; bit 0 of the writer's is the
 * closed flag. Publishing by compare-and-exchange then either makes a batch visible or finds the
 * ring closed, so that no item can be accepted after a reader has seen the end: as cheap as the
 * locked store that Atomics.store is on x86, and it makes a separate look at a flag unnecessary.
 */
import type { Adapter, Capabilities, Handle, OpenOptions, Slots } from "../contract.ts";
import { RingError } from "../errors.ts";
import { countFrom } from "../shared/arguments.ts";
import { copyElements } from "../shared/copy.ts";
import { SharedReader, SharedWriter } from "../shared/ends.ts";
import { claimEnd, FIRST_WORD, type Layout, type SharedMemory, STRIDE } from "../shared/layout.ts";
import { type Design, sharedAdapter, SharedRing } from "../shared/shared_ring.ts";
import { EVENT_COUNT_WORDS, EventCount } from "../shared/waiting.ts";

const HAS_WRITER = FIRST_WORD, HAS_READER = HAS_WRITER + 1;
const ITEMS = HAS_READER + 1; // event count: the reader sleeps on it
const ROOM = ITEMS + EVENT_COUNT_WORDS; // event count: the writer sleeps on it
const WRITTEN = STRIDE; // cursor << 1 | closed
const READ = 2 * STRIDE; // cursor << 1
const layout: Layout = { kind: "SPS1", headerWords: 3 * STRIDE, elementBytes: 4 };

const CLOSED = 1;

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
    Atomics.store(words, WRITTEN, start << 1);
    Atomics.store(words, READ, start << 1);
  },
  writer: (memory) => new SpscWriter(memory),
  reader: (memory) => new SpscReader(memory),
  close({ words }) {
    Atomics.or(words, WRITTEN, CLOSED);
    new EventCount(words, ITEMS).wakeAlways();
    new EventCount(words, ROOM).wakeAlways();
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
  readonly #items: EventCount;
  /** Own cursor, and the last one seen of the reader, both shifted. */
  #written: number;
  #read: number;

  constructor(memory: SharedMemory) {
    const { words, width, capacity } = memory;
    super(width, new EventCount(words, ROOM), claimEnd(words, HAS_WRITER, "writer"));
    this.#words = words;
    this.#slots = new Int32Array(memory.buffer, memory.slotsAt);
    this.#capacity = capacity;
    this.#items = new EventCount(words, ITEMS);
    this.#written = Atomics.load(words, WRITTEN) & ~CLOSED;
    this.#read = Atomics.load(words, READ);
  }

  tryWrite(items: ArrayLike<number>, from = 0): number {
    const offered = countFrom(items, from, this.width, "write");
    const written = this.#written;
    let free = this.#capacity - distance(written, this.#read);
    if (free < offered) {
      this.#read = Atomics.load(this.#words, READ);
      free = this.#capacity - distance(written, this.#read);
    }
    const count = Math.min(free, offered);
    if (count === 0) {
      if (Atomics.load(this.#words, WRITTEN) !== written) throw closed();
      return 0;
    }
    this.#copyIn(items, from, written >>> 1, count);
    const next = (written + (count << 1)) | 0;
    if (Atomics.compareExchange(this.#words, WRITTEN, written, next) !== written) throw closed();
    this.#written = next;
    this.moved += count;
    this.#items.wake();
    return count;
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
    this.#read = Atomics.load(this.#words, READ);
    return distance(this.#written, this.#read) < this.#capacity ||
      Atomics.load(this.#words, WRITTEN) !== this.#written;
  }
}

export class SpscReader extends SharedReader {
  readonly #words: Int32Array;
  readonly #slots: Int32Array;
  readonly #capacity: number;
  readonly #room: EventCount;
  /** Own cursor, and the last one seen of the writer, both shifted, without the closed flag. */
  #read: number;
  #written: number;

  constructor(memory: SharedMemory) {
    const { words, width, capacity } = memory;
    super(width, new EventCount(words, ITEMS), claimEnd(words, HAS_READER, "reader"));
    this.#words = words;
    this.#slots = new Int32Array(memory.buffer, memory.slotsAt);
    this.#capacity = capacity;
    this.#room = new EventCount(words, ROOM);
    this.#read = Atomics.load(words, READ);
    this.#written = Atomics.load(words, WRITTEN) & ~CLOSED;
  }

  get done(): boolean {
    return Atomics.load(this.#words, WRITTEN) === (this.#read | CLOSED);
  }

  tryRead(into: Slots<number>, from = 0): number {
    const asked = countFrom(into, from, this.width, "read");
    const read = this.#read;
    let there = distance(this.#written, read);
    if (there < asked) {
      this.#written = Atomics.load(this.#words, WRITTEN) & ~CLOSED;
      there = distance(this.#written, read);
    }
    const count = Math.min(there, asked);
    if (count === 0) return 0;
    this.#copyOut(into, from, read >>> 1, count);
    this.#read = (read + (count << 1)) | 0;
    Atomics.store(this.#words, READ, this.#read);
    this.moved += count;
    this.#room.wake();
    return count;
  }

  #copyOut(into: Slots<number>, from: number, cursor: number, count: number): void {
    const slots = this.#slots, width = this.width;
    const at = (cursor & (this.#capacity - 1)) * width;
    const target = from * width;
    const first = Math.min(count * width, slots.length - at);
    copyElements(into, target, slots, at, first);
    if (first < count * width) {
      copyElements(into, target + first, slots, 0, count * width - first);
    }
  }

  protected hasItems(): boolean {
    this.#written = Atomics.load(this.#words, WRITTEN) & ~CLOSED;
    return distance(this.#written, this.#read) > 0;
  }
}

/** Items from the cursor `from` to the cursor `to`, both shifted. */
function distance(to: number, from: number): number {
  return ((to - from) | 0) >>> 1;
}

function closed(): RingError {
  return new RingError("RING_CLOSED", "write", "the ring is closed");
}
