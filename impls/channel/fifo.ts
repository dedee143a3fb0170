/**
 * A queue in a circular array that doubles as it fills, so that a capacity which is never used takes
 * no memory. Its size is a power of two: an index is masked, never divided.
 */
import type { Slots } from "../contract.ts";

/** Slots of a new one. */
const FIRST_SLOTS = 4;

export class Fifo<T> {
  length = 0;
  #slots: (T | undefined)[] = emptySlots(FIRST_SLOTS);
  #head = 0;

  push(item: T): void {
    if (this.length === this.#slots.length) this.#growTo(this.length + 1);
    const slots = this.#slots;
    slots[(this.#head + this.length++) & (slots.length - 1)] = item;
  }

  /** The oldest item; there must be one. */
  shift(): T {
    const slots = this.#slots, head = this.#head;
    const item = slots[head] as T;
    slots[head] = undefined; // released: nobody else keeps it alive
    this.#head = (head + 1) & (slots.length - 1);
    this.length--;
    return item;
  }

  /** `count` of `items`, the first of them the `from`-th. */
  pushFrom(items: ArrayLike<T>, from: number, count: number): void {
    if (this.length + count > this.#slots.length) this.#growTo(this.length + count);
    const slots = this.#slots, mask = slots.length - 1, tail = this.#head + this.length;
    for (let i = 0; i < count; i++) slots[(tail + i) & mask] = items[from + i];
    this.length += count;
  }

  /** The `count` oldest items, which must be there, to `into` from the `from`-th slot on. */
  shiftInto(into: Slots<T>, from: number, count: number): void {
    const slots = this.#slots, mask = slots.length - 1, head = this.#head;
    for (let i = 0; i < count; i++) {
      const at = (head + i) & mask;
      into[from + i] = slots[at] as T;
      slots[at] = undefined; // released, as above
    }
    this.#head = (head + count) & mask;
    this.length -= count;
  }

  /** A copy, the oldest first. */
  toArray(): T[] {
    const slots = this.#slots, mask = slots.length - 1;
    return Array.from({ length: this.length }, (_, i) => slots[(this.#head + i) & mask] as T);
  }

  clear(): void {
    this.#slots = emptySlots(FIRST_SLOTS);
    this.#head = this.length = 0;
  }

  #growTo(length: number): void {
    let size = this.#slots.length;
    while (size < length) size *= 2;
    const grown = emptySlots<T>(size), count = this.length;
    this.shiftInto(grown as T[], 0, count);
    this.#slots = grown;
    this.#head = 0;
    this.length = count;
  }
}

/** Without holes, and for values of any kind from the outset. */
function emptySlots<T>(count: number): (T | undefined)[] {
  const slots: (T | undefined)[] = [];
  for (let i = 0; i < count; i++) slots.push(undefined);
  return slots;
}
