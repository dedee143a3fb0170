/** JavaScript's two ends of an audio ring: it reads what was captured and writes what is played. */
import type { Slots, Stats, Wait } from "../contract.ts";
import { RingError } from "../errors.ts";
import { countFrom } from "../shared/arguments.ts";
import { SharedReader, SharedWriter } from "../shared/ends.ts";
import { Lane, type Miss } from "./lane.ts";
import { CAPTURE, PLAYBACK } from "./layout.ts";
import type { Memory } from "./memory.ts";

export class AudioReader extends SharedReader {
  readonly #lane: Lane;

  constructor(memory: Memory) {
    const lane = new Lane(memory, CAPTURE);
    super(memory.width, lane.waiting, () => lane.release());
    this.#lane = lane;
  }

  release(): void {
    this.#lane.release();
  }

  get done(): boolean {
    // Ended first: nothing is added after that, so an empty lane seen later stays empty.
    return this.#lane.ended && this.#lane.look() === 0;
  }

  tryRead(into: Slots<number>, from = 0): number {
    const lane = this.#lane, width = this.width;
    const count = lane.available(countFrom(into, from, width, "read"));
    if (count === 0) return 0;
    const first = Math.min(count, lane.memory.capacity - lane.slot) * width;
    copy(lane.frames, lane.slot * width, into, from * width, first);
    copy(lane.frames, 0, into, from * width + first, count * width - first);
    lane.advance(count);
    this.moved += count;
    return count;
  }

  protected hasItems(): boolean {
    return this.#lane.look() > 0;
  }

  /** Reads exactly as many frames as `into` takes, once they are all there; else consumes nothing. */
  async readWhole(into: Slots<number>, wait?: Wait): Promise<void> {
    const count = countFrom(into, 0, this.width, "read");
    const ready = () => this.#lane.ended || this.#has(count);
    wait?.signal?.throwIfAborted();
    if (!ready()) await this.#lane.waiting.wait(ready, wait, "receive");
    this.#take(into, count);
  }

  /** As readWhole(), blocking the thread; false = timed out. */
  readWholeSync(into: Slots<number>, timeout?: number): boolean {
    const count = countFrom(into, 0, this.width, "read");
    const ready = () => this.#lane.ended || this.#has(count);
    if (!this.#lane.waiting.waitSync(ready, timeout, "receive")) return false;
    this.#take(into, count);
    return true;
  }

  #has(count: number): boolean {
    return this.#lane.look() >= count;
  }

  #take(into: Slots<number>, count: number): void {
    if (this.#has(count)) this.tryRead(into);
    else throw closed("receive", `${this.#lane.look()} of ${count} frames are left`);
  }

  /** What was lost before the frames read so far, each loss once. */
  takeMisses(): readonly Miss[] {
    return this.#lane.takeMisses();
  }

  override stats(): Stats {
    const { frames, xruns } = this.#lane.missed();
    return { moved: this.moved, lost: frames, padded: 0, xruns };
  }
}

export class AudioWriter extends SharedWriter {
  readonly #lane: Lane;

  constructor(memory: Memory) {
    const lane = new Lane(memory, PLAYBACK);
    super(memory.width, lane.waiting, () => lane.release());
    this.#lane = lane;
  }

  release(): void {
    this.#lane.release();
  }

  tryWrite(items: ArrayLike<number>, from = 0): number {
    const lane = this.#lane, width = this.width;
    const offered = countFrom(items, from, width, "write");
    if (lane.closed) throw closed("write", "the ring is closed");
    const count = lane.available(offered);
    if (count === 0) return 0;
    const first = Math.min(count, lane.memory.capacity - lane.slot) * width;
    copy(items, from * width, lane.frames, lane.slot * width, first);
    copy(items, from * width + first, lane.frames, 0, count * width - first);
    lane.advance(count);
    this.moved += count;
    return count;
  }

  protected hasRoom(): boolean {
    return this.#lane.closed || this.#lane.look() > 0;
  }

  /** Writes all of `items` once there is room for them at once; else writes nothing. */
  async writeWhole(items: ArrayLike<number>, wait?: Wait): Promise<void> {
    const count = countFrom(items, 0, this.width, "write");
    wait?.signal?.throwIfAborted();
    if (!this.#takes(count)) await this.#lane.waiting.wait(() => this.#takes(count), wait, "send");
    this.tryWrite(items);
  }

  /** As writeWhole(), blocking the thread; false = timed out. */
  writeWholeSync(items: ArrayLike<number>, timeout?: number): boolean {
    const count = countFrom(items, 0, this.width, "write");
    if (!this.#lane.waiting.waitSync(() => this.#takes(count), timeout, "send")) return false;
    this.tryWrite(items);
    return true;
  }

  #takes(count: number): boolean {
    return this.#lane.closed || this.#lane.look() >= count;
  }

  /** Where silence was played so far for want of frames, each time once. */
  takeMisses(): readonly Miss[] {
    return this.#lane.takeMisses();
  }

  override stats(): Stats {
    const { frames, xruns } = this.#lane.missed();
    return { moved: this.moved, lost: 0, padded: frames, xruns };
  }
}

/** Samples from which set() is faster than a loop, and its view worth allocating. */
const BULK = 64;

function copy(
  source: ArrayLike<number>,
  at: number,
  target: Slots<number>,
  to: number,
  count: number,
): void {
  if (count >= BULK && source instanceof Float32Array && target instanceof Float32Array) {
    target.set(source.subarray(at, at + count), to);
  } else {
    for (let i = 0; i < count; i++) target[to + i] = source[at + i]!;
  }
}

function closed(action: string, why: string): RingError {
  return new RingError("RING_CLOSED", action, why);
}
