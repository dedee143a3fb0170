/** One call on a queue as a thread saw it. */

export interface Operation {
  readonly kind: "enqueue" | "dequeue";
  /** The item; undefined: the ring was full, or empty. Items are unique in a history. */
  readonly value: number | undefined;
  /** Milliseconds on one clock, of the call and of its return. */
  readonly called: number;
  readonly returned: number;
}
