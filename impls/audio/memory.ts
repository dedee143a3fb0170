/**
 * One realm's view of a ring's native memory, and its share of the life of it. After release() the
 * views show a private header, closed and empty: what is used after disposal answers "closed" and
 * never touches memory that may be gone.
 */
import { RingError } from "../errors.ts";
import { memoryAt, type Pointer } from "../shared/ffi.ts";
import { Bell } from "./bell.ts";
import { type Flow, flows, HEADER_BYTES, MAGIC, ring, VERSION } from "./layout.ts";
import type { Shim } from "./shim.ts";

const dead = new ArrayBuffer(HEADER_BYTES);
new Int32Array(dead)[ring.closed / 4] = 1;
/** A closed, empty ring, as words and as 64-bit words. */
export const deadWords = new Int32Array(dead), deadLongs = new BigUint64Array(dead);

export class Memory {
  readonly shim: Shim;
  readonly pointer: Pointer;
  readonly flow: Flow;
  readonly capacity: number;
  readonly width: number;
  /** Milliseconds from one callback of the clock to the next; 0: the caller makes them. */
  readonly periodMs: number;
  readonly id: number;
  /** Rung by this realm's own callbacks and closing, which waiters here need not find out by a timer. */
  readonly bell = new Bell();
  words: Int32Array;
  longs: BigUint64Array;
  #all: ArrayBuffer;

  /** `pointer`: from audio_open() or audio_attach(), which hold the memory for this thread. */
  constructor(shim: Shim, pointer: Pointer) {
    const head = memoryAt(pointer, HEADER_BYTES);
    const words = new Int32Array(head);
    if (words[ring.magic / 4] !== MAGIC || words[ring.version / 4] !== VERSION) {
      throw new RingError(
        "RING_FOREIGN",
        "attach",
        "the memory holds no audio ring of this version",
      );
    }
    this.shim = shim;
    this.pointer = pointer;
    this.flow = flows[words[ring.flow / 4]!]!;
    this.capacity = words[ring.capacity / 4]!;
    this.width = words[ring.width / 4]!;
    const rate = words[ring.rate / 4]!;
    this.periodMs = rate === 0 ? 0 : words[ring.period / 4]! / rate * 1000;
    this.id = words[ring.id / 4]!;
    this.words = words;
    this.longs = new BigUint64Array(head);
    this.#all = memoryAt(pointer, Number(this.longs[ring.bytes / 8]!));
  }

  get released(): boolean {
    return this.words === deadWords;
  }

  /** The `elements` samples at a byte offset. */
  samples(offset: number, elements: number): Float32Array {
    return new Float32Array(this.#all, offset, elements);
  }

  release(): void {
    if (this.released) return;
    this.words = deadWords;
    this.longs = deadLongs;
    this.#all = dead;
    this.shim.audio_release(this.pointer);
    this.bell.ring();
  }
}
