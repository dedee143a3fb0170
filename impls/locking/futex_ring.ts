/**
 * A ring for many producers and consumers on many threads, of int32 items, under futex mutexes: one
 * that writers take and one that readers take, each with its condition variable, so that the two
 * sides never wait for each other but for items and for room. (Source: the two-lock queue of Michael
 * and Scott 1996, in a circular array.) It is the ring that others are to be compared with.
 *
 * A side's lock guards its cursor and the slots on its side of it, and one store of the cursor is
 * all that makes a batch visible, or frees its slots. So a thread that dies with a lock has done
 * all of its batch or none of it: whoever takes the lock over has nothing to repair.
 *
 * A cursor runs from 0 to twice the capacity, which tells full from empty at any capacity. The sign
 * of the writers' says that the ring is closed: it is set without the lock, and publishing by
 * compare-and-exchange finds it, so that nothing is accepted after a reader has seen the end.
 */
import type { Adapter, Capabilities, Handle, OpenOptions, Slots, Wait } from "../contract.ts";
import { RingError } from "../errors.ts";
import { checkedTimeout, countFrom } from "../shared/arguments.ts";
import { copyIn, SlotReader } from "../shared/copy.ts";
import { countdown, SharedReader, SharedWriter } from "../shared/ends.ts";
import { type Layout, type SharedMemory, STRIDE } from "../shared/layout.ts";
import {
  type Design,
  sharedAdapter,
  SharedRing,
  workerCapabilities,
} from "../shared/shared_ring.ts";
import { EVENT_COUNT_WORDS, EventCount } from "../shared/waiting.ts";
import { FutexMutex, type FutexOptions } from "./futex.ts";

const WRITERS_LOCK = STRIDE;
const TAIL = WRITERS_LOCK + 1; // the next item's place, and CLOSED; stored by the lock's holder
const FREED = TAIL + 1; // a copy of HEAD, for the lock's holder
const READERS_LOCK = 2 * STRIDE;
const HEAD = READERS_LOCK + 1; // the oldest item's place; stored by the lock's holder
const ADDED = HEAD + 1; // a copy of TAIL without CLOSED, for the lock's holder
const ITEMS = 3 * STRIDE; // event count: readers sleep on it
const ROOM = ITEMS + EVENT_COUNT_WORDS; // event count: writers sleep on it
const layout: Layout = { kind: "FTX2", headerWords: 4 * STRIDE, elementBytes: 4 };

const CLOSED = 1 << 31;
/** A peer that dies may leave sleepers unwoken; they look themselves so often. */
const LONGEST_SLEEP_MS = 1000;

const capabilities: Capabilities = {
  ...workerCapabilities,
  producers: "many",
  consumers: "many",
  progress: "locking",
  sizes: "any",
  atomicBatch: true,
};

const design: Design<FutexWriter, FutexReader> = {
  name: "futex_ring",
  family: "locking",
  capabilities,
  layout,
  begin({ words, capacity }, start) {
    for (const cursor of [TAIL, FREED, HEAD, ADDED]) {
      Atomics.store(words, cursor, start % (2 * capacity));
    }
  },
  writer: (memory) => new FutexWriter(memory),
  reader: (memory) => new FutexReader(memory),
  close({ words }) {
    Atomics.or(words, TAIL, CLOSED);
    itemsOf(words).wakeAlways();
    roomOf(words).wakeAlways();
  },
};

export type FutexRing = SharedRing<FutexWriter, FutexReader>;

export const adapter: Adapter<number> = sharedAdapter(design);

/**
 * A new ring of any capacity.
 *
 * @example Two threads that write, one that reads until both have ended
 * ```ts
 * import { isMainThread, Worker, workerData } from "node:worker_threads";
 * import { assertEquals } from "@std/assert";
 * import { attachFutexRing, openFutexRing } from "ringproof/futex_ring";
 *
 * if (isMainThread) {
 *   const ring = openFutexRing({ capacity: 100 });
 *   const reader = await ring.reader();
 *   const ends = [1, 2].map((item) => {
 *     const options = { workerData: { handle: ring.handle, item } };
 *     const worker = new Worker(new URL(import.meta.url), options);
 *     return new Promise((end) => worker.once("exit", end));
 *   });
 *   Promise.all(ends).then(() => ring.close());
 *   const into = new Int32Array(64);
 *   let sum = 0;
 *   for (let count; (count = await reader.read(into)) > 0;) {
 *     for (const item of into.subarray(0, count)) sum += item;
 *   }
 *   assertEquals(sum, 3000);
 * } else {
 *   const writer = await attachFutexRing(workerData.handle).writer();
 *   const items = new Int32Array(1000).fill(workerData.item);
 *   for (let from = 0; from < items.length;) from += writer.writeSync(items.subarray(from));
 * }
 * ```
 */
