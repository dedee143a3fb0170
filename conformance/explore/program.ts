/** What is explored: the threads of a program on shared memory, and what must come of them. */

/**
 * The default export of a program's module, which every worker imports.
 *
 * `S`, what the threads share, survives structuredClone; every SharedArrayBuffer in it is watched,
 * and holds at the start of each execution what it held when setup() returned.
 */
export interface Program<S, A = unknown> {
  /** Runs once; `args` as explore() was given them. */
  setup(args: A): S | Promise<S>;
  /**
   * Each runs once an execution, on a worker of its own; what it returns survives JSON. It attaches
   * to what is shared anew: nothing else that it keeps is put back. It may await what the others
   * bring about, timers too, but nothing from outside: what must be loaded is loaded before, here.
   */
  threads(args: A): readonly Thread<S>[] | Promise<readonly Thread<S>[]>;
  /** What the columns of a trace are headed with; "thread 0" and so on by default. */
  names?(args: A): readonly string[];
  /** Which threads may die, where explore() lets some: their numbers, all by default. */
  mortal?(args: A): readonly number[];
  /**
   * Throws unless this may come of it. `outcomes` are what the threads returned, null of those in
   * `dead`, which did not live to.
   */
  check?(
    outcomes: readonly unknown[],
    shared: S,
    args: A,
    dead: readonly number[],
  ): void | Promise<void>;
}

export type Thread<S> = (shared: S) => unknown;

/** Helps the types along. */
export const program = <S, A = unknown>(definition: Program<S, A>): Program<S, A> => definition;

/** Every SharedArrayBuffer in `value`, in an order that its clones share. */
export function memoriesOf(value: unknown): SharedArrayBuffer[] {
  const found: SharedArrayBuffer[] = [];
  const seen = new Set<unknown>();
  const visit = (part: unknown) => {
    if (typeof part !== "object" || part === null || seen.has(part)) return;
    seen.add(part);
    if (part instanceof SharedArrayBuffer) found.push(part);
    else if (ArrayBuffer.isView(part)) visit(part.buffer);
    else for (const key of Object.keys(part)) visit((part as Record<string, unknown>)[key]);
  };
  visit(value);
  return found;
}
