/** What the threads of a run called, and what came of each call, as they saw it. */

/** When a call was made and when it returned, on one clock of any unit: milliseconds, steps. */
interface Call {
  readonly called: number;
  /** Infinity: it never did. */
  readonly returned: number;
}

/** With an item. Items are numbers, and each goes in once in a history. */
interface Move<K extends string> extends Call {
  readonly kind: K;
  readonly value: number;
}

interface Answer<K extends string> extends Call {
  readonly kind: K;
}

/** One call on a queue; a batch is as many of them, in its order and at one time. */
export type Operation =
  | Move<"enqueue">
  | Move<"dequeue">
  /** It was told that there is no room. */
  | Answer<"full">
  /** It was told that there is no item. */
  | Answer<"empty">
  /** Of one that was killed, or gave up: the item may have gone in, then or later, or not. */
  | Move<"pending enqueue">
  /** It may have taken an item, then or later; nobody knows which. */
  | Answer<"pending dequeue">;

export type Kind = Operation["kind"];
export type OperationOf<K extends Kind> = Extract<Operation, { kind: K }>;

/** The operations of each thread, in its order. */
export type History = readonly (readonly Operation[])[];

export const isOf =
  <K extends Kind>(...kinds: readonly K[]) => (operation: Operation): operation is OperationOf<K> =>
    (kinds as readonly Kind[]).includes(operation.kind);

/** "enqueue 5 [1.25, 1.5]" */
export function shown(operation: Operation): string {
  const item = "value" in operation ? ` ${operation.value}` : "";
  const { called, returned } = operation;
  const until = returned === Infinity ? "…" : `, ${rounded(returned)}]`;
  return `${operation.kind}${item} [${rounded(called)}${until}`;
}

const rounded = (time: number) => Math.round(time * 1000) / 1000;
