/**
 * The sequencer of one of many publishers: a range is claimed by moving HEAD, all of it or nothing,
 * and committed by stamping it (stamps.ts), in whatever order. (Source: the LMAX Disruptor's
 * MultiProducerSequencer.)
 *
 * Nobody claims further than a round beyond the lowest gate, nor beyond PREFIX, which is moved on
 * over what is committed only when the ring looks full. That keeps publishers out of each other's
 * open claims where no reader does, and gives a new reader a place to begin at: the first item that
 * is not committed yet.
 *
 * That no wake-up, gate or stamp is missed holds however long a thread stands still; only one that
 * does between its look at HEAD and its claim while others claim exactly 2^30 items is not noticed.
 */
import type { EventCount, Waiting } from "../../shared/waiting.ts";
import { advanced, distance, FLAGS } from "../cursor.ts";
import type { Gates } from "../gates.ts";
import { GatedWaiting } from "./gated_waiting.ts";
import { closed, Publisher } from "./publisher.ts";
import {
  CLOSED,
  EPOCH,
  HEAD,
  passesEpoch,
  PREFIX,
  type Sequences,
  sleepersOnItems,
} from "./sequences.ts";
import { Stamps } from "./stamps.ts";

export class ManyPublishers extends Publisher {
  readonly alone = false;
  readonly waiting: Waiting;
  readonly #words: Int32Array;
  readonly #capacity: number;
  readonly #gates: Gates;
  readonly #items: EventCount;
  readonly #stamps: Stamps;
  /** The lowest gate when it was last looked up, or PREFIX when that was lower. */
  #floor: number;

  constructor(sequences: Sequences) {
    super();
    const { words, capacity, gates } = sequences;
    this.#words = words;
    this.#capacity = capacity;
    this.#gates = gates;
    this.#items = sleepersOnItems(words);
    this.waiting = new GatedWaiting(() => !gates.empty, gates.room, this.#items);
    this.#stamps = new Stamps(sequences);
    this.#floor = gates.lowest(Atomics.load(words, PREFIX));
  }

  claim(least: number, most: number): number {
    const words = this.#words;
    for (;;) {
      const head = Atomics.load(words, HEAD);
      if ((head & CLOSED) !== 0) throw closed();
      let free = this.#capacity - distance(head, this.#floor);
      if (free < most) free = this.#lookUpFree(head);
      const count = free < most ? free : most;
      if (count < least) return 0;
      const upper = advanced(head, count);
      if (Atomics.compareExchange(words, HEAD, head, upper) !== head) continue;
      if (passesEpoch(head, upper)) Atomics.add(words, EPOCH, 1);
      this.#stamps.renew(head, upper);
      this.lower = head;
      this.upper = upper;
      return count;
    }
  }

  publish(): void {
    this.finish(this.lower, this.upper);
  }

  hasRoom(count: number): boolean {
    const head = Atomics.load(this.#words, HEAD);
    return (head & CLOSED) !== 0 || this.#lookUpFree(head) >= count;
  }

  get closed(): boolean {
    return (Atomics.load(this.#words, HEAD) & CLOSED) !== 0;
  }

  protected finish(lower: number, upper: number): void {
    if (!this.#stamps.commit(lower, upper)) throw closed();
    this.#items.wake();
  }

  override keep(): void {
    this.#stamps.keep(this.lower);
  }

  protected goBack(lower: number, upper: number): boolean {
    this.#stamps.clear(lower);
    const words = this.#words, passes = passesEpoch(lower, upper);
    // EPOCH may be behind HEAD for a while, never ahead: it goes back first.
    if (passes) Atomics.sub(words, EPOCH, 1);
    const back = Atomics.compareExchange(words, HEAD, upper, lower) === upper;
    if (passes && !back) Atomics.add(words, EPOCH, 1);
    return back;
  }

  protected passOver(lower: number, upper: number): void {
    this.#stamps.skip(lower, upper);
  }

  protected wakeAll(): void {
    this.#gates.room.wake();
    this.#items.wake();
  }

  /** Free slots behind `head`. */
  #lookUpFree(head: number): number {
    const gates = this.#gates, cursor = head & ~FLAGS;
    // PREFIX, then the gates once more: it may have moved past where a new reader began meanwhile.
    this.#floor = gates.lowest(this.#stamps.follow(gates.lowest(cursor)));
    // Memory comes from elsewhere: PREFIX is not to lead beyond what is claimed.
    return this.#capacity - Math.max(0, distance(cursor, this.#floor));
  }
}
