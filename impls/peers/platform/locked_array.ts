/**
 * A plain array under Atomics: what is written by hand where no ring is. One word is the lock, taken
 * by compare and exchange and otherwise tried again at once; one is the length; what is shifted out
 * at the front moves the rest up.
 */
import { RingError } from "../../errors.ts";
import { adapterFromSharedQueue, type SharedQueue } from "../polled.ts";

/** word 0  lock · word 1  length · word 2 and on  items, the oldest first */
const LOCK = 0, LENGTH = 1, FIRST_ITEM = 2;

class LockedArray implements SharedQueue {
  readonly #words: Int32Array;
  readonly #items: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    if (memory.byteLength % 4 !== 0 || memory.byteLength <= 4 * FIRST_ITEM) {
      throw new RingError("RING_FOREIGN", "attach", `${memory.byteLength} bytes hold no array`);
    }
    this.#words = new Int32Array(memory, 0, FIRST_ITEM);
    this.#items = new Int32Array(memory, 4 * FIRST_ITEM);
  }

  capacity(): number {
    return this.#items.length;
  }

  empty(): boolean {
    return Atomics.load(this.#words, LENGTH) === 0;
  }

  push(items: Int32Array, count: number, from: number): number {
    this.#lock();
    const length = this.#words[LENGTH]!;
    const accepted = Math.min(count, this.#items.length - length);
    for (let i = 0; i < accepted; i++) this.#items[length + i] = items[from + i]!;
    this.#unlock(length + accepted);
    return accepted;
  }

  pop(into: Int32Array, count: number, from: number): number {
    this.#lock();
    const length = this.#words[LENGTH]!;
    const delivered = Math.min(count, length);
    for (let i = 0; i < delivered; i++) into[from + i] = this.#items[i]!;
    this.#items.copyWithin(0, delivered, length);
    this.#unlock(length - delivered);
    return delivered;
  }

  #lock(): void {
    while (Atomics.compareExchange(this.#words, LOCK, 0, 1) !== 0);
  }

  #unlock(length: number): void {
    Atomics.store(this.#words, LENGTH, length);
    Atomics.store(this.#words, LOCK, 0);
  }
}

export const adapter = adapterFromSharedQueue({
  name: "locked_array",
  producers: "many",
  consumers: "many",
  progress: "locking",
  storage: (capacity) => new SharedArrayBuffer(4 * (FIRST_ITEM + capacity)),
  over: (memory) => new LockedArray(memory),
});
