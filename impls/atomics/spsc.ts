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
 *
 * Item by item, push() and pop() make the batches themselves. (Source: Thompson, "smart batching".)
 */
import type { Adapter, Capabilities, Handle, OpenOptions, Slots, Stats } from "../contract.ts";
import { RingError } from "../errors.ts";
import { countFrom, refuse } from "../shared/arguments.ts";
import { copyElements, SlotReader } from "../shared/copy.ts";
import { SharedReader, SharedWriter } from "../shared/ends.ts";
import { claimEnd, FIRST_WORD, type Layout, type SharedMemory, STRIDE } from "../shared/layout.ts";
import {
  type Design,
  sharedAdapter,
  SharedRing,
  workerCapabilities,
} from "../shared/shared_ring.ts";
import { FlaggedWord } from "../shared/waiting.ts";

const HAS_WRITER = FIRST_WORD, HAS_READER = HAS_WRITER + 1;
const WRITTEN = STRIDE; // the writer's cursor
const READ = 2 * STRIDE; // the reader's
const layout: Layout = { kind: "SPS1", headerWords: 3 * STRIDE, elementBytes: 4 };

const WAITING = 1, CLOSED = 2, FLAGS = WAITING | CLOSED;
/** One item, in a cursor. */
const ITEM_SHIFT = 2, ITEM = 1 << ITEM_SHIFT;
/** Items that push() gathers, and that pop() takes before it frees their slots. */
const BATCH = 64;
/**
 * Items after which push() looks whether the reader sleeps. Engines call out for every atomic
 * operation, also for a load, which takes as long as the rest of several pushes.
 */
const LOOK_AFTER = 16;