export const openFutexRing = (options: OpenOptions): FutexRing => SharedRing.open(design, options);

/** The ring in the memory of a handle that came from another thread. */
export const attachFutexRing = (handle: Handle): FutexRing => SharedRing.attach(design, handle);

export class FutexWriter extends SharedWriter {
  readonly #words: Int32Array;
  readonly #slots: Int32Array;
  readonly #capacity: number;
  readonly #lock: FutexMutex;
  readonly #readers: FutexMutex;
  readonly #items: EventCount;

  constructor(memory: SharedMemory) {
    const { words, width, capacity } = memory;
    super(width, roomOf(words), () => {});
    this.#words = words;
    this.#slots = new Int32Array(memory.buffer, memory.slotsAt);
    this.#capacity = capacity;
    this.#lock = new FutexMutex(words, WRITERS_LOCK, whole);
    this.#readers = new FutexMutex(words, READERS_LOCK);
    this.#items = itemsOf(words);
  }

  /** Blocks the thread for the lock: as long as another writer copies a batch. */
  tryWrite(items: ArrayLike<number>, from = 0): number {
    const offered = countFrom(items, from, this.width, "write");
    this.#lock.lock();
    return this.#accept(items, from, offered);
  }

  /** Lets the event loop turn while others have the lock. */
  override async write(items: ArrayLike<number>, wait?: Wait): Promise<void> {
    const total = countFrom(items, 0, this.width, "write");
    const left = countdown(wait, "write");
    for (let from = 0;;) {
      if (!this.#lock.tryLock()) {
        await this.#lock.whenFree(left());
        continue;
      }
      from += this.#accept(items, from, total - from);
      if (from === total) return;
      await this.waiting.wait(() => this.hasRoom(), left(), "write");
    }
  }

  override writeSync(items: ArrayLike<number>, timeout?: number): number {
    const total = countFrom(items, 0, this.width, "write");
    const deadline = performance.now() + checkedTimeout(timeout, "write");
    for (;;) {
      if (!this.#lock.lock(leftUntil(deadline))) return 0;
      const accepted = this.#accept(items, 0, total);
      if (accepted > 0 || total === 0) return accepted;
      if (!this.waiting.waitSync(() => this.hasRoom(), leftUntil(deadline), "write")) return 0;
    }
  }

  /** With the lock, which it gives back on every path. */
  #accept(items: ArrayLike<number>, from: number, offered: number): number {
    let count = 0;
    try {
      count = this.#put(items, from, offered);
    } finally {
      this.#lock.unlock();
    }
    if (count > 0) {
      this.moved += count;
      this.#items.wake();
    } else if (offered > 0 && this.#readers.broken) throw lost("write", "reading");
    return count;
  }

  #put(items: ArrayLike<number>, from: number, offered: number): number {
    const words = this.#words, capacity = this.#capacity;
    const tail = Atomics.load(words, TAIL);
    if (tail < 0) throw closed();
    let free = capacity - distance(tail, words[FREED]!, capacity);
    if (free < offered) {
      const head = Atomics.load(words, HEAD);
      words[FREED] = head;
      free = capacity - distance(tail, head, capacity);
    }
    const count = free < offered ? free : offered;
    if (count === 0) return 0;
    const width = this.width;
    copyIn(this.#slots, placeOf(tail, capacity) * width, items, from * width, count * width);
    const next = advanced(tail, count, capacity);
    if (Atomics.compareExchange(words, TAIL, tail, next) !== tail) throw closed();
    return count;
  }

  protected hasRoom(): boolean {
    const words = this.#words, capacity = this.#capacity;
    const tail = Atomics.load(words, TAIL);
    return tail < 0 || ahead(tail, Atomics.load(words, HEAD), capacity) < capacity ||
      this.#lock.broken || this.#readers.broken;
  }
}

export class FutexReader extends SharedReader {
  readonly #words: Int32Array;
  readonly #slots: SlotReader;
  readonly #capacity: number;
  readonly #lock: FutexMutex;
  readonly #writers: FutexMutex;
  readonly #room: EventCount;

  constructor(memory: SharedMemory) {
    const { words, width, capacity } = memory;
    super(width, itemsOf(words), () => {});
    this.#words = words;
    this.#slots = new SlotReader(new Int32Array(memory.buffer, memory.slotsAt));
    this.#capacity = capacity;
    this.#lock = new FutexMutex(words, READERS_LOCK, whole);
    this.#writers = new FutexMutex(words, WRITERS_LOCK);
    this.#room = roomOf(words);
  }

