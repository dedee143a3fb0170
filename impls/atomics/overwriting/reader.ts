/** The reading end of a ring that overwrites: it counts exactly what it missed. */
import type { Stats } from "../../contract.ts";
import { RingError, shown } from "../../errors.ts";
import { refuse } from "../../shared/arguments.ts";
import { BatchingReader } from "../batching.ts";
import { type Chunks, LAPS } from "./chunks.ts";

/** Where a new reader begins: at the next item written, or where the one before it stopped. */
export type Joining = "next" | "left";

export class OverwritingReader extends BatchingReader {
  readonly #chunks: Chunks;
  readonly #joining: Joining;
  /** The word that says which chunk it reads in, and where in the slots that ends. */
  readonly #pin: number;
  #end = 0;
  /** Position of the next item, but for what pop() has delivered since it looked. */
  #read: number;
  /** The laps that were read last. */
  #laps: number;
  #lost = 0;
  #xruns = 0;
  /** Nothing has been delivered since items were missed last. */
  #inGap = false;

  constructor(chunks: Chunks, joining: Joining) {
    const pin = chunks.takeSeat();
    super(chunks.width, chunks.slots, chunks.published.items, () => chunks.leaveSeat(pin));
    this.#chunks = chunks;
    this.#joining = joining;
    this.#pin = pin;
    this.#laps = Atomics.load(chunks.words, LAPS);
    this.#read = joining === "next" ? this.#written() : chunks.keptPlace();
  }

  /**
   * The newest item of a ring of width 1, past all before it; undefined = none has come since the
   * last one that was read. What it passes counts as lost, and is no overrun.
   */
  latest(): number | undefined {
    if (this.width !== 1) refuse("pop", "it gives items of width 1 only", this.width);
    this.skip(1);
    return this.pop();
  }

  /** Passes all that are there but the newest `keep` items, and says how many; they count as lost. */
  skip(keep = 0): number {
    if (!Number.isInteger(keep) || keep < 0) {
      const why = `keep must be a whole number of 0 or more items, got ${shown(keep)}`;
      throw new RingError("RING_INVALID", "skip", why, keep);
    }
    this.settle();
    const passed = Math.max(0, this.#catchUp() - keep);
    this.#lost += passed;
    this.#pass(passed);
    return passed;
  }

  get done(): boolean {
    this.settle();
    return this.#chunks.published.closed && this.#written() === this.#read;
  }

  protected override there(_wanted: number, more: boolean): number {
    for (;;) {
      const there = more ? this.#ahead() : this.#catchUp();
      if (there === 0 || there > this.#chunks.capacity) return 0;
      if (this.at < this.#end) return Math.min(there, this.#end - this.at);
      this.#pinNext();
    }
  }

  protected override passed(count: number): void {
    this.#read = this.#chunks.forward(this.#read, count);
    this.#inGap = false;
  }

  /** Items written and not read, whether they are still there or not. */
  #ahead(): number {
    return this.#chunks.distance(this.#written(), this.#read);
  }

  /** Items that there still are; those that no longer are have been missed. */
  #catchUp(): number {
    const ahead = this.#ahead();
    const missed = ahead - this.#chunks.capacity;
    if (missed <= 0) return ahead;
    this.#lost += missed;
    if (!this.#inGap) this.#xruns++;
    this.#inGap = true;
    this.#pass(missed);
    return this.#chunks.capacity;
  }

  /** Goes on `count` items later. */
  #pass(count: number): void {
    this.#read = this.#chunks.forward(this.#read, count);
    this.moveTo(Math.min(this.at + count, this.#end));
  }

  /**
   * Pins the chunk of the next item, in vain if that has been retired meanwhile: then the writer has
   * published more than `capacity` items beyond it, as whoever looks again will find.
   */
  #pinNext(): void {
    const { words, chunkItems } = this.#chunks;
    const number = this.#chunks.numberAt(this.#read);
    const chunk = this.#chunks.named(Atomics.load(words, this.#chunks.entryOf(number)), "read");
    Atomics.store(words, this.#pin, chunk);
    this.moveTo(chunk * chunkItems + this.#read - number * chunkItems);
    this.#end = (chunk + 1) * chunkItems;
  }

  /** The position of the writer. */
  #written(): number {
    const { words, published } = this.#chunks;
    for (;;) {
      const { cursor } = published;
      const laps = Atomics.load(words, LAPS);
      if (laps === this.#laps) return this.#chunks.position(cursor, laps);
      this.#laps = laps;
    }
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    this.settle();
    if (!this.gone && this.#joining === "left") this.#chunks.keepPlace(this.#read);
    await super[Symbol.asyncDispose]();
  }

  /** What has been overwritten by now is lost already. */
  override stats(): Stats {
    this.settle();
    if (!this.gone) this.#catchUp();
    return { moved: this.moved, lost: this.#lost, padded: 0, xruns: this.#xruns };
  }

  protected hasItems(): boolean {
    return this.#written() !== this.#read;
  }
}