const capabilities: Capabilities = {
  ...workerCapabilities,
  producers: 1,
  consumers: 1,
  progress: "wait-free",
  atomicBatch: true,
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

/**
 * A new ring; `capacity` a power of two.
 *
 * @example Items one by one from a worker, waited for where there are none
 * ```ts
 * import { isMainThread, Worker, workerData } from "node:worker_threads";
 * import { assertEquals } from "@std/assert";
 * import { attachSpsc, openSpsc } from "ringproof/spsc";
 *
 * if (isMainThread) {
 *   const ring = openSpsc({ capacity: 1024 });
 *   const reader = await ring.reader();
 *   new Worker(new URL(import.meta.url), { workerData: ring.handle });
 *   const one = new Int32Array(1);
 *   let sum = 0;
 *   while (await reader.read(one) > 0) {
 *     sum += one[0]!;
 *     for (let item = reader.pop(); item !== undefined; item = reader.pop()) sum += item;
 *   }
 *   assertEquals(sum, 12497500);
 * } else {
 *   const ring = attachSpsc(workerData);
 *   const writer = await ring.writer();
 *   for (let item = 0; item < 5000; item++) {
 *     if (!writer.push(item)) writer.writeSync([item]);
 *   }
 *   writer.flush();
 *   await ring.close();
 * }
 * ```
 */
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
  /** Where push() goes on, at #written unless it has gathered; and where it must stop and look. */
  #pushed: number;
  #stop: number;
  /** Items that push() gathers: one after the reader was asleep, then twice as many each time. */
  #batch = 1;

  constructor(memory: SharedMemory) {
    const { words, width, capacity } = memory;
    super(width, roomOf(words), claimEnd(words, HAS_WRITER, "writer"));
    this.#words = words;
    this.#slots = new Int32Array(memory.buffer, memory.slotsAt);
    this.#capacity = capacity;
    this.#written = this.#pushed = this.#stop = Atomics.load(words, WRITTEN) & ~FLAGS;
    this.#read = Atomics.load(words, READ) & ~FLAGS;
  }

  /**
   * One item of a ring of width 1; false = full. Pushed items are accepted, and seen by the reader,
   * in batches: when they are as many as go at once now, when the ring is full, when the reader is
   * found asleep, which is looked for every 16 items, and by flush(). One goes at once after the
   * reader was asleep, then two, and so on to 64. A writer that pauses calls flush(), or its last
   * items wait for its next ones. RING_CLOSED, at the end of a batch: none of it was accepted.
   */
  push(item: number): boolean {
    const pushed = this.#pushed;
    if (pushed === this.#stop && !this.#goOn()) return false;
    this.#slots[(pushed >>> ITEM_SHIFT) & (this.#capacity - 1)] = item;
    const next = this.#pushed = (pushed + ITEM) | 0;
    if (next === this.#stop) this.#look();
    return true;
  }

  /** Publishes what push() has gathered. RING_CLOSED: none of it was accepted. */
  flush(): void {
    const written = this.#written, next = this.#pushed;
    if (next === written) return;
    this.#pushed = this.#stop = written; // given up, should the ring be closed
    this.#publish(written, next);
    this.#pushed = next;
    this.#setStop();
  }

  /** Publishes if that is due, and sets the next stop. */
  #look(): void {
    const gathered = distance(this.#pushed, this.#written);
    if (gathered >= this.#batch) {
      this.#batch = Math.min(2 * this.#batch, BATCH);
      this.flush();
    } else if (this.#room(this.#pushed, 1) === 0 || this.#isFlagged) this.flush();
    else this.#setStop();
  }

  /** Lets push() go on where it stood still; false = full. */
  #goOn(): boolean {
    if (this.width !== 1) refuse("push", "it takes items of width 1 only", this.width);
    this.#refuseClosed();
    if (this.#room(this.#pushed, LOOK_AFTER) === 0) return false;
    this.#setStop();
    return true;
  }

  /** The reader sleeps, or the ring is closed. */
  get #isFlagged(): boolean {
    return (Atomics.load(this.#words, WRITTEN) & FLAGS) !== 0;
  }

  #setStop(): void {
    const pushed = this.#pushed;
    const free = this.#capacity - distance(pushed, this.#read);
    const due = this.#batch - distance(pushed, this.#written);
    this.#stop = (pushed + (Math.min(free, due, LOOK_AFTER) << ITEM_SHIFT)) | 0;
  }

  tryWrite(items: ArrayLike<number>, from = 0): number {
    const offered = countFrom(items, from, this.width, "write");
    if (this.#pushed !== this.#written) this.flush();
    const written = this.#written;
    const free = this.#room(written, offered);
    const count = free < offered ? free : offered;
    if (count === 0) {
      this.#refuseClosed();
      return 0;
    }
    this.#copyIn(items, from, written >>> ITEM_SHIFT, count);
    const next = (written + (count << ITEM_SHIFT)) | 0;
    this.#publish(written, next);
    this.#pushed = this.#stop = next;
    return count;
  }

  /** Free slots; the reader's cursor is looked up only when they seem fewer than `wanted`. */
  #room(written: number, wanted: number): number {
    let free = this.#capacity - distance(written, this.#read);
    if (free < wanted) {
      this.#read = Atomics.load(this.#words, READ) & ~FLAGS;
      free = this.#capacity - distance(written, this.#read);
      if (free < 0) throw foreign("write");
    }
    return free;
  }

  #refuseClosed(): void {
    if (Atomics.load(this.#words, WRITTEN) & CLOSED) throw closed();
  }

  #publish(written: number, next: number): void {
    if (Atomics.compareExchange(this.#words, WRITTEN, written, next) !== written) {
      this.#publishFlagged(written, next);
    }
    this.#written = next;
    this.moved += distance(next, written);
  }

  /** The word has a flag: the ring is closed, or a reader is to be woken. */
  #publishFlagged(written: number, next: number): void {
    const asleep = written | WAITING;
    if (Atomics.compareExchange(this.#words, WRITTEN, asleep, next) !== asleep) throw closed();
    itemsOf(this.#words).wake();
    this.#batch = 1;
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

  override async [Symbol.asyncDispose](): Promise<void> {
    const open = (Atomics.load(this.#words, WRITTEN) & CLOSED) === 0;
    if (open) this.flush();
    await super[Symbol.asyncDispose]();
  }

  protected hasRoom(): boolean {
    this.#read = Atomics.load(this.#words, READ) & ~FLAGS;
    return distance(this.#written, this.#read) < this.#capacity ||
      (Atomics.load(this.#words, WRITTEN) & CLOSED) !== 0;
  }
}

export class SpscReader extends SharedReader {
  readonly #words: Int32Array;
  readonly #elements: Int32Array;
  readonly #slots: SlotReader;
  readonly #capacity: number;
  /** Own cursor, and the last one seen of the writer, both without flags. */
  #read: number;
  #written: number;
  /** What the writer knows of #read; and where pop() must stop and look. */
  #freed: number;
  #stop: number;

  constructor(memory: SharedMemory) {
    const { words, width, capacity } = memory;
    super(width, itemsOf(words), claimEnd(words, HAS_READER, "reader"));
    this.#words = words;
    this.#elements = new Int32Array(memory.buffer, memory.slotsAt);
    this.#slots = new SlotReader(this.#elements);
    this.#capacity = capacity;
    this.#read = this.#freed = this.#stop = Atomics.load(words, READ) & ~FLAGS;
    this.#written = this.#read; // empty, until it looks
  }

  /** One item of a ring of width 1; undefined = empty. Slots are freed 64 at once, or when it is. */
  pop(): number | undefined {
    const read = this.#read;
    if (read === this.#stop && !this.#goOn()) return undefined;
    this.#read = (read + ITEM) | 0;
    return this.#elements[(read >>> ITEM_SHIFT) & (this.#capacity - 1)];
  }

  /** Lets pop() have another batch, or what is there of it; false = empty. */
  #goOn(): boolean {
    if (this.width !== 1) refuse("pop", "it gives items of width 1 only", this.width);
    this.#free();
    const read = this.#read;
    if (this.#written === read) {
      this.#written = Atomics.load(this.#words, WRITTEN) & ~FLAGS;
      if (this.#written === read) return false;
    }
    const there = distance(this.#written, read);
    if (there > this.#capacity) this.#refuse();
    const count = Math.min(there, BATCH);
    this.#stop = (read + (count << ITEM_SHIFT)) | 0;
    return true;
  }

  /** Gives the slots of what was read back to the writer. */
  #free(): void {
    const freed = this.#freed, read = this.#read;
    if (read === freed) return;
    if (Atomics.exchange(this.#words, READ, read) !== freed) roomOf(this.#words).wake();
    this.moved += distance(read, freed);
    this.#freed = read;
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
      if (there > this.#capacity) this.#refuse();
    }
    const count = there < asked ? there : asked;
    if (count > 0) {
      this.#copyOut(into, from, read >>> ITEM_SHIFT, count);
      this.#read = this.#stop = (read + (count << ITEM_SHIFT)) | 0;
    }
    this.#free();
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

  override async [Symbol.asyncDispose](): Promise<void> {
    this.#free();
    await super[Symbol.asyncDispose]();
  }

  override stats(): Stats {
    return { ...super.stats(), moved: this.moved + distance(this.#read, this.#freed) };
  }

  protected hasItems(): boolean {
    return distance(Atomics.load(this.#words, WRITTEN) & ~FLAGS, this.#read) > 0;
  }

  /** Memory comes from elsewhere: what it says there is, is not to be more than its slots. */
  #refuse(): never {
    this.#written = this.#read; // believed neither now nor by the next call
    throw foreign("read");
  }
}

/** What a reader sleeps on, and what a writer does. */
const itemsOf = (words: Int32Array) => new FlaggedWord(words, WRITTEN, WAITING);
const roomOf = (words: Int32Array) => new FlaggedWord(words, READ, WAITING);

/** Items from the cursor `from` to the cursor `to`, both without flags. */
function distance(to: number, from: number): number {
  return ((to - from) | 0) >>> ITEM_SHIFT;
}

function foreign(action: "read" | "write"): RingError {
  return new RingError("RING_FOREIGN", action, "its cursors are further apart than it has slots");
}

function closed(): RingError {
  return new RingError("RING_CLOSED", "write", "the ring is closed");
}
