/** What reserve() of either end gives: slots to fill or to read in place, and what becomes of them. */
import type { Claim } from "../../contract.ts";
import { RingError, shown } from "../../errors.ts";
import { advanced } from "../cursor.ts";
import type { Barrier } from "./barrier.ts";
import type { Publisher } from "./publisher.ts";

type Parts = readonly [Int32Array, Int32Array];

abstract class SlotClaim implements Claim<number> {
  readonly parts: Parts;
  protected readonly count: number;
  readonly #committed: (count: number) => void;
  #open = true;

  /** `committed` is told how many items were published, or freed. */
  constructor(parts: Parts, count: number, committed: (count: number) => void) {
    this.parts = parts;
    this.count = count;
    this.#committed = committed;
  }

  commit(count = this.count): void {
    if (!this.#open) {
      throw new RingError("RING_INVALID", "commit", "the claim was committed before", count);
    }
    if (!Number.isInteger(count) || count < 0 || count > this.count) {
      const why = `count must be a whole number from 0 to ${this.count}, got ${shown(count)}`;
      throw new RingError("RING_INVALID", "commit", why, count);
    }
    this.check(count);
    this.#open = false;
    this.end(count);
    this.#committed(count);
  }

  /** Throws RING_INVALID, and leaves the claim open, when so few cannot be committed. */
  protected check(_count: number): void {}
  protected abstract end(count: number): void;
}

export class WriterClaim extends SlotClaim {
  readonly #publisher: Publisher;
  readonly #lower: number;

  constructor(
    publisher: Publisher,
    parts: Parts,
    count: number,
    committed: (count: number) => void,
  ) {
    super(parts, count, committed);
    this.#publisher = publisher;
    this.#lower = publisher.lower;
  }

  protected end(count: number): void {
    const middle = advanced(this.#lower, count), upper = advanced(this.#lower, this.count);
    // The rest first, while it is still behind what is open: so it can go back, not be passed over.
    if (count < this.count) this.#publisher.abort(middle, upper);
    if (count > 0) this.#publisher.commit(this.#lower, middle);
  }
}

export class ReaderClaim extends SlotClaim {
  readonly #barrier: Barrier;
  /** What the barrier knew before, and where the claim ends. */
  readonly #next: number;
  readonly #end: number;
  readonly #known: number;
  readonly #upper: number;

  /** Of all that `barrier` has taken since `next`, `end` and `known` were its own. */
  constructor(
    barrier: Barrier,
    before: { readonly next: number; readonly end: number; readonly known: number },
    parts: Parts,
    count: number,
    committed: (count: number) => void,
  ) {
    super(parts, count, committed);
    this.#barrier = barrier;
    this.#next = before.next;
    this.#end = before.end;
    this.#known = before.known;
    this.#upper = barrier.taken;
    barrier.hold(before.next);
  }

  protected override check(count: number): void {
    if (count === this.count || this.#barrier.taken === this.#upper) return;
    const why = `a later claim stands behind it: all ${this.count} items are to be committed`;
    throw new RingError("RING_INVALID", "commit", why, count);
  }

  protected end(count: number): void {
    const barrier = this.#barrier;
    if (count < this.count) {
      barrier.restore(this.#next, this.#end, this.#known);
      for (let left = count; left > 0;) {
        const piece = Math.min(barrier.there(left), left);
        barrier.take(piece);
        left -= piece;
      }
    }
    barrier.commit(this.#next, this.#upper);
  }
}
