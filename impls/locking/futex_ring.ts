/**
 * A ring for many producers and consumers on many threads, of int32 items, under one futex mutex
 * with two condition variables: whatever is changed is changed by the lock's holder alone, so that
 * the cursors and the slots are plain memory. It is the ring that others are to be compared with.
 */
import type { Adapter, Capabilities, Handle, OpenOptions, Slots } from "../contract.ts";
import { RingError } from "../errors.ts";
import { countFrom } from "../shared/arguments.ts";
import { copyElements } from "../shared/copy.ts";
import { SharedReader, SharedWriter } from "../shared/ends.ts";
import { FIRST_WORD, type Layout, type SharedMemory, STRIDE } from "../shared/layout.ts";
import { type Design, sharedAdapter, SharedRing } from "../shared/shared_ring.ts";
import { EVENT_COUNT_WORDS, EventCount } from "../shared/waiting.ts";
import { locked } from "./futex.ts";

const ITEMS = FIRST_WORD; // event count: readers sleep on it
const ROOM = ITEMS + EVENT_COUNT_WORDS; // event count: writers sleep on it
const LOCK = STRIDE;
// Below, all is written and read under the lock only; hasRoom() and hasItems() peek, and re-try.
const HEAD = LOCK + 1; // slot of the oldest item, 0 … capacity − 1
const LENGTH = HEAD + 1; // items inside, 0 … capacity
const CLOSED = LENGTH + 1;
const layout: Layout = { kind: "FTX1", headerWords: 2 * STRIDE, elementBytes: 4 };

const capabilities: Capabilities = {
  items: "int32",
  flow: "loop",
  producers: "many",
  consumers: "many",
  delivery: "queue",
  overflow: "wait",
  progress: "locking",
  reach: "worker",
  sizes: "any",
  width: true,
  start: true,
  reserve: false,
  stages: false,
  blocking: true,
};

const design: Design<FutexWriter, FutexReader> = {
  name: "futex_ring",
  family: "locking",
  capabilities,
  layout,
  begin({ words, capacity }, start) {
    Atomics.store(words, HEAD, start % capacity);
  },
  writer: (memory) => new FutexWriter(memory),
  reader: (memory) => new FutexReader(memory),
  close({ words }) {
    locked(words, LOCK, () => Atomics.store(words, CLOSED, 1));
    new EventCount(words, ITEMS).wakeAlways();
    new EventCount(words, ROOM).wakeAlways();
  },
};

export type FutexRing = SharedRing<FutexWriter, FutexReader>;

export const adapter: Adapter<number> = sharedAdapter(design);

/** A new ring of any capacity. */
export const openFutexRing = (options: OpenOptions): FutexRing => SharedRing.open(design, options);

/** The ring in the memory of a handle that came from another thread. */
export const attachFutexRing = (handle: Handle): FutexRing => SharedRing.attach(design, handle);

export class FutexWriter extends SharedWriter {
  readonly #memory: SharedMemory;
  readonly #slots: Int32Array;
  readonly #items: EventCount;

  constructor(memory: SharedMemory) {
    super(memory.width, new EventCount(memory.words, ROOM), () => {});
    this.#memory = memory;
    this.#slots = new Int32Array(memory.buffer, memory.slotsAt);
    this.#items = new EventCount(memory.words, ITEMS);
  }

  tryWrite(items: ArrayLike<number>, from = 0): number {
    const offered = countFrom(items, from, this.width, "write");
    const count = locked(this.#memory.words, LOCK, () => this.#put(items, from, offered));
    if (count > 0) {
      this.moved += count;
      this.#items.wake();
    }
    return count;
  }

  #put(items: ArrayLike<number>, from: number, offered: number): number {
    const { words, capacity } = this.#memory;
    if (words[CLOSED] !== 0) {
      throw new RingError("RING_CLOSED", "write", "the ring is closed");
    }
    const length = words[LENGTH]!;
    const count = Math.min(capacity - length, offered);
    const slots = this.#slots, width = this.width;
    const at = ((words[HEAD]! + length) % capacity) * width;
    const source = from * width;
    const first = Math.min(count * width, slots.length - at);
    copyElements(slots, at, items, source, first);
    copyElements(slots, 0, items, source + first, count * width - first);
    Atomics.store(words, LENGTH, length + count);
    return count;
  }

  protected hasRoom(): boolean {
    const { words, capacity } = this.#memory;
    return Atomics.load(words, LENGTH) < capacity || Atomics.load(words, CLOSED) !== 0;
  }
}

export class FutexReader extends SharedReader {
  readonly #memory: SharedMemory;
  readonly #slots: Int32Array;
  readonly #room: EventCount;

  constructor(memory: SharedMemory) {
    super(memory.width, new EventCount(memory.words, ITEMS), () => {});
    this.#memory = memory;
    this.#slots = new Int32Array(memory.buffer, memory.slotsAt);
    this.#room = new EventCount(memory.words, ROOM);
  }

  get done(): boolean {
    const { words } = this.#memory;
    // Closed first: nothing is added after that, so a length of 0 read later is final.
    return Atomics.load(words, CLOSED) !== 0 && Atomics.load(words, LENGTH) === 0;
  }

  tryRead(into: Slots<number>, from = 0): number {
    const asked = countFrom(into, from, this.width, "read");
    const count = locked(this.#memory.words, LOCK, () => this.#take(into, from, asked));
    if (count > 0) {
      this.moved += count;
      this.#room.wake();
    }
    return count;
  }

  #take(into: Slots<number>, from: number, asked: number): number {
    const { words, capacity } = this.#memory;
    const length = words[LENGTH]!;
    const count = Math.min(length, asked);
    const slots = this.#slots, width = this.width;
    const at = words[HEAD]! * width;
    const target = from * width;
    const first = Math.min(count * width, slots.length - at);
    copyElements(into, target, slots, at, first);
    copyElements(into, target + first, slots, 0, count * width - first);
    words[HEAD] = (words[HEAD]! + count) % capacity;
    Atomics.store(words, LENGTH, length - count);
    return count;
  }

  protected hasItems(): boolean {
    return Atomics.load(this.#memory.words, LENGTH) > 0;
  }
}
