/** Views of slots, kept where claims of one size come back to the same places, as most do. */

/** Views that one end keeps at most; each is some hundred bytes. */
const MOST_VIEWS = 1024;

export class SlotViews {
  readonly #slots: Int32Array;
  readonly #none: Int32Array;
  #size = 0;
  #views: (Int32Array | undefined)[] = [];

  constructor(slots: Int32Array) {
    this.#slots = slots;
    this.#none = slots.subarray(0, 0);
  }

  /** `count` elements from the `from`-th on, the second part those beyond the last slot. */
  parts(from: number, count: number): [Int32Array, Int32Array] {
    const first = Math.min(count, this.#slots.length - from);
    return [this.#view(from, first), first === count ? this.#none : this.#view(0, count - first)];
  }

  #view(from: number, count: number): Int32Array {
    if (count !== this.#size) {
      this.#size = count;
      this.#views = [];
    }
    const place = from / count;
    if (!Number.isInteger(place) || place >= MOST_VIEWS) {
      return this.#slots.subarray(from, from + count);
    }
    return this.#views[place] ??= this.#slots.subarray(from, from + count);
  }
}
