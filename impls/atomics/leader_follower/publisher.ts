/**
 * The claims of one publisher: which slots it has, and what becomes of those that it gives up. They
 * go back where nothing has been claimed behind them; else readers pass over them, which frees them.
 *
 * A claim is either finished at once, by publish() or drop(), before the next one is made, or kept.
 * Kept claims are finished in any order and in parts, by commit() and abort().
 */
import { RingError } from "../../errors.ts";
import type { Waiting } from "../../shared/waiting.ts";
import { Ranges } from "./ranges.ts";

export abstract class Publisher {
  /** Where the latest claim begins and ends. */
  lower = 0;
  upper = 0;
  /** Kept, and neither committed nor given up. */
  protected readonly open = new Ranges();
  /** No other publisher claims slots of the ring: each claim begins where the last one ended. */
  abstract readonly alone: boolean;
  /** What it waits on for room. */
  abstract readonly waiting: Waiting;

  /**
   * Claims slots in a row: `most`, or as many as are free when these are `least` or more; how many,
   * 0 = none. RING_CLOSED when none are free since the ring is closed.
   */
  abstract claim(least: number, most: number): number;
  /** Publishes the latest claim, which was not kept. RING_CLOSED when it is too late. */
  abstract publish(): void;
  /** `count` slots are free, or the ring is closed. */
  abstract hasRoom(count: number): boolean;
  abstract readonly closed: boolean;

  /** Gives up the latest claim, which was not kept. */
  drop(): void {
    this.#giveUp(this.lower, this.upper);
  }

  /** As claim() of exactly `count`, which are kept; false = not free. RING_CLOSED once closed. */
  reserve(count: number): boolean {
    if (this.closed) throw closed("reserve");
    if (this.claim(count, count) === 0) return false;
    this.open.add(this.lower, this.upper);
    return true;
  }

  /** Says that the claim reserved last may stay open for long: no reader is to wait for it. */
  keep(): void {}

  /** Publishes a part of what is kept. RING_INVALID when it is not, RING_CLOSED when too late. */
  commit(lower: number, upper: number): void {
    if (!this.open.take(lower, upper)) throw unclaimed();
    this.finish(lower, upper);
  }

  /** Gives up a part of what is kept. RING_INVALID when it is not. */
  abort(lower: number, upper: number): void {
    if (!this.open.take(lower, upper)) throw unclaimed();
    this.#giveUp(lower, upper);
  }

  /** Gives up all that is kept, the newest first, so that as much as can goes back. */
  dispose(): void {
    while (!this.open.empty) this.abort(this.open.lastLower, this.open.lastUpper);
  }

  /** Lets readers see a range, which is in `open` no more. RING_CLOSED when it is too late. */
  protected abstract finish(lower: number, upper: number): void;
  /** Unclaims a range; false = more has been claimed behind it. */
  protected abstract goBack(lower: number, upper: number): boolean;
  /** Has readers pass over a range. */
  protected abstract passOver(lower: number, upper: number): void;

  /** Wakes writers and readers. */
  protected abstract wakeAll(): void;

  #giveUp(lower: number, upper: number): void {
    if (!this.goBack(lower, upper)) this.passOver(lower, upper);
    this.wakeAll();
  }
}

export const closed = (action = "write") =>
  new RingError("RING_CLOSED", action, "the ring is closed");

const unclaimed = () =>
  new RingError("RING_INVALID", "commit", "its slots are not claimed, or are committed already");
