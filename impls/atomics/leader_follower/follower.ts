/** The consuming end by indices (leader.ts): what is published, in order, one follower's view of it. */
import type { Wait } from "../../contract.ts";
import { checkedTimeout } from "../../shared/arguments.ts";
import { countdown } from "../../shared/ends.ts";
import type { Waiting } from "../../shared/waiting.ts";
import { distance, ITEM_SHIFT } from "../cursor.ts";
import type { Barrier } from "./barrier.ts";
import { checkCount, checkRange, disposed } from "./leader.ts";

export class Follower implements Disposable {
  readonly size: number;
  /** For the slot of an index: `index & mask`. */
  readonly mask: number;
  readonly #barrier: Barrier;
  readonly #waiting: Waiting;
  /** The first index that is not reserved yet, and the cursor of it. */
  #index: number;
  #cursor: number;
  #gone = false;

  constructor(size: number, barrier: Barrier, waiting: Waiting, index: number) {
    this.size = size;
    this.mask = size - 1;
    this.#barrier = barrier;
    this.#waiting = waiting;
    this.#index = index;
    this.#cursor = barrier.next;
  }

  /** Closed, and nothing is left to reserve. */
  get done(): boolean {
    return this.#barrier.done;
  }

  /** Indices in a row that can be reserved now; looks no further than for `wanted`. */
  available(wanted = this.size): number {
    const there = this.#barrier.there(wanted);
    this.#barrier.free();
    return there;
  }

  /**
   * The first of `count` indices in a row whose slots this follower may read until it commits them;
   * -1 when so many are not there now. RING_INVALID unless `count` is from 1 to the size.
   */
  tryReserve(count = 1): number {
    checkCount(count, this.size);
    if (this.#gone) throw disposed("reserve");
    const barrier = this.#barrier;
    if (barrier.there(count) < count) {
      barrier.free();
      return -1;
    }
    const lower = this.#index + distance(barrier.next, this.#cursor);
    barrier.claim(count);
    this.#index = lower + count;
    this.#cursor = barrier.next;
    return lower;
  }

  /**
   * As tryReserve(), blocking the thread until they are there; -1 = timed out, after milliseconds,
   * or closed with fewer left.
   */
  reserve(count = 1, timeout?: number): number {
    const limit = checkedTimeout(timeout, "reserve");
    const index = this.tryReserve(count);
    return index >= 0 ? index : this.#wait(count, performance.now() + limit);
  }

  /** As tryReserve(); resolves once they are there, to -1 when closed with fewer left. */
  async reserveAsync(count = 1, wait?: Wait): Promise<number> {
    const left = countdown(wait, "reserve");
    for (;;) {
      const index = this.tryReserve(count);
      if (index >= 0 || this.#barrier.lacks(count)) return index;
      await this.#waiting.wait(() => this.#isWorthALook(count), left(), "reserve");
    }
  }

  /**
   * Frees the indices from `lower` to the one before `upper` for the leader, and for the followers
   * that come after, once all before them are freed. In any order, in one part or several;
   * RING_INVALID for what is not reserved or was committed.
   */
  commit(lower: number, upper = lower + 1): void {
    checkRange(lower, upper, this.#index, this.size);
    this.#barrier.commit(lower << ITEM_SHIFT, upper << ITEM_SHIFT);
  }

  /** Leaves: nobody waits for this follower any more. */
  [Symbol.dispose](): void {
    this.#gone = true;
    this.#barrier.gate.release();
  }

  #wait(count: number, deadline: number): number {
    for (;;) {
      if (this.#barrier.lacks(count)) return -1;
      const left = Math.max(0, deadline - performance.now());
      if (!this.#waiting.waitSync(() => this.#isWorthALook(count), left, "reserve")) return -1;
      const index = this.tryReserve(count);
      if (index >= 0) return index;
    }
  }

  #isWorthALook(count: number): boolean {
    return this.#barrier.there(count) >= count || this.#barrier.lacks(count);
  }
}
