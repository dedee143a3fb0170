/**
 * A ring from one producer to up to 32 consumers on any threads, of int32 items: every consumer sees
 * every item since it joined, and the slowest makes the writer wait. With none, nothing is waited
 * for. Consumers come and go at any time.
 *
 * The writer's cursor is all that readers look at, and their gates (gates.ts) all that the writer
 * does, when those that it saw last say full. A batch is published by one atomic operation, and so
 * is one freed. What leader_follower has beyond that, claims and stages, is not there to be paid for.
 */
import type { Adapter, Capabilities, Handle, OpenOptions } from "../contract.ts";
import { claimEnd, FIRST_WORD, type Layout, type SharedMemory, STRIDE } from "../shared/layout.ts";
import {
  type Design,
  sharedAdapter,
  SharedRing,
  workerCapabilities,
} from "../shared/shared_ring.ts";
import { BatchingReader, BatchingWriter } from "./batching.ts";
import { advanced, checkCapacity, ITEM_SHIFT } from "./cursor.ts";
import { type Gate, GATE_WORDS, Gates } from "./gates.ts";
import { Published } from "./published.ts";

const HAS_WRITER = FIRST_WORD;
const WRITTEN = STRIDE, GATES_AT = 2 * STRIDE;
const layout: Layout = { kind: "BCA1", headerWords: GATES_AT + GATE_WORDS, elementBytes: 4 };

const capabilities: Capabilities = {
  ...workerCapabilities,
  producers: 1,
  consumers: "many",
  delivery: "broadcast",
  progress: "wait-free",
};

const design: Design<BroadcastWriter, BroadcastReader> = {
  name: "broadcast",
  family: "atomics",
  capabilities,
  layout,
  begin: ({ words }, start) => new Published(words, WRITTEN).begin(start),
  writer: (memory) => new BroadcastWriter(memory),
  reader: (memory) => new BroadcastReader(memory),
  close({ words }) {
    new Published(words, WRITTEN).close();
    new Gates(words, GATES_AT).room.wakeAlways();
  },
};

export type BroadcastRing = SharedRing<BroadcastWriter, BroadcastReader>;

export const adapter: Adapter<number> = {
  ...sharedAdapter(design),
  open: (options) => Promise.try(() => openBroadcast(options)),
};

/**
 * A new ring; `capacity` a power of two, which is how far the slowest reader may be behind.
 *
 * @example Two workers that both see all there is
 * ```ts
 * import { once } from "node:events";
 * import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
 * import { assertEquals } from "@std/assert";
 * import { attachBroadcast, openBroadcast } from "ringproof/broadcast";
 *
 * if (isMainThread) {
 *   const ring = openBroadcast({ capacity: 256 });
 *   const workers = [0, 1].map(() => new Worker(new URL(import.meta.url), { workerData: ring.handle }));
 *   await Promise.all(workers.map((worker) => once(worker, "message"))); // they have joined
 *   const sums = workers.map((worker) => once(worker, "message"));
 *   const writer = await ring.writer();
 *   for (let item = 1; item <= 5000; item++) {
 *     if (!writer.push(item)) await writer.write([item]);
 *   }
 *   writer.flush();
 *   await ring.close();
 *   for (const [sum] of await Promise.all(sums)) assertEquals(sum, 12502500);
 * } else {
 *   const reader = await attachBroadcast(workerData).reader();
 *   parentPort!.postMessage("joined");
 *   const one = new Int32Array(1);
 *   let sum = 0;
 *   while (reader.readSync(one) > 0) {
 *     sum += one[0]!;
 *     for (let item = reader.pop(); item !== undefined; item = reader.pop()) sum += item;
 *   }
 *   parentPort!.postMessage(sum);
 * }
 * ```
 */
export function openBroadcast(options: OpenOptions): BroadcastRing {
  checkCapacity(options);
  return SharedRing.open(design, options);
}

/** The ring in the memory of a handle that came from another thread. */
export const attachBroadcast = (handle: Handle): BroadcastRing => SharedRing.attach(design, handle);

export class BroadcastWriter extends BatchingWriter {
  readonly #capacity: number;
  readonly #gates: Gates;
  /** The lowest gate when it was last looked up. */
  #floor: number;

  constructor(memory: SharedMemory) {
    const { words, width, capacity } = memory;
    const gates = new Gates(words, GATES_AT);
    const release = claimEnd(words, HAS_WRITER, "writer");
    super(width, slotsOf(memory), new Published(words, WRITTEN), gates.room, release);
    this.#capacity = capacity;
    this.#gates = gates;
    this.#floor = advanced(this.cursor, -capacity); // full, until it looks
    this.moveTo(slotAt(this.cursor, capacity));
  }

  /** A batch goes as far as it did when it began: with no reader at all it would have no end. */
  protected override room(wanted: number, more: boolean): number {
    if (this.at === this.#capacity) this.moveTo(0);
    if (!more && this.#free < wanted) this.#lookUp();
    return Math.min(this.#free, this.#capacity - this.at);
  }

  /** None where a gate is more than a round behind: that is a reader's which is about to join. */
  get #free(): number {
    return Math.max(0, this.#capacity - ahead(this.cursor, this.#floor));
  }

  #lookUp(): void {
    this.#floor = this.#gates.lowest(this.cursor);
  }

  protected hasRoom(): boolean {
    this.#lookUp();
    return this.#free > 0 || this.closed;
  }
}

export class BroadcastReader extends BatchingReader {
  readonly #capacity: number;
  readonly #published: Published;
  readonly #gate: Gate;
  /** The next item, but for what pop() has taken, and the last cursor seen of the writer. */
  #read: number;
  #written: number;

  constructor(memory: SharedMemory) {
    const { words, width, capacity } = memory;
    const published = new Published(words, WRITTEN);
    const gate = new Gates(words, GATES_AT).join(() => published.cursor);
    super(width, slotsOf(memory), published.items, () => gate.release());
    this.#capacity = capacity;
    this.#published = published;
    this.#gate = gate;
    this.#read = this.#written = gate.cursor;
    this.moveTo(slotAt(this.#read, capacity));
  }

  get done(): boolean {
    this.settle();
    return this.#published.endsAt(this.#read);
  }

  protected override there(wanted: number): number {
    const capacity = this.#capacity;
    if (this.at === capacity) this.moveTo(0);
    let there = ahead(this.#written, this.#read);
    if (there < wanted) {
      this.#written = this.#published.cursor;
      there = ahead(this.#written, this.#read);
    }
    return Math.min(there, capacity - this.at);
  }

  protected override passed(count: number): void {
    this.#read = advanced(this.#read, count);
    this.#gate.move(this.#read);
  }

  protected hasItems(): boolean {
    return this.#published.cursor !== this.#read;
  }
}

const slotsOf = ({ buffer, slotsAt, capacity, width }: SharedMemory) =>
  new Int32Array(buffer, slotsAt, capacity * width);

/** Items from the cursor `from` to the cursor `to`, which is not before it. */
const ahead = (to: number, from: number) => ((to - from) | 0) >>> ITEM_SHIFT;

const slotAt = (cursor: number, capacity: number) => (cursor >>> ITEM_SHIFT) & (capacity - 1);
