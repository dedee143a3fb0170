/**
 * JavaScript's end of one lane: who has it, where it stands, what it may move, what the driver missed.
 * Moving costs no native call: cursors are Atomics on the shared words, and the driver's is looked up
 * only when what is known of it is not enough (Lee et al. 2010, "MCRingBuffer").
 */
import { claimEnd } from "../shared/layout.ts";
import { CAPTURE, lane, LANE_BYTES, LOG_LENGTH, ring, type Side } from "./layout.ts";
import { deadLongs, deadWords, type Memory } from "./memory.ts";
import { LaneWaiting } from "./waiting.ts";

/** What the driver dropped (capture) or filled with silence (playback), and where. */
export interface Miss {
  readonly side: "capture" | "playback";
  /** It happened before this frame of those that went through the ring; the first one is 0. */
  readonly frame: number;
  readonly frames: number;
}

const NONE: readonly Miss[] = Object.freeze([]);

export class Lane {
  readonly memory: Memory;
  readonly side: Side;
  readonly frames: Float32Array;
  readonly waiting: LaneWaiting;
  /** Where the next frame is or goes, in frames from the beginning of `frames`. */
  slot: number;
  /** Number of the next frame, of those that went through since the ring was opened. */
  position: number;
  #words: Int32Array;
  #longs: BigUint64Array;
  readonly #at: number;
  readonly #written: number;
  readonly #read: number;
  #cursor: number;
  #available = 0;
  readonly #told: readonly [frames: bigint, xruns: bigint];
  #final: readonly [frames: bigint, xruns: bigint] | undefined;
  readonly #unclaim: () => void;

  /** RING_BUSY when the end is taken. */
  constructor(memory: Memory, side: Side) {
    const { words, longs, capacity, width } = memory;
    const at = ring.lanes + side * LANE_BYTES;
    this.#unclaim = claimEnd(words, (at + lane.claim) / 4, side === CAPTURE ? "reader" : "writer");
    this.memory = memory;
    this.side = side;
    this.frames = memory.samples(Number(longs[(at + lane.at) / 8]!), capacity * width);
    this.waiting = new LaneWaiting(memory, side);
    this.slot = words[(at + lane.nearSlot) / 4]!;
    this.position = Number(longs[(at + lane.nearPosition) / 8]!);
    this.#words = words;
    this.#longs = longs;
    this.#at = at;
    this.#written = (at + lane.written) / 4;
    this.#read = (at + lane.read) / 4;
    this.#cursor = Atomics.load(words, side === CAPTURE ? this.#read : this.#written);
    this.#told = [longs[(at + lane.toldMissed) / 8]!, longs[(at + lane.toldXruns) / 8]!];
  }

  get closed(): boolean {
    return Atomics.load(this.#words, ring.closed / 4) !== 0;
  }

  /** Closed, and no callback that began before that is still running. */
  get ended(): boolean {
    return this.closed && Atomics.load(this.#words, ring.turn / 4) === 0;
  }

  /** Frames to read, or free to write, now; at most `wanted`. */
  available(wanted: number): number {
    if (this.#available < wanted) this.#available = this.look();
    return Math.min(this.#available, wanted);
  }

  /** All the frames to read, or free to write. */
  look(): number {
    const words = this.#words;
    const filled = (Atomics.load(words, this.#written) - Atomics.load(words, this.#read)) >>> 0;
    return this.side === CAPTURE ? filled : this.memory.capacity - filled;
  }

  /** Hands `count` frames, which available() has granted, to the driver. */
  advance(count: number): void {
    const slot = this.slot + count, { capacity } = this.memory;
    this.slot = slot < capacity ? slot : slot - capacity;
    this.position += count;
    this.#available -= count;
    this.#cursor = (this.#cursor + count) | 0;
    Atomics.store(this.#words, this.side === CAPTURE ? this.#read : this.#written, this.#cursor);
  }

  /** Frames lost or padded, and xruns, that no earlier end of this lane has reported. */
  missed(): { readonly frames: number; readonly xruns: number } {
    const [frames, xruns] = this.#final ?? this.#missed();
    return { frames: Number(frames - this.#told[0]), xruns: Number(xruns - this.#told[1]) };
  }

  #missed(): readonly [frames: bigint, xruns: bigint] {
    const longs = this.#longs;
    return [
      Atomics.load(longs, (this.#at + lane.missed) / 8),
      Atomics.load(longs, (this.#at + lane.xruns) / 8),
    ];
  }

  /** Takes from the log what was missed before the next frame; its length is bounded (LOG_LENGTH). */
  takeMisses(): readonly Miss[] {
    const words = this.#words, longs = this.#longs;
    const logged = Atomics.load(words, (this.#at + lane.logged) / 4);
    let taken = Atomics.load(words, (this.#at + lane.taken) / 4);
    if (taken === logged) return NONE;
    const misses: Miss[] = [];
    for (; taken !== logged; taken = (taken + 1) | 0) {
      const entry = (this.#at + lane.log) / 8 + 2 * (taken & (LOG_LENGTH - 1));
      const frame = Number(longs[entry]!), frames = Number(longs[entry + 1]!);
      if (this.side === CAPTURE && frame >= this.position) break;
      misses.push({ side: this.side === CAPTURE ? "capture" : "playback", frame, frames });
    }
    Atomics.store(words, (this.#at + lane.taken) / 4, taken);
    return misses;
  }

  /** Leaves the end to another. Harmless when repeated. */
  release(): void {
    if (this.#words === deadWords) return;
    const words = this.#words, longs = this.#longs, at = this.#at;
    this.#final = this.#missed();
    words[(at + lane.nearSlot) / 4] = this.slot;
    longs[(at + lane.nearPosition) / 8] = BigInt(this.position);
    longs[(at + lane.toldMissed) / 8] = this.#final[0];
    longs[(at + lane.toldXruns) / 8] = this.#final[1];
    this.#words = deadWords;
    this.#longs = deadLongs;
    this.#available = 0;
    this.#unclaim();
    this.memory.bell.ring();
  }
}
