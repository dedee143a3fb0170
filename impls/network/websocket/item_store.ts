/**
 * Items in place: item number `position`, counted from 0 without end, lies in slot `position` modulo
 * the number of slots. Who may write or read which positions is the business of its owner.
 */
import type { Slots } from "../../contract.ts";
import { WORD_BYTES } from "./protocol.ts";

/** Words from which on a bulk copy makes up for the view that it allocates. */
const WORTH_A_VIEW = 64;

export class ItemStore {
  readonly #width: number;
  readonly #slots: number;
  readonly #words: Int32Array;
  /** The same memory: messages are copied as bytes, for their words lie on no boundary. */
  readonly #bytes: Uint8Array;

  constructor(slots: number, width: number) {
    this.#width = width;
    this.#slots = slots;
    this.#words = new Int32Array(slots * width);
    this.#bytes = new Uint8Array(this.#words.buffer);
  }

  /** Puts the items in `bytes` from `position` on. */
  put(position: number, bytes: Uint8Array): void {
    const at = (position % this.#slots) * this.#width * WORD_BYTES;
    const first = Math.min(bytes.length, this.#bytes.length - at);
    this.#bytes.set(bytes.subarray(0, first), at);
    if (first < bytes.length) this.#bytes.set(bytes.subarray(first), 0);
  }

  /** Copies `count` items from `position` on to the word `to` of `into` and those after it. */
  copy(position: number, count: number, into: Slots<number>, to: number): void {
    const at = (position % this.#slots) * this.#width;
    const words = count * this.#width;
    const first = Math.min(words, this.#words.length - at);
    this.#run(at, first, into, to);
    if (first < words) this.#run(0, words - first, into, to + first);
  }

  #run(at: number, words: number, into: Slots<number>, to: number): void {
    if (words >= WORTH_A_VIEW && into instanceof Int32Array) {
      into.set(this.#words.subarray(at, at + words), to);
    } else {
      for (let i = 0; i < words; i++) into[to + i] = this.#words[at + i]!;
    }
  }
}