  get done(): boolean {
    const tail = Atomics.load(this.#words, TAIL);
    return tail < 0 && (tail & ~CLOSED) === Atomics.load(this.#words, HEAD);
  }

  /** Blocks the thread for the lock: as long as another reader copies a batch. */
  tryRead(into: Slots<number>, from = 0): number {
    const asked = countFrom(into, from, this.width, "read");
    this.#lock.lock();
    return this.#deliver(into, from, asked);
  }

  /** Lets the event loop turn while others have the lock. */
  override async read(into: Slots<number>, wait?: Wait): Promise<number> {
    const asked = countFrom(into, 0, this.width, "read");
    const left = countdown(wait, "read");
    for (;;) {
      if (!this.#lock.tryLock()) {
        await this.#lock.whenFree(left());
        continue;
      }
      const delivered = this.#deliver(into, 0, asked);
      if (delivered > 0 || asked === 0 || this.done) return delivered;
      await this.waiting.wait(() => this.hasItems() || this.done, left(), "read");
    }
  }

  override readSync(into: Slots<number>, timeout?: number): number {
    const asked = countFrom(into, 0, this.width, "read");
    const deadline = performance.now() + checkedTimeout(timeout, "read");
    const ready = () => this.hasItems() || this.done;
    for (;;) {
      if (!this.#lock.lock(leftUntil(deadline))) return 0;
      const delivered = this.#deliver(into, 0, asked);
      if (delivered > 0 || asked === 0 || this.done) return delivered;
      if (!this.waiting.waitSync(ready, leftUntil(deadline), "read")) return 0;
    }
  }

  /** With the lock, which it gives back on every path. */
  #deliver(into: Slots<number>, from: number, asked: number): number {
    let count = 0;
    try {
      count = this.#take(into, from, asked);
    } finally {
      this.#lock.unlock();
    }
    if (count > 0) {
      this.moved += count;
      this.#room.wake();
    } else if (asked > 0 && this.#writers.broken && !this.done) throw lost("read", "writing");
    return count;
  }

  #take(into: Slots<number>, from: number, asked: number): number {
    const words = this.#words, capacity = this.#capacity;
    const head = words[HEAD]!;
    let there = distance(words[ADDED]!, head, capacity);
    if (there < asked) {
      const tail = Atomics.load(words, TAIL) & ~CLOSED;
      words[ADDED] = tail;
      there = distance(tail, head, capacity);
    }
    const count = there < asked ? there : asked;
    if (count === 0) return 0;
    const width = this.width;
    this.#slots.copyOut(into, from * width, placeOf(head, capacity) * width, count * width);
    Atomics.store(words, HEAD, advanced(head, count, capacity));
    return count;
  }

  protected hasItems(): boolean {
    return (Atomics.load(this.#words, TAIL) & ~CLOSED) !== Atomics.load(this.#words, HEAD) ||
      this.#lock.broken || this.#writers.broken;
  }
}

/** After any store of a holder that died the ring is whole. */
const whole: FutexOptions = { repair: () => {} };

/** What readers sleep on, and what writers do. */
const itemsOf = (words: Int32Array) => new EventCount(words, ITEMS, LONGEST_SLEEP_MS);
const roomOf = (words: Int32Array) => new EventCount(words, ROOM, LONGEST_SLEEP_MS);

/** Items from the cursor `from` to the cursor `to`, if neither moved while they were looked up. */
function ahead(to: number, from: number, capacity: number): number {
  const items = to - from;
  return items < 0 ? items + 2 * capacity : items;
}

/** As ahead(), of cursors that stand still. Memory comes from elsewhere: RING_FOREIGN where they cannot. */
function distance(to: number, from: number, capacity: number): number {
  const items = ahead(to, from, capacity);
  const possible = items >= 0 && items <= capacity && to >= 0 && from >= 0 &&
    to < 2 * capacity && from < 2 * capacity;
  if (possible) return items;
  const why = `no ring of ${capacity} items is written up to ${to} and read up to ${from}`;
  throw new RingError("RING_FOREIGN", "use the ring", why);
}

function advanced(cursor: number, count: number, capacity: number): number {
  const next = cursor + count;
  return next < 2 * capacity ? next : next - 2 * capacity;
}

/** The slot of the item at a cursor. */
function placeOf(cursor: number, capacity: number): number {
  return cursor < capacity ? cursor : cursor - capacity;
}

function leftUntil(deadline: number): number {
  return Math.max(0, deadline - performance.now());
}

function lost(action: "read" | "write", other: string): RingError {
  const why = `the lock for ${other} is broken: its holder has died, or stood still for long`;
  return new RingError("RING_LOST", action, why);
}

function closed(): RingError {
  return new RingError("RING_CLOSED", "write", "the ring is closed");
}
