/** The barrier before the items of one publisher: its cursor, and marks of what to pass over. */
import { advanced, distance, ITEM, ITEM_SHIFT } from "../cursor.ts";
import type { Before, Gate } from "../gates.ts";
import { Barrier } from "./barrier.ts";
import {
  CLOSED,
  HEAD,
  headPosition,
  itemsTo,
  MARKED,
  type Sequences,
  sleepersOnHead,
} from "./sequences.ts";

export class CursorBarrier extends Barrier {
  readonly #words: Int32Array;

  constructor(sequences: Sequences, gate: Gate, before: Before | undefined) {
    super(sequences, gate, before, sleepersOnHead(sequences.words));
    this.#words = sequences.words;
  }

  protected look(wanted: number): void {
    const head = Atomics.load(this.#words, HEAD);
    // Memory comes from elsewhere: what is there is not to be more than its slots.
    const most = this.sequences.capacity - distance(this.end, this.next);
    const written = advanced(this.end, Math.min(itemsTo(head, this.end), most));
    const limit = this.before ? this.before.lowest(written) : written;
    this.split = false;
    if (distance(limit, this.end) <= 0) return;
    if ((head & MARKED) === 0) this.end = limit;
    else this.#lookForMarks(limit, wanted);
  }

  protected get closed(): boolean {
    return (Atomics.load(this.#words, HEAD) & CLOSED) !== 0;
  }

  protected get ended(): boolean {
    const head = Atomics.load(this.#words, HEAD);
    return (head & CLOSED) !== 0 && itemsTo(head, this.end) === 0;
  }

  #lookForMarks(limit: number, wanted: number): void {
    const { marks, capacity } = this.sequences;
    while (this.end !== limit && distance(this.end, this.next) < wanted) {
      const marked = marks[(this.end >>> ITEM_SHIFT) & (capacity - 1)] === 1;
      this.split = marked && this.end !== this.next;
      if (this.split) break;
      this.end = (this.end + ITEM) | 0;
      if (marked) this.next = this.end;
    }
  }
}

/** A gate for a new reader, at the next item published. */
export function joinOne(sequences: Sequences): Gate {
  return sequences.gates.join(() => headPosition(sequences) << ITEM_SHIFT);
}
