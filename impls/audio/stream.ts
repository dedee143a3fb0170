/**
 * The blocking interface of audio libraries over the same rings: buffers of a fixed number of
 * frames, moved whole or not at all, two of them inside by default (double buffering).
 *
 *   await using audio = await AudioStream.open({ flow: "source", frames: 256 });
 *   for (;;) for (const miss of audio.receiveSync(buffer)) console.warn(miss);
 *
 * Each call returns what the driver missed since the last one, up to the frames that it moved; with
 * more than 64 misses in between, the later of them are in `stats()` only. The calls in ...Sync block
 * the thread and are for workers; the others are for event loops.
 */
import type { Device, Slots, Stats, Wait } from "../contract.ts";
import { RingError, shown, timeoutError } from "../errors.ts";
import { refuse } from "../shared/arguments.ts";
import { adapter as capture } from "./capture.ts";
import { adapter as duplex } from "./duplex.ts";
import type { AudioReader, AudioWriter } from "./ends.ts";
import type { Miss } from "./lane.ts";
import type { Flow } from "./layout.ts";
import { adapter as playback } from "./playback.ts";
import { AudioRing } from "./ring.ts";

export interface StreamOptions {
  readonly flow: Flow;
  /** Frames a buffer. */
  readonly frames: number;
  /** Buffers that fit: 2 by default. */
  readonly buffers?: number;
  /** Samples a frame: 1 by default. */
  readonly channels?: number;
  readonly uri?: string;
}

const kinds = { source: capture, sink: playback, duplex };

export class AudioStream implements AsyncDisposable {
  /** Samples a buffer: frames × channels. */
  readonly samples: number;
  readonly #ring: AudioRing;
  readonly #reader: AudioReader | undefined;
  readonly #writer: AudioWriter | undefined;

  private constructor(
    samples: number,
    ring: AudioRing,
    reader?: AudioReader,
    writer?: AudioWriter,
  ) {
    this.samples = samples;
    this.#ring = ring;
    this.#reader = reader;
    this.#writer = writer;
  }

  static async open(options: StreamOptions): Promise<AudioStream> {
    const { flow, frames, buffers = 2, channels = 1, uri } = options;
    checkCount("frames", frames);
    checkCount("buffers", buffers);
    const capacity = frames * buffers;
    const ring = await AudioRing.open(kinds[flow], { capacity, width: channels, uri });
    const reader = flow === "sink" ? undefined : await ring.reader();
    const writer = flow === "source" ? undefined : await ring.writer();
    return new AudioStream(frames * channels, ring, reader, writer);
  }

  /** The scripted device, when the URI is virtual: */
  get device(): Device<number> | undefined {
    return this.#ring.device;
  }

  /** Fills the buffer with what was captured next. RING_CLOSED when too little is left for it. */
  async receive(buffer: Slots<number>, wait?: Wait): Promise<readonly Miss[]> {
    const reader = this.#capturing("receive", buffer);
    await reader.readWhole(buffer, wait);
    return reader.takeMisses();
  }

  /** As receive(); throws TimeoutError. */
  receiveSync(buffer: Slots<number>, timeout?: number): readonly Miss[] {
    const reader = this.#capturing("receive", buffer);
    if (!reader.readWholeSync(buffer, timeout)) throw timeoutError("receive", timeout!);
    return reader.takeMisses();
  }

  /** Hands the buffer over to be played. */
  async send(buffer: ArrayLike<number>, wait?: Wait): Promise<readonly Miss[]> {
    const writer = this.#playing("send", buffer);
    await writer.writeWhole(buffer, wait);
    return writer.takeMisses();
  }

  /** As send(); throws TimeoutError. */
  sendSync(buffer: ArrayLike<number>, timeout?: number): readonly Miss[] {
    const writer = this.#playing("send", buffer);
    if (!writer.writeWholeSync(buffer, timeout)) throw timeoutError("send", timeout!);
    return writer.takeMisses();
  }

  /** Sends `output`, then receives into `input`; each may take the whole timeout. */
  async sendReceive(
    output: ArrayLike<number>,
    input: Slots<number>,
    wait?: Wait,
  ): Promise<readonly Miss[]> {
    this.#capturing("receive", input);
    const padded = await this.send(output, wait);
    return [...padded, ...await this.receive(input, wait)];
  }

  /** As sendReceive(); throws TimeoutError. */
  sendReceiveSync(
    output: ArrayLike<number>,
    input: Slots<number>,
    timeout?: number,
  ): readonly Miss[] {
    this.#capturing("receive", input);
    const padded = this.sendSync(output, timeout);
    return [...padded, ...this.receiveSync(input, timeout)];
  }

  /** Of the end that receives, and of the one that sends. */
  stats(): { readonly received?: Stats; readonly sent?: Stats } {
    return { received: this.#reader?.stats(), sent: this.#writer?.stats() };
  }

  /** What was sent is still played, what was captured can still be received. */
  close(): Promise<void> {
    return this.#ring.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#ring[Symbol.asyncDispose]();
  }

  #capturing(action: string, buffer: Slots<number>): AudioReader {
    this.#checkWhole(action, buffer);
    return this.#reader ?? refuse(action, "a sink captures nothing");
  }

  #playing(action: string, buffer: ArrayLike<number>): AudioWriter {
    this.#checkWhole(action, buffer);
    return this.#writer ?? refuse(action, "a source plays nothing");
  }

  #checkWhole(action: string, { length }: { readonly length: number }): void {
    if (length === this.samples) return;
    const why = `a buffer has ${this.samples} samples, got ${length}`;
    throw new RingError("RING_INVALID", action, why, length);
  }
}

function checkCount(name: string, count: number): void {
  if (Number.isInteger(count) && count >= 1) return;
  const why = `${name} must be a whole number from 1, got ${shown(count)}`;
  throw new RingError("RING_INVALID", "open", why, count);
}
