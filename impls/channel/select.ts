/**
 * Waits on several channels at once, bounded ones and rendezvous: of all cases, receives and sends,
 * exactly one takes place. Among those that can at once each is chosen with the same probability;
 * where none can, the selection stands in line at every channel like any other waiter, and the first
 * channel that serves it takes it out of all the others in the same step.
 *
 * Closed channels are as in Go: a receive of one that is drained can always take place, and has
 * `done`; a send can always be chosen, and fails with RING_CLOSED.
 * (Source: alternation in Hoare's CSP, and Go's select statement.)
 */
import type { Wait } from "../contract.ts";
import { RingError, timeoutError } from "../errors.ts";
import { type Channel, closed, type Received } from "./channel.ts";
import { type Receiver, type Sender, Waiter } from "./line.ts";
import { Pending, timeoutOf } from "./pending.ts";

/** One of the things that a selection may do; made by receiving() and sending(). */
export interface Case<Outcome> {
  /** It can take place now. */
  readonly ready: boolean;
  /** Has it take place; it must be ready. */
  act(): Outcome;
  /** Stands in line for the `index`-th case of `selection`. */
  enlist(selection: Selection, index: number): Waiter;
}

/** What a send has when it has taken place. */
export interface Sent {
  readonly done: false;
  readonly value: undefined;
}

/** `index`: of the case that took place. `done` and `value`: as receive() resolves with them. */
export type Selected<Cases extends readonly Case<unknown>[]> = {
  [K in keyof Cases]:
    & { readonly index: K extends `${infer Index extends number}` ? Index : number }
    & (Cases[K] extends Case<infer Outcome> ? Outcome : never);
}[number];

/**
 * Resolves with the one case that took place. Rejects with RING_CLOSED when that is a send to a closed
 * channel, with TimeoutError or `signal.reason`; then nothing was consumed and nothing sent.
 *
 * @example Whichever has something first
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openBounded } from "ringproof/bounded";
 * import { openRendezvous } from "ringproof/rendezvous";
 * import { receiving, select, sending, trySelect } from "ringproof/select";
 *
 * const words = openBounded<string>({ capacity: 4 }), numbers = openRendezvous<number>();
 * assertEquals(trySelect([receiving(words), sending(numbers, 1)]), undefined);
 *
 * const selected = select([receiving(words), sending(numbers, 1)], { timeout: 1000 });
 * await words.send("hello");
 * assertEquals(await selected, { index: 0, done: false, value: "hello" });
 * assertEquals(numbers.tryReceive(), undefined); // the other case did not take place
 * ```
 */
export function select<const Cases extends readonly Case<unknown>[]>(
  cases: Cases,
  wait?: Wait,
): Promise<Selected<Cases>> {
  try {
    const timeout = timeoutOf(wait, "select");
    const selected = trySelect(cases);
    if (selected !== undefined) return Promise.resolve(selected);
    if (timeout === 0) throw timeoutError("select", timeout);
    const selection = new Selection();
    selection.waiters = cases.map((one, index) => one.enlist(selection, index));
    if (wait) selection.pending.watch(wait, timeout, "select", () => selection.leaveAll());
    return selection.pending.promise as Promise<Selected<Cases>>;
  } catch (error) {
    return Promise.reject(error);
  }
}

/** As select(), or undefined where no case can take place now. Throws RING_CLOSED. */
export function trySelect<const Cases extends readonly Case<unknown>[]>(
  cases: Cases,
): Selected<Cases> | undefined {
  if (cases.length === 0) {
    throw new RingError("RING_INVALID", "select", "there must be one case or more", cases);
  }
  let ready = 0, index = -1;
  for (let i = 0; i < cases.length; i++) {
    // Each of the first n that are ready stands with a probability of 1 in n (reservoir sampling).
    if (cases[i]!.ready && Math.random() * ++ready < 1) index = i;
  }
  if (index < 0) return undefined;
  return { index, ...cases[index]!.act() as object } as Selected<Cases>;
}

/** The case of an item, or the end, from `channel`. */
export function receiving<T>(channel: Channel<T>): Case<Received<T>> {
  return {
    get ready() {
      return channel.canReceive;
    },
    act: () => channel.next(),
    enlist(selection, index) {
      const waiter = new SelectReceiver<T>(selection, index);
      channel.enlistReceiver(waiter);
      return waiter;
    },
  };
}

/** The case of `item` going to `channel`. */
export function sending<T>(channel: Channel<T>, item: T): Case<Sent> {
  return {
    get ready() {
      return channel.canSend;
    },
    act() {
      channel.trySend(item);
      return SENT;
    },
    enlist(selection, index) {
      const waiter = new SelectSender<T>(selection, index, item);
      channel.enlistSender(waiter);
      return waiter;
    },
  };
}

const SENT: Sent = { done: false, value: undefined };

/** What the cases of one select() have in common. */
export class Selection {
  readonly pending = new Pending<{ readonly index: number }>();
  /** One for each case, as long as none is served. */
  waiters: readonly Waiter[] = [];

  leaveAll(): void {
    for (const waiter of this.waiters) waiter.leaveLine();
  }
}

class SelectReceiver<T> extends Waiter implements Receiver<T> {
  readonly #selection: Selection;
  readonly #index: number;
  #received: Received<T> = { done: true, value: undefined };

  constructor(selection: Selection, index: number) {
    super();
    this.#selection = selection;
    this.#index = index;
  }

  give(item: T): void {
    this.#selection.leaveAll();
    this.#selection.pending.commit();
    this.#received = { done: false, value: item };
  }

  giveFrom(items: ArrayLike<T>, from: number): number {
    this.give(items[from]!);
    return from + 1;
  }

  goOn(): void {
    const selected = { index: this.#index, ...this.#received };
    this.#selection.pending.resolve(selected);
  }

  end(): void {
    this.#selection.leaveAll();
    this.goOn();
  }
}

class SelectSender<T> extends Waiter implements Sender<T> {
  readonly #selection: Selection;
  readonly #index: number;
  readonly #item: T;

  constructor(selection: Selection, index: number, item: T) {
    super();
    this.#selection = selection;
    this.#index = index;
    this.#item = item;
  }

  take(): T {
    this.#selection.leaveAll();
    this.#selection.pending.resolve({ index: this.#index, ...SENT } as { index: number });
    return this.#item;
  }

  refuse(): void {
    this.#selection.leaveAll();
    this.#selection.pending.reject(closed("send"));
  }
}
