/** The contract's ends over a publisher and a barrier: items of int32 words in shared slots. */
import type { Claim, Slots } from "../../contract.ts";
import { countFrom } from "../../shared/arguments.ts";
import { copyIn, SlotReader } from "../../shared/copy.ts";
import { SharedReader, SharedWriter } from "../../shared/ends.ts";
import type { SharedMemory } from "../../shared/layout.ts";
import { ITEM_SHIFT } from "../cursor.ts";
import type { Barrier } from "./barrier.ts";
import { ReaderClaim, WriterClaim } from "./claims.ts";
import { checkCount, disposed } from "./leader.ts";
import type { Publisher } from "./publisher.ts";
import { SlotViews } from "./slot_views.ts";

export class LeaderFollowerWriter extends SharedWriter {
  readonly #publisher: Publisher;
  readonly #slots: Int32Array;
  readonly #views: SlotViews;
  readonly #capacity: number;
  #gone = false;
  readonly #committed = (count: number) => {
    this.moved += count;
  };

  constructor(memory: SharedMemory, publisher: Publisher) {
    super(memory.width, publisher.waiting, () => publisher.dispose());
    this.#publisher = publisher;
    this.#slots = slotsOf(memory);
    this.#views = new SlotViews(this.#slots);
    this.#capacity = memory.capacity;
  }

  tryWrite(items: ArrayLike<number>, from = 0): number {
    const offered = countFrom(items, from, this.width, "write");
    if (this.#gone) throw disposed("write");
    const publisher = this.#publisher;
    const count = publisher.claim(1, offered);
    if (count === 0) return 0;
    try {
      this.#copyIn(items, from, publisher.lower >>> ITEM_SHIFT, count);
    } catch (error) {
      publisher.drop();
      throw error;
    }
    publisher.publish();
    this.moved += count;
    return count;
  }

  /** RING_INVALID when `count` is no whole number from 1 to the capacity, RING_CLOSED once closed. */
  reserve(count: number): Claim<number> | undefined {
    checkCount(count, this.#capacity);
    if (this.#gone) throw disposed("reserve");
    const publisher = this.#publisher, width = this.width;
    if (!publisher.reserve(count)) return undefined;
    publisher.keep();
    const at = ((publisher.lower >>> ITEM_SHIFT) & (this.#capacity - 1)) * width;
    const parts = this.#views.parts(at, count * width);
    return new WriterClaim(publisher, parts, count, this.#committed);
  }

  #copyIn(items: ArrayLike<number>, from: number, cursor: number, count: number): void {
    const width = this.width;
    const at = (cursor & (this.#capacity - 1)) * width;
    copyIn(this.#slots, at, items, from * width, count * width);
  }

  override [Symbol.asyncDispose](): Promise<void> {
    this.#gone = true;
    return super[Symbol.asyncDispose]();
  }

  protected hasRoom(): boolean {
    return this.#publisher.hasRoom(1);
  }
}

export class LeaderFollowerReader extends SharedReader {
  /** Names it in `after` of later readers, on whichever thread. */
  readonly id: number;
  readonly #barrier: Barrier;
  readonly #elements: Int32Array;
  readonly #slots: SlotReader;
  readonly #views: SlotViews;
  readonly #capacity: number;
  #gone = false;
  readonly #committed = (count: number) => {
    this.moved += count;
  };

  constructor(memory: SharedMemory, barrier: Barrier) {
    super(memory.width, barrier.waiting, () => barrier.gate.release());
    this.id = barrier.gate.id;
    this.#barrier = barrier;
    this.#elements = slotsOf(memory);
    this.#slots = new SlotReader(this.#elements);
    this.#views = new SlotViews(this.#elements);
    this.#capacity = memory.capacity;
  }

  get done(): boolean {
    return this.#barrier.done;
  }

  tryRead(into: Slots<number>, from = 0): number {
    const asked = countFrom(into, from, this.width, "read");
    if (this.#gone) throw disposed("read");
    let delivered = this.#take(into, from, asked);
    if (delivered === 0 && asked > 0 && this.#barrier.settle()) {
      delivered = this.#take(into, from, asked);
    }
    this.#barrier.free();
    this.moved += delivered;
    return delivered;
  }

  /** As many of the next `asked` items as are there, piece by piece. */
  #take(into: Slots<number>, from: number, asked: number): number {
    const barrier = this.#barrier;
    let delivered = 0;
    do {
      const left = asked - delivered, there = barrier.there(left);
      const count = there < left ? there : left;
      if (count > 0) {
        this.#copyOut(into, from + delivered, barrier.next >>> ITEM_SHIFT, count);
        barrier.take(count);
        delivered += count;
      }
    } while (barrier.split && delivered < asked);
    return delivered;
  }

  /** RING_INVALID when `count` is no whole number from 1 to the capacity. */
  reserve(count: number): Claim<number> | undefined {
    checkCount(count, this.#capacity);
    if (this.#gone) throw disposed("reserve");
    const barrier = this.#barrier, width = this.width;
    const there = barrier.there(count);
    if (there < count && barrier.split) return this.#gather(count);
    if (there < count) {
      barrier.free();
      return undefined;
    }
    const { next, end, known } = barrier;
    barrier.take(count);
    const at = ((next >>> ITEM_SHIFT) & (this.#capacity - 1)) * width;
    const parts = this.#views.parts(at, count * width);
    return new ReaderClaim(barrier, { next, end, known }, parts, count, this.#committed);
  }

  /** A claim over slots that are passed over has no two parts in the ring: it has a copy. */
  #gather(count: number): Claim<number> | undefined {
    const barrier = this.#barrier, width = this.width;
    const { next, end, known } = barrier;
    const items = new Int32Array(count * width);
    for (let got = 0; got < count;) {
      const piece = Math.min(barrier.there(count - got), count - got);
      if (piece === 0) {
        barrier.restore(next, end, known);
        return undefined;
      }
      this.#copyOut(items, got, barrier.next >>> ITEM_SHIFT, piece);
      barrier.take(piece);
      got += piece;
    }
    const parts = [items, items.subarray(0, 0)] as const;
    return new ReaderClaim(barrier, { next, end, known }, parts, count, this.#committed);
  }

  #copyOut(into: Slots<number>, from: number, cursor: number, count: number): void {
    const width = this.width;
    const at = (cursor & (this.#capacity - 1)) * width;
    this.#slots.copyOut(into, from * width, at, count * width);
  }

  override [Symbol.asyncDispose](): Promise<void> {
    this.#gone = true;
    return super[Symbol.asyncDispose]();
  }

  protected hasItems(): boolean {
    const there = this.#barrier.there(1) > 0;
    this.#barrier.free();
    return there;
  }
}

const slotsOf = ({ buffer, slotsAt, capacity, width }: SharedMemory) =>
  new Int32Array(buffer, slotsAt, capacity * width);
