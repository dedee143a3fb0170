/**
 * A ring for many producers and many consumers on many threads: bounded, lock-free, of int32 items.
 *
 * Both sides claim ranges of slots, copy, and commit them in any order (see mpmc/side.ts). What is
 * published is always a prefix of what is claimed, so items come out in the order of the claims.
 *
 * A claimer in flight hides what was committed after it. So as not to call a ring empty while an
 * item is inside whose writer was told that it is, nor full while a slot is free whose reader has
 * come back, an end that finds nothing to do and others in flight gives them time to commit, but
 * not more than about a second: who has not moved by then is taken for dead, and is waited for no
 * more. Then alone may a ring with hidden items be called empty, and one with hidden room full.
 */
import type { Adapter, Capabilities, Handle, OpenOptions, Slots } from "../contract.ts";
import { RingError } from "../errors.ts";
import { countFrom, refuse } from "../shared/arguments.ts";
import { copyIn, SlotReader } from "../shared/copy.ts";
import { SharedReader, SharedWriter } from "../shared/ends.ts";
import type { SharedMemory } from "../shared/layout.ts";
import {
  type Design,
  sharedAdapter,
  SharedRing,
  workerCapabilities,
} from "../shared/shared_ring.ts";
import { Patience } from "./mpmc/patience.ts";
import { CLOSED, distance, FLAGS, ITEM_SHIFT, SHARED, type Side } from "./mpmc/side.ts";
import {
  AHEAD,
  CLAIMED,
  FREED,
  layout,
  PUBLISHED,
  readersOf,
  slotsOf,
  TAKEN,
  writersOf,
} from "./mpmc/words.ts";

const capabilities: Capabilities = {
  ...workerCapabilities,
  producers: "many",
  consumers: "many",
  progress: "lock-free",
  atomicBatch: true,
};

const design: Design<MpmcWriter, MpmcReader> = {
  name: "mpmc",
  family: "atomics",
  capabilities,
  layout,
  begin({ words }, start) {
    for (const word of [CLAIMED, PUBLISHED, TAKEN, FREED]) {
      Atomics.store(words, word, start << ITEM_SHIFT);
    }
    Atomics.store(words, AHEAD, (start - 1) << ITEM_SHIFT);
  },
  writer: (memory) => new MpmcWriter(memory),
  reader: (memory) => new MpmcReader(memory),
  close(memory) {
    Atomics.or(memory.words, CLAIMED, CLOSED);
    // Changes the words that ends sleep on.
    Atomics.or(memory.words, PUBLISHED, CLOSED);
    Atomics.or(memory.words, FREED, CLOSED);
    writersOf(memory).commits.wake();
    readersOf(memory).commits.wake();
  },
};

export type MpmcRing = SharedRing<MpmcWriter, MpmcReader>;

export const adapter: Adapter<number> = sharedAdapter(design);

/**
 * A new ring; `capacity` a power of two. Any number of writers and readers, on any threads.
 *
 * @example Two workers share the items that the main thread hands out
 * ```ts
 * import { isMainThread, Worker, workerData } from "node:worker_threads";
 * import { assertEquals } from "@std/assert";
 * import { attachMpmc, openMpmc } from "ringproof/mpmc";
 *
 * if (isMainThread) {
 *   const jobs = openMpmc({ capacity: 64 });
 *   const sums = openMpmc({ capacity: 2 });
 *   for (let i = 0; i < 2; i++) {
 *     new Worker(new URL(import.meta.url), { workerData: [jobs.handle, sums.handle] });
 *   }
 *   const writer = await jobs.writer(), reader = await sums.reader();
 *   for (let job = 1; job <= 1000; job++) {
 *     if (!writer.push(job)) await writer.write([job]);
 *   }
 *   await jobs.close();
 *   const sum = new Int32Array(1);
 *   let total = 0;
 *   for (let got = 0; got < 2; got++) {
 *     await reader.read(sum);
 *     total += sum[0]!;
 *   }
 *   assertEquals(total, 500500);
 * } else {
 *   const [jobs, sums] = workerData;
 *   const reader = await attachMpmc(jobs).reader(), writer = await attachMpmc(sums).writer();
 *   const some = new Int32Array(8);
 *   let sum = 0;
 *   for (let count = reader.readSync(some); count > 0; count = reader.readSync(some)) {
 *     for (let i = 0; i < count; i++) sum += some[i]!;
 *   }
 *   writer.push(sum);
 * }
 * ```
 */
export const openMpmc = (options: OpenOptions): MpmcRing => SharedRing.open(design, options);

/** The ring in the memory of a handle that came from another thread. */
export const attachMpmc = (handle: Handle): MpmcRing => SharedRing.attach(design, handle);

