/**
 * An audio ring: native memory that a device's callback shares with JavaScript, in every worker of
 * the process that attaches. Its handle is a name, since the memory is no SharedArrayBuffer.
 *
 * A source captures and JavaScript reads; a sink plays what JavaScript writes; a duplex does both in
 * one callback, capture first. Silence that is played before the first frame was ever written, or
 * after close() once all is played, is nobody's underrun and is counted nowhere.
 */
import process from "node:process";
import type {
  Capabilities,
  Device,
  EndOptions,
  Handle,
  OpenOptions,
  ReaderOptions,
  Ring,
} from "../contract.ts";
import { RingError } from "../errors.ts";
import { checkedHandle, checkedOptions, checkEnd, refuse } from "../shared/arguments.ts";
import { parseDevice } from "./device.ts";
import { AudioReader, AudioWriter } from "./ends.ts";
import { type Flow, flows, ring } from "./layout.ts";
import { Memory } from "./memory.ts";
import { loadShim, type Shim } from "./shim.ts";
import { virtualDevice } from "./virtual.ts";

const BYTES = Float32Array.BYTES_PER_ELEMENT;
const MAX_BYTES = 2 ** 31;
const MAX_ID = 2 ** 32 - 1;

/** The adapter's name and what it promises. */
export interface Kind {
  readonly name: string;
  readonly capabilities: Capabilities & { readonly flow: Flow };
}

export class AudioRing implements Ring<number> {
  readonly capacity: number;
  readonly handle: Handle;
  readonly device?: Device<number>;
  readonly #memory: Memory;
  /** This object opened the ring; those that attached leave the device alone when disposed of. */
  readonly #owner: boolean;
  #reader?: AudioReader;
  #writer?: AudioWriter;

  private constructor(kind: Kind, memory: Memory, owner: boolean) {
    this.capacity = memory.capacity;
    this.handle = { adapter: kind.name, at: `audio:${process.pid}:${memory.id}` };
    if (memory.periodMs === 0) this.device = virtualDevice(memory);
    this.#memory = memory;
    this.#owner = owner;
  }

  static async open(kind: Kind, options: OpenOptions): Promise<AudioRing> {
    const { flow } = kind.capabilities;
    const bytesOfFrame = flow === "duplex" ? 2 * BYTES : BYTES;
    const { capacity, width, start } = checkedOptions(options, kind.capabilities, bytesOfFrame);
    const { rate, period } = parseDevice(options.uri);
    if (period * width * BYTES > MAX_BYTES) {
      throw new RingError(
        "RING_INVALID",
        "open",
        `a period of ${period} frames is too large at width ${width}`,
        period,
      );
    }
    const shim = await shimFor("open");
    const index = flows.indexOf(flow);
    const pointer = shim.audio_open(index, capacity, width, BigInt(start), rate, period);
    if (!pointer) {
      throw new RingError("RING_UNAVAILABLE", "open", "no memory or no thread is left", capacity);
    }
    return new AudioRing(kind, new Memory(shim, pointer), true);
  }

  static async attach(kind: Kind, handle: Handle): Promise<AudioRing> {
    const { at } = checkedHandle(handle, kind.name);
    const foreign = (why: string) => new RingError("RING_FOREIGN", "attach", why, at);
    const [, pid, id] = /^audio:(\d+):(\d+)$/.exec(typeof at === "string" ? at : "") ?? [];
    if (Number(pid) !== process.pid) throw foreign("the handle names no ring of this process");
    const shim = await shimFor("attach");
    const pointer = Number(id) <= MAX_ID ? shim.audio_attach(Number(id)) : null;
    if (!pointer) throw foreign("no ring of that name is open");
    const memory = new Memory(shim, pointer);
    if (memory.flow === kind.capabilities.flow) return new AudioRing(kind, memory, false);
    memory.release();
    throw foreign(`the ring is a ${memory.flow}`);
  }

  reader(options?: ReaderOptions): Promise<AudioReader> {
    return Promise.try(() => {
      const action = "open a reader";
      checkEnd("reader", options);
      if (this.#memory.flow === "sink") refuse(action, "the device is the reader");
      return this.#reader = new AudioReader(this.#live(action));
    });
  }

  writer(options?: EndOptions): Promise<AudioWriter> {
    return Promise.try(() => {
      const action = "open a writer";
      checkEnd("writer", options);
      if (this.#memory.flow === "source") refuse(action, "the device is the writer");
      return this.#writer = new AudioWriter(this.#live(action));
    });
  }

  #live(action: string): Memory {
    if (!this.#memory.released) return this.#memory;
    throw new RingError("RING_CLOSED", action, "the ring is disposed of");
  }

  /** A source's device stops; any other goes on, so that what was accepted is played. */
  close(): Promise<void> {
    return Promise.try(() => this.#close());
  }

  #close(): void {
    const { flow, words, shim, pointer, bell, released } = this.#memory;
    if (released) return;
    if (flow === "source") shim.audio_stop(pointer);
    Atomics.store(words, ring.closed / 4, 1);
    shim.audio_wake(pointer);
    bell.ring();
  }

  /** All in one step, so that nothing of this realm comes between. */
  [Symbol.asyncDispose](): Promise<void> {
    return Promise.try(() => {
      const memory = this.#memory;
      if (memory.released) return;
      if (this.#owner) {
        this.#close();
        memory.shim.audio_stop(memory.pointer);
      }
      this.#reader?.release();
      this.#writer?.release();
      memory.release();
    });
  }
}

async function shimFor(action: string): Promise<Shim> {
  try {
    return await loadShim();
  } catch (error) {
    throw new RingError("RING_UNAVAILABLE", action, (error as Error).message);
  }
}
