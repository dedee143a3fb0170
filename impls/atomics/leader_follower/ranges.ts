/**
 * Ranges of cursors in order, none touching the next: what an end has claimed and not yet committed.
 *
 * Most ends have one claim open at a time, which costs a few comparisons; several are kept sorted in
 * an array, which is searched from the oldest, the first to be committed as a rule.
 */

export class Ranges {
  /** Lower and upper bound of each, the upper one outside of it. */
  #bounds = new Int32Array(16);
  #count = 0;

  get empty(): boolean {
    return this.#count === 0;
  }

  /** Where the first one begins, or `otherwise`. */
  first(otherwise: number): number {
    return this.#count === 0 ? otherwise : this.#bounds[0]!;
  }

  /** Where the last one begins; only where there is one. */
  get lastLower(): number {
    return this.#bounds[2 * this.#count - 2]!;
  }

  /** Where it ends. */
  get lastUpper(): number {
    return this.#bounds[2 * this.#count - 1]!;
  }

  /** Adds a range that overlaps with none, and joins it to those that it touches. */
  add(lower: number, upper: number): void {
    const bounds = this.#bounds;
    let at = 2 * this.#count;
    while (at > 0 && ((bounds[at - 2]! - lower) | 0) > 0) at -= 2;
    const joinsBefore = at > 0 && bounds[at - 1] === lower;
    const joinsAfter = at < 2 * this.#count && bounds[at] === upper;
    if (joinsBefore && joinsAfter) this.#remove(at - 1, 2);
    else if (joinsBefore) bounds[at - 1] = upper;
    else if (joinsAfter) bounds[at] = lower;
    else this.#insert(at, lower, upper);
  }

  /** Takes a part of one of them out; false = it is not all in one of them. */
  take(lower: number, upper: number): boolean {
    const bounds = this.#bounds;
    if (this.#count === 1 && bounds[0] === lower && bounds[1] === upper) {
      this.#count = 0;
      return true;
    }
    for (let at = 0; at < 2 * this.#count; at += 2) {
      const from = bounds[at]!, to = bounds[at + 1]!;
      if (((lower - from) | 0) < 0 || ((to - upper) | 0) < 0) continue;
      if (from === lower && to === upper) this.#remove(at, 2);
      else if (from === lower) bounds[at] = upper;
      else if (to === upper) bounds[at + 1] = lower;
      else this.#insert(at + 1, lower, upper);
      return true;
    }
    return false;
  }

  #remove(at: number, bounds: number): void {
    this.#bounds.copyWithin(at, at + bounds, 2 * this.#count);
    this.#count -= bounds / 2;
  }

  /** Puts two bounds in at `at`. */
  #insert(at: number, first: number, second: number): void {
    const length = 2 * this.#count;
    if (length + 2 > this.#bounds.length) {
      const larger = new Int32Array(2 * this.#bounds.length);
      larger.set(this.#bounds);
      this.#bounds = larger;
    }
    if (at < length) this.#bounds.copyWithin(at + 2, at, length);
    this.#bounds[at] = first;
    this.#bounds[at + 1] = second;
    this.#count++;
  }
}