export class MpmcWriter extends SharedWriter {
  readonly #words: Int32Array;
  readonly #slots: Int32Array;
  readonly #capacity: number;
  readonly #own: Side;
  readonly #readers: Side;
  /** Where what was claimed last begins; and the first cursor after it, which may be so still. */
  #at = 0;
  #next: number;
  /** The readers' second cursor, as last seen. */
  #freed: number;
  readonly #patience: Patience;

  constructor(memory: SharedMemory) {
    const readersSide = readersOf(memory);
    super(memory.width, readersSide.commits, () => {});
    this.#words = memory.words;
    this.#slots = slotsOf(memory);
    this.#capacity = memory.capacity;
    this.#own = writersOf(memory);
    this.#next = this.#own.join();
    this.#readers = readersSide;
    this.#freed = Atomics.load(memory.words, FREED) & ~FLAGS;
    this.#patience = new Patience(memory.words, FREED);
  }

  /** One item of a ring of width 1, seen by readers at once; false = full. RING_CLOSED once closed. */
  push(item: number): boolean {
    if (this.width !== 1) refuse("push", "it takes items of width 1 only", this.width);
    if (this.#claim(1) === 0) return false;
    this.#slots[(this.#at >>> ITEM_SHIFT) & (this.#capacity - 1)] = item;
    this.#publish(1);
    return true;
  }

  tryWrite(items: ArrayLike<number>, from = 0): number {
    const offered = countFrom(items, from, this.width, "write");
    const count = this.#claim(offered);
    if (count === 0) return 0;
    this.#copyIn(items, from * this.width, count * this.width);
    this.#publish(count);
    return count;
  }

  /** Claims as many slots as are free, `wanted` at most; 0 = full. */
  #claim(wanted: number): number {
    const words = this.#words;
    let claimed = this.#next;
    for (let looks = 0;;) {
      if (claimed & CLOSED) throw new RingError("RING_CLOSED", "write", "the ring is closed");
      // Senseless if others have claimed since: then the claim fails, or the look at what is so.
      let free = this.#capacity - distance(claimed & ~FLAGS, this.#freed);
      if (free < wanted || (claimed & SHARED) !== 0) {
        this.#freed = Atomics.load(words, FREED) & ~FLAGS;
        free = this.#capacity - distance(claimed & ~FLAGS, this.#freed);
      }
      const count = free < wanted ? free : wanted;
      if (count > 0) {
        const found = this.#own.claim(claimed, count);
        if (found === claimed) {
          this.#at = claimed & ~FLAGS;
          this.#next = (claimed + (count << ITEM_SHIFT)) | 0;
          return count;
        }
        claimed = found;
        continue;
      }
      const found = Atomics.load(words, CLAIMED);
      if (found === claimed) {
        if (wanted === 0 || this.#full() || !this.#patience.last(looks++)) return 0;
      }
      claimed = found;
    }
  }

  /** All slots hold an item: none is free, and none is about to be. */
  #full(): boolean {
    // In this order: what is published cannot pass what is taken by more than a lap.
    const published = Atomics.load(this.#words, PUBLISHED) & ~FLAGS;
    const taken = Atomics.load(this.#words, TAKEN) & ~FLAGS;
    if (distance(published, taken) === this.#capacity) return true;
    this.#readers.absorb();
    return false;
  }

  #publish(count: number): void {
    if (!this.#own.commit(this.#at, count)) {
      this.#goAhead(this.#at);
      this.#own.commitAhead(this.#at, count);
    }
    this.moved += count;
  }

  /** Notes that a range from `cursor` on is committed ahead of others, unless one after it is. */
  #goAhead(cursor: number): void {
    const words = this.#words;
    for (;;) {
      const ahead = Atomics.load(words, AHEAD);
      const inFlight = distance(Atomics.load(words, CLAIMED) & ~FLAGS, cursor);
      if (distance(ahead, cursor) < inFlight) return;
      if (Atomics.compareExchange(words, AHEAD, ahead, cursor) === ahead) return;
    }
  }

  /** Elements: from `from` on, `count` of them. */
  #copyIn(items: ArrayLike<number>, from: number, count: number): void {
    const at = ((this.#at >>> ITEM_SHIFT) & (this.#capacity - 1)) * this.width;
    copyIn(this.#slots, at, items, from, count);
  }

  protected hasRoom(): boolean {
    this.#readers.absorb();
    const freed = Atomics.load(this.#words, FREED) & ~FLAGS;
    const claimed = Atomics.load(this.#words, CLAIMED);
    return (claimed & CLOSED) !== 0 || distance(claimed & ~FLAGS, freed) < this.#capacity;
  }
}

export class MpmcReader extends SharedReader {
  readonly #words: Int32Array;
  readonly #elements: Int32Array;
  readonly #slots: SlotReader;
  readonly #capacity: number;
  readonly #own: Side;
  readonly #writers: Side;
  /** Where what was claimed last begins; and the first cursor after it, which may be so still. */
  #at = 0;
  #next: number;
  /** The writers' second cursor, as last seen. */
  #published: number;
  readonly #patience: Patience;

  constructor(memory: SharedMemory) {
    const writersSide = writersOf(memory);
    super(memory.width, writersSide.commits, () => {});
    this.#words = memory.words;
    this.#elements = slotsOf(memory);
    this.#slots = new SlotReader(this.#elements);
    this.#capacity = memory.capacity;
    this.#own = readersOf(memory);
    this.#next = this.#own.join();
    this.#writers = writersSide;
    this.#published = Atomics.load(memory.words, PUBLISHED) & ~FLAGS;
    this.#patience = new Patience(memory.words, PUBLISHED);
  }

  /** One item of a ring of width 1; undefined = empty. */
  pop(): number | undefined {
    if (this.width !== 1) refuse("pop", "it gives items of width 1 only", this.width);
    if (this.#claim(1) === 0) return undefined;
    const item = this.#elements[(this.#at >>> ITEM_SHIFT) & (this.#capacity - 1)];
    this.#free(1);
    return item;
  }

  tryRead(into: Slots<number>, from = 0): number {
    const asked = countFrom(into, from, this.width, "read");
    const count = this.#claim(asked);
    if (count === 0) return 0;
    this.#copyOut(into, from * this.width, count * this.width);
    this.#free(count);
    return count;
  }

  /** Claims as many items as are there, `wanted` at most; 0 = empty. */
  #claim(wanted: number): number {
    const words = this.#words;
    let taken = this.#next;
    for (let looks = 0;;) {
      // Senseless if others have claimed since: then the claim fails, or the look at what is so.
      let there = distance(this.#published, taken & ~FLAGS);
      if (there < wanted || (taken & SHARED) !== 0) {
        this.#published = Atomics.load(words, PUBLISHED) & ~FLAGS;
        there = distance(this.#published, taken & ~FLAGS);
      }
      const count = there < wanted ? there : wanted;
      if (count > 0 && there <= this.#capacity) {
        const found = this.#own.claim(taken, count);
        if (found === taken) {
          this.#at = taken & ~FLAGS;
          this.#next = (taken + (count << ITEM_SHIFT)) | 0;
          return count;
        }
        taken = found;
        continue;
      }
      const found = Atomics.load(words, TAKEN);
      if (found === taken) {
        const cursor = taken & ~FLAGS;
        if (wanted === 0 || this.#empty(cursor) || !this.#patience.last(looks++)) return 0;
      }
      taken = found;
    }
  }

  /** No item is there from `taken` on, and none is hidden behind a writer in flight. */
  #empty(taken: number): boolean {
    const words = this.#words;
    if ((Atomics.load(words, CLAIMED) & ~FLAGS) === taken) return true;
    this.#writers.absorb();
    const published = Atomics.load(words, PUBLISHED) & ~FLAGS;
    if (published !== taken) return false;
    // In this order: what is committed ahead has been claimed.
    const ahead = distance(Atomics.load(words, AHEAD), published);
    return ahead >= distance(Atomics.load(words, CLAIMED) & ~FLAGS, published);
  }

  #free(count: number): void {
    if (!this.#own.commit(this.#at, count)) this.#own.commitAhead(this.#at, count);
    this.moved += count;
  }

  /** Elements: to `to` on, `count` of them. */
  #copyOut(into: Slots<number>, to: number, count: number): void {
    const at = ((this.#at >>> ITEM_SHIFT) & (this.#capacity - 1)) * this.width;
    this.#slots.copyOut(into, to, at, count);
  }

  get done(): boolean {
    // In this order: from the first answer that is no, the later ones could not be believed.
    const claimed = Atomics.load(this.#words, CLAIMED);
    if ((claimed & CLOSED) === 0) return false;
    const end = claimed & ~FLAGS;
    return (Atomics.load(this.#words, PUBLISHED) & ~FLAGS) === end &&
      (Atomics.load(this.#words, TAKEN) & ~FLAGS) === end;
  }

  protected hasItems(): boolean {
    this.#writers.absorb();
    const taken = Atomics.load(this.#words, TAKEN) & ~FLAGS;
    return (Atomics.load(this.#words, PUBLISHED) & ~FLAGS) !== taken;
  }
}
