/**
 * How far a reader may go, and how far it has gone: up to what is published, or to the readers that
 * it is gated behind. (Source: the SequenceBarrier of the LMAX Disruptor.)
 *
 * Items lie in pieces, between slots that readers pass over; as a rule there is one piece. Slots
 * are freed up to the oldest claim that is still open.
 */
import { RingError } from "../../errors.ts";
import type { Waiting } from "../../shared/waiting.ts";
import { advanced, distance } from "../cursor.ts";
import type { Before, Gate } from "../gates.ts";
import { GatedWaiting } from "./gated_waiting.ts";
import { Ranges } from "./ranges.ts";
import type { Sequences } from "./sequences.ts";

export abstract class Barrier {
  /** The next item to take. */
  next: number;
  /** Where the piece ends that begins at `next`, as far as is known. */
  end: number;
  /** The last look ended at slots to pass over, behind which there may be another piece. */
  split = false;
  /** How far was looked, where what ends there is not all there for the reader yet. */
  known: number;
  /** Where the last take ended. */
  taken: number;
  readonly gate: Gate;
  /** What it waits on for more items. */
  readonly waiting: Waiting;
  protected readonly sequences: Sequences;
  protected readonly before: Before | undefined;
  readonly #open = new Ranges();

  /** `items`: what it waits on when it is behind no other reader. */
  constructor(sequences: Sequences, gate: Gate, before: Before | undefined, items: Waiting) {
    this.sequences = sequences;
    this.gate = gate;
    this.before = before;
    this.next =
      this.end =
      this.known =
      this.taken =
        gate.cursor;
    const { room } = sequences.gates;
    this.waiting = before ? new GatedWaiting(() => !before.gone, room, items) : items;
  }

  /**
   * Items in a row from `next` on; looks for more only when these are fewer than `wanted`. It may
   * pass over slots, which are given back by the next free().
   */
  there(wanted: number): number {
    const there = distance(this.end, this.next);
    if (there >= wanted) return there;
    this.look(wanted);
    return distance(this.end, this.next);
  }

  /** Goes on by `count` items that are there; free() gives their slots back. */
  take(count: number): void {
    this.next = this.taken = advanced(this.next, count);
  }

  /** As take(), but the slots stay until commit() has been called for all of them. */
  claim(count: number): void {
    const lower = this.next;
    this.take(count);
    this.hold(lower);
  }

  /** Makes all that was taken from `lower` on a claim. */
  hold(lower: number): void {
    this.#open.add(lower, this.taken);
  }

  /** Gives back a part of what is claimed; RING_INVALID when it is not. */
  commit(lower: number, upper: number): void {
    if (!this.#open.take(lower, upper)) {
      const why = "its items are not claimed, or are committed already";
      throw new RingError("RING_INVALID", "commit", why);
    }
    this.free();
  }

  /** Lets what is behind it have the slots of all that was taken and is not claimed. */
  free(): void {
    this.gate.move(this.#open.first(this.next));
  }

  /**
   * Having found nothing: waits a little where something is committed, but behind a claim that is
   * not. True = look again.
   */
  settle(): boolean {
    return false;
  }

  /** Closed, and every item that there will ever be was taken. */
  get done(): boolean {
    return this.lacks(1);
  }

  /** Closed, and `count` items in a row are not there any more. */
  lacks(count: number): boolean {
    if (this.there(count) >= count) return false;
    this.free();
    return this.ended || (this.split && this.closed);
  }

  /** Goes back to what `next`, `end` and `known` were when nothing behind them was taken. */
  restore(next: number, end: number, known: number): void {
    this.next = this.taken = next;
    this.end = end;
    this.known = known;
  }

  protected abstract readonly closed: boolean;
  /** Closed, and `end` is the end for all time. */
  protected abstract readonly ended: boolean;
  /** Moves `end` on as far as is published, and `next` over what is to be passed over. */
  protected abstract look(wanted: number): void;
}
