/**
 * The waiting half of an end whose other side may be on another thread: what tryWrite() and
 * tryRead() cannot do now is waited for on an event count. A ring supplies the two and says when
 * another try is worth it.
 */
import type { Reader, Slots, Stats, Wait, WaitStrategy, Writer } from "../contract.ts";
import { timeoutError } from "../errors.ts";
import { checkedTimeout, countFrom } from "./arguments.ts";
import { waitingBy } from "./strategy.ts";
import type { Waiting } from "./waiting.ts";

export abstract class SharedWriter<T = number> implements Writer<T> {
  protected readonly width: number;
  protected moved = 0;
  /** How to wait for room, by the strategy that was chosen. */
  protected waiting: Waiting;
  readonly #release: () => void;

  /** `room` is woken whenever hasRoom() may have become true. */
  constructor(width: number, room: Waiting, release: () => void) {
    this.width = width;
    this.waiting = room;
    this.#release = release;
  }

  /** How it waits from now on; without this call it parks. */
  waitBy(strategy: WaitStrategy): void {
    this.waiting = waitingBy(strategy, this.waiting);
  }

  abstract tryWrite(items: ArrayLike<T>, from?: number): number;
  /** Another try would not answer 0: there is room, or the ring is closed. */
  protected abstract hasRoom(): boolean;

  async write(items: ArrayLike<T>, wait?: Wait): Promise<void> {
    const total = countFrom(items, 0, this.width, "write");
    const left = countdown(wait, "write");
    for (let from = 0;;) {
      from += this.tryWrite(items, from);
      if (from === total) return;
      await this.waiting.wait(() => this.hasRoom(), left(), "write");
    }
  }

  writeSync(items: ArrayLike<T>, timeout?: number): number {
    const total = countFrom(items, 0, this.width, "write");
    const deadline = performance.now() + checkedTimeout(timeout, "write");
    for (;;) {
      const accepted = this.tryWrite(items);
      if (accepted > 0 || total === 0) return accepted;
      const left = deadline - performance.now();
      if (!this.waiting.waitSync(() => this.hasRoom(), Math.max(0, left), "write")) return 0;
    }
  }

  stats(): Stats {
    return { moved: this.moved, lost: 0, padded: 0, xruns: 0 };
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#release();
    return Promise.resolve();
  }
}

export abstract class SharedReader<T = number> implements Reader<T> {
  protected readonly width: number;
  protected moved = 0;
  /** How to wait for items, by the strategy that was chosen. */
  protected waiting: Waiting;
  readonly #release: () => void;

  /** `items` is woken whenever hasItems() or `done` may have become true. */
  constructor(width: number, items: Waiting, release: () => void) {
    this.width = width;
    this.waiting = items;
    this.#release = release;
  }

  /** How it waits from now on; without this call it parks. */
  waitBy(strategy: WaitStrategy): void {
    this.waiting = waitingBy(strategy, this.waiting);
  }

  abstract readonly done: boolean;
  abstract tryRead(into: Slots<T>, from?: number): number;
  /** Another try would not answer 0. */
  protected abstract hasItems(): boolean;

  async read(into: Slots<T>, wait?: Wait): Promise<number> {
    const room = countFrom(into, 0, this.width, "read");
    const left = countdown(wait, "read");
    for (;;) {
      const delivered = this.tryRead(into);
      if (delivered > 0 || room === 0) return delivered;
      if (this.done) return 0;
      await this.waiting.wait(() => this.hasItems() || this.done, left(), "read");
    }
  }

  readSync(into: Slots<T>, timeout?: number): number {
    const room = countFrom(into, 0, this.width, "read");
    const deadline = performance.now() + checkedTimeout(timeout, "read");
    for (;;) {
      const delivered = this.tryRead(into);
      if (delivered > 0 || room === 0 || this.done) return delivered;
      const left = deadline - performance.now();
      if (!this.waiting.waitSync(() => this.hasItems() || this.done, Math.max(0, left), "read")) {
        return 0;
      }
    }
  }

  stats(): Stats {
    return { moved: this.moved, lost: 0, padded: 0, xruns: 0 };
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#release();
    return Promise.resolve();
  }
}

/** What is left of a wait each time it is asked; an aborted or overdue one throws. */
export function countdown(wait: Wait | undefined, action: string): () => Wait | undefined {
  wait?.signal?.throwIfAborted();
  const timeout = checkedTimeout(wait?.timeout, action);
  if (timeout === Infinity) return () => wait;
  const deadline = performance.now() + timeout;
  return () => {
    const left = deadline - performance.now();
    if (left <= 0) throw timeoutError(action, timeout);
    return { signal: wait?.signal, timeout: left };
  };
}
