/**
 * The sequencer of one publisher: its cursor is all that readers look at, and moves by one atomic
 * operation a commit, over everything up to the lowest claim that is still open. (Source: the LMAX
 * Disruptor's SingleProducerSequencer; the flags that close it and that sleepers set as in spsc.ts.)
 *
 * Slots that readers are to pass over are marked, a byte each. For a round after it has marked some
 * the publisher says so by a flag in its cursor, so that otherwise readers need not look, and wipes
 * the marks of what it claims.
 */
import { claimEnd } from "../../shared/layout.ts";
import type { Waiting } from "../../shared/waiting.ts";
import { advanced, distance, ITEM, ITEM_SHIFT } from "../cursor.ts";
import type { Gates } from "../gates.ts";
import { GatedWaiting } from "./gated_waiting.ts";
import { closed, Publisher } from "./publisher.ts";
import {
  CLOSED,
  EPOCH,
  epochOf,
  HAS_PUBLISHER,
  HEAD,
  HEAD_SHIFT,
  headPosition,
  MARKED,
  passesEpoch,
  type Sequences,
  sleepersOnHead,
  WAITING,
} from "./sequences.ts";

export class OnePublisher extends Publisher {
  readonly alone = true;
  readonly waiting: Waiting;
  readonly #words: Int32Array;
  readonly #marks: Uint8Array;
  readonly #capacity: number;
  readonly #gates: Gates;
  readonly #release: () => void;
  #claimed: number;
  #published: number;
  /** HEAD as it was last published. */
  #head: number;
  /** The lowest gate when it was last looked up. */
  #floor: number;
  /** There may be marks on slots before the one a round behind the last that was marked. */
  #marked: boolean;
  #cleanFrom: number;
  #epoch: number;

  /** RING_BUSY when the ring has its publisher. */
  constructor(sequences: Sequences) {
    super();
    const { words, marks, capacity, gates } = sequences;
    this.#words = words;
    this.#marks = marks;
    this.#capacity = capacity;
    this.#gates = gates;
    this.#release = claimEnd(words, HAS_PUBLISHER, "writer");
    this.waiting = new GatedWaiting(() => !gates.empty, gates.room, sleepersOnHead(words));
    const position = headPosition(sequences);
    this.#claimed = this.#published = position << ITEM_SHIFT;
    this.#floor = gates.lowest(this.#published);
    this.#epoch = epochOf(position);
    this.#head = Atomics.load(words, HEAD) & ~(CLOSED | WAITING);
    this.#marked = (this.#head & MARKED) !== 0;
    this.#cleanFrom = advanced(this.#claimed, capacity);
  }

  claim(least: number, most: number): number {
    const claimed = this.#claimed;
    let free = this.#capacity - distance(claimed, this.#floor);
    if (free < most) free = this.#lookUpFree();
    const count = free < most ? free : most;
    if (count < least) {
      if (this.closed) throw closed();
      return 0;
    }
    const upper = advanced(claimed, count);
    if (this.#marked) this.#wipe(claimed, upper);
    this.lower = claimed;
    this.upper = this.#claimed = upper;
    return count;
  }

  publish(): void {
    if (!this.#advance()) throw closed();
  }

  hasRoom(count: number): boolean {
    return this.#lookUpFree() >= count || this.closed;
  }

  get closed(): boolean {
    return (Atomics.load(this.#words, HEAD) & CLOSED) !== 0;
  }

  override dispose(): void {
    super.dispose();
    this.#release();
  }

  protected finish(): void {
    if (!this.#advance()) throw closed("commit");
  }

  protected goBack(lower: number, upper: number): boolean {
    if (this.#claimed !== upper) return false;
    this.#claimed = lower;
    return true;
  }

  /** Without slots there is no place for marks: what stands behind the range stays unpublished. */
  protected passOver(lower: number, upper: number): void {
    const marks = this.#marks, capacity = this.#capacity;
    if (marks.length === 0) return;
    for (let cursor = lower; cursor !== upper; cursor = (cursor + ITEM) | 0) {
      marks[(cursor >>> ITEM_SHIFT) & (capacity - 1)] = 1;
    }
    const cleanFrom = advanced(upper, capacity);
    if (!this.#marked || distance(cleanFrom, this.#cleanFrom) > 0) this.#cleanFrom = cleanFrom;
    this.#marked = true;
    this.#advance();
  }

  protected wakeAll(): void {
    this.#gates.room.wake();
    sleepersOnHead(this.#words).wake();
  }

  #lookUpFree(): number {
    this.#floor = this.#gates.lowest(this.#published);
    return this.#capacity - distance(this.#claimed, this.#floor);
  }

  /** Publishes up to the first claim that is open; false = the ring has been closed. */
  #advance(): boolean {
    const words = this.#words, head = this.#head;
    const published = this.#published, next = this.open.first(this.#claimed);
    if (next === published) return true;
    if (this.#marked) this.#marked = distance(this.#cleanFrom, next) > 0;
    const word = (next << HEAD_SHIFT) | (this.#marked ? MARKED : 0);
    if (Atomics.compareExchange(words, HEAD, head, word) !== head) {
      const asleep = head | WAITING;
      if (Atomics.compareExchange(words, HEAD, asleep, word) !== asleep) return false;
      sleepersOnHead(words).wake();
    }
    if (passesEpoch(published, next)) Atomics.store(words, EPOCH, ++this.#epoch);
    this.#head = word;
    this.#published = next;
    return true;
  }

  #wipe(lower: number, upper: number): void {
    const marks = this.#marks, capacity = this.#capacity;
    const from = (lower >>> ITEM_SHIFT) & (capacity - 1), to = from + distance(upper, lower);
    marks.fill(0, from, to);
    if (to > capacity) marks.fill(0, 0, to - capacity);
  }
}
