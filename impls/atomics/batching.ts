/**
 * Ends for one thread each that make batches of what is pushed and popped item by item. A ring says
 * how many items can go in, or come out, in one piece; a batch in several pieces is published piece
 * by piece. (Source: Thompson, "smart batching".)
 */
import type { Slots, Stats } from "../contract.ts";
import { RingError } from "../errors.ts";
import { countFrom, refuse } from "../shared/arguments.ts";
import { copyElements, SlotReader } from "../shared/copy.ts";
import { SharedReader, SharedWriter } from "../shared/ends.ts";
import type { Waiting } from "../shared/waiting.ts";
import { advanced } from "./cursor.ts";
import type { Published } from "./published.ts";

/** Items that push() gathers, and that pop() takes before it looks again. */
const BATCH = 64;

export abstract class BatchingWriter extends SharedWriter {
  /** Where the next item goes, counted in items of the slots. */
  protected at = 0;
  /** What of that is published, up to the cursor. */
  #settled = 0;
  protected cursor: number;
  /** It has been disposed of. */
  protected gone = false;
  /** Where push() must stop and look. */
  #stop = 0;
  readonly #slots: Int32Array;
  readonly #published: Published;

  constructor(
    width: number,
    slots: Int32Array,
    published: Published,
    room: Waiting,
    release: () => void,
  ) {
    super(width, room, release);
    this.#slots = slots;
    this.#published = published;
    this.cursor = published.cursor;
  }

  /**
   * Items that can be written in one piece from `at` on, for which it may moveTo() another place
   * first; 0 = full. Everything before is published. `more`: for the rest of a batch.
   */
  protected abstract room(wanted: number, more: boolean): number;

  /**
   * One item of a ring of width 1; false = full. Pushed items are accepted, and seen by readers, in
   * batches: when 64 are gathered, when the ring is full, as soon as a reader sleeps, and by flush().
   * A writer that pauses calls flush(), or its last items wait for its next ones. RING_CLOSED once
   * closed.
   */
  push(item: number): boolean {
    if (this.at === this.#stop && !this.#goOn()) return false;
    this.#slots[this.at++] = item;
    if (this.#published.flagged) this.flush();
    return true;
  }

  /** Publishes what push() has gathered. RING_CLOSED: none of it was accepted. */
  flush(): void {
    const gathered = this.at - this.#settled;
    if (gathered === 0) return;
    this.at = this.#stop = this.#settled; // given up, should the ring be closed
    if (!this.#publish(gathered)) throw closed();
  }

  /** Lets push() have another batch, or what is free of it; false = full. */
  #goOn(): boolean {
    if (this.width !== 1) refuse("push", "it takes items of width 1 only", this.width);
    this.flush();
    const room = this.#look(BATCH, false);
    this.#stop = this.at + Math.min(room, BATCH);
    if (room === 0) this.#refuseClosed();
    return room > 0;
  }

  tryWrite(items: ArrayLike<number>, from = 0): number {
    const offered = countFrom(items, from, this.width, "write");
    this.flush();
    let accepted = 0;
    while (accepted < offered) {
      const count = Math.min(this.#look(offered - accepted, accepted > 0), offered - accepted);
      if (count === 0) break;
      const { width } = this;
      copyElements(this.#slots, this.at * width, items, (from + accepted) * width, count * width);
      if (!this.#publish(count)) break;
      accepted += count;
    }
    if (accepted === 0) this.#refuseClosed();
    return accepted;
  }

  #look(wanted: number, more: boolean): number {
    if (this.gone) throw new RingError("RING_CLOSED", "write", "the writer was disposed of");
    return this.room(wanted, more);
  }

  #refuseClosed(): void {
    if (this.closed) throw closed();
  }

  protected get closed(): boolean {
    return this.#published.closed;
  }

  /** The `count` items from `settled` on; false = the ring is closed. */
  #publish(count: number): boolean {
    const next = advanced(this.cursor, count);
    if (!this.#published.advance(this.cursor, next)) return false;
    this.cursor = next;
    this.moveTo(this.#settled + count);
    this.moved += count;
    return true;
  }

  protected moveTo(at: number): void {
    this.at = this.#settled = this.#stop = at;
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    if (this.gone) return;
    if (!this.closed) this.flush();
    this.gone = true;
    this.moveTo(this.at);
    await super[Symbol.asyncDispose]();
  }
}

export abstract class BatchingReader extends SharedReader {
  /** The next item, counted in items of the slots. */
  protected at = 0;
  /** It has been disposed of. */
  protected gone = false;
  /** What of `at` passed() knows. */
  #settled = 0;
  /** Where pop() must stop and look. */
  #stop = 0;
  readonly #elements: Int32Array;
  readonly #slots: SlotReader;

  constructor(width: number, slots: Int32Array, items: Waiting, release: () => void) {
    super(width, items, release);
    this.#elements = slots;
    this.#slots = new SlotReader(slots);
  }

  /**
   * Items that can be read in one piece from `at` on, for which it may moveTo() another place first;
   * 0 = empty. `more`: for the rest of a batch, which is to have no gap.
   */
  protected abstract there(wanted: number, more: boolean): number;
  /** `count` items were read. */
  protected abstract passed(count: number): void;

  /**
   * One item of a ring of width 1; undefined = empty. It takes up to 64 at a time from the ring: what
   * was there then is delivered, and only then, or by another call, is the ring told.
   */
  pop(): number | undefined {
    if (this.at === this.#stop && !this.#goOn()) return undefined;
    return this.#elements[this.at++];
  }

  /** Lets pop() have another batch, or what is there of it; false = empty. */
  #goOn(): boolean {
    if (this.width !== 1) refuse("pop", "it gives items of width 1 only", this.width);
    this.settle();
    const there = this.#look(BATCH, false);
    this.#stop = this.at + Math.min(there, BATCH);
    return there > 0;
  }

  tryRead(into: Slots<number>, from = 0): number {
    const asked = countFrom(into, from, this.width, "read");
    this.settle();
    let delivered = 0;
    while (delivered < asked) {
      const count = Math.min(this.#look(asked - delivered, delivered > 0), asked - delivered);
      if (count === 0) break;
      const { width } = this;
      this.#slots.copy(into, (from + delivered) * width, this.at * width, count * width);
      this.at += count;
      delivered += count;
      this.settle();
    }
    return delivered;
  }

  #look(wanted: number, more: boolean): number {
    if (this.gone) throw new RingError("RING_CLOSED", "read", "the reader was disposed of");
    return this.there(wanted, more);
  }

  /** Enters what was popped into the ring and the statistics, and pop() looks again. */
  protected settle(): void {
    const count = this.at - this.#settled;
    this.moveTo(this.at);
    if (count === 0) return;
    this.moved += count;
    this.passed(count);
  }

  protected moveTo(at: number): void {
    this.at = this.#settled = this.#stop = at;
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    if (this.gone) return;
    this.settle();
    this.gone = true;
    await super[Symbol.asyncDispose]();
  }

  override stats(): Stats {
    return { ...super.stats(), moved: this.moved + this.at - this.#settled };
  }
}

function closed(): RingError {
  return new RingError("RING_CLOSED", "write", "the ring is closed");
}
