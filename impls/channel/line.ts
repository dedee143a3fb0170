/** Those who wait at a channel, in the order they came. */

/** Stands in one line at most. */
export abstract class Waiter {
  /** Kept by the line. */
  line: Line<Waiter> | undefined = undefined;
  ahead: Waiter | undefined = undefined;
  behind: Waiter | undefined = undefined;

  /** Harmless when it stands in none. */
  leaveLine(): void {
    this.line?.remove(this);
  }
}

/** One who has items for others. */
export interface Sender<T> extends Waiter {
  /** Its next item; with the last one it leaves its line and is done. */
  take(): T;
  /** The channel was closed: it leaves, and fails with RING_CLOSED. */
  refuse(): void;
}

/** One who wants items of others. */
export interface Receiver<T> extends Waiter {
  /** The item is its own, and it leaves its line. */
  give(item: T): void;
  /** As give(), with as many of `items` as it wants, from the `from`-th on; where it stopped. */
  giveFrom(items: ArrayLike<T>, from: number): number;
  /** Goes on with what it was given. */
  goOn(): void;
  /** The channel was closed and nothing is left: it leaves, and goes on with the end. */
  end(): void;
}

/** Linked through its waiters, so that whoever gives up leaves in one step from where it stands. */
export class Line<W extends Waiter> {
  first: W | undefined = undefined;
  #last: W | undefined = undefined;

  append(waiter: W): void {
    const last = this.#last;
    waiter.line = this as unknown as Line<Waiter>;
    waiter.ahead = last;
    if (last === undefined) this.first = waiter;
    else last.behind = waiter;
    this.#last = waiter;
  }

  remove(waiter: W): void {
    const ahead = waiter.ahead as W | undefined, behind = waiter.behind as W | undefined;
    if (ahead === undefined) this.first = behind;
    else ahead.behind = behind;
    if (behind === undefined) this.#last = ahead;
    else behind.ahead = ahead;
    waiter.line = waiter.ahead = waiter.behind = undefined;
  }
}
