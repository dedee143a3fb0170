/**
 * Waiting without lost wake-ups on words of shared memory, on worker threads and on event loops.
 *
 * A waiter says that it is about to sleep, looks again whether what it waits for is there, and only
 * then sleeps on a word, as long as that holds what it held before that look. A waker changes the
 * state first and looks for sleepers after. JavaScript's Atomics are sequentially consistent, so one
 * of the two always sees the other. There are two ways to say it, and to look:
 *
 * An event count is two words of its own, a sequence that wakers bump and the number of sleepers; a
 * waker that finds none pays one load. (Source: Vyukov, "Eventcounts"; the argument is Dekker's.)
 * A flagged word is a word that the waker publishes by in any case, with a bit that a sleeper sets:
 * the very operation that publishes tells the waker, which pays nothing more.
 *
 * A sleeper that dies stays noted: its wakers then notify in vain, which costs time, never a wake-up.
 */
import type { Wait } from "../contract.ts";
import { timeoutError } from "../errors.ts";
import { checkedTimeout } from "./arguments.ts";
import { atDeadline } from "./deadline.ts";

/** Words an event count takes, beginning at the index it is given. */
export const EVENT_COUNT_WORDS = 2;
const SEQUENCE = 0, SLEEPERS = 1;

/** What an end waits on: an event count, or what stands for one where the waker is no JavaScript. */
export interface Waiting {
  /** Blocks the thread until ready() is true; false = timed out. */
  waitSync(ready: () => boolean, timeout: number | undefined, action: string): boolean;
  /** Resolves once ready() is true; rejects with TimeoutError or `signal.reason`. */
  wait(ready: () => boolean, wait: Wait | undefined, action: string): Promise<void>;
}

abstract class WaitOnWord implements Waiting {
  protected readonly words: Int32Array;
  readonly #longestSleepMs: number;

  constructor(words: Int32Array, longestSleepMs = Infinity) {
    this.words = words;
    this.#longestSleepMs = longestSleepMs;
  }

  /** The word to sleep on. */
  protected abstract readonly index: number;
  /** Says that one is about to sleep, each time before it does; what the word then holds. */
  protected abstract announce(): number;
  protected arrive(): void {}
  protected leave(): void {}

  waitSync(ready: () => boolean, timeout: number | undefined, action: string): boolean {
    const deadline = performance.now() + checkedTimeout(timeout, action);
    if (ready()) return true;
    this.arrive();
    try {
      for (;;) {
        const seen = this.announce();
        if (ready()) return true;
        const left = deadline - performance.now();
        if (left <= 0) return false;
        Atomics.wait(this.words, this.index, seen, Math.min(left, this.#longestSleepMs));
      }
    } finally {
      this.leave();
    }
  }

  async wait(ready: () => boolean, wait: Wait | undefined, action: string): Promise<void> {
    const deadline = performance.now() + checkedTimeout(wait?.timeout, action);
    wait?.signal?.throwIfAborted();
    if (ready()) return;
    this.arrive();
    try {
      for (;;) {
        const seen = this.announce();
        if (ready()) return;
        const left = deadline - performance.now();
        if (left <= 0) throw timeoutError(action, wait?.timeout ?? 0);
        const sleepMs = Math.min(left, this.#longestSleepMs);
        await changed(this.words, this.index, seen, sleepMs, wait?.signal);
        wait?.signal?.throwIfAborted();
      }
    } finally {
      this.leave();
    }
  }
}

export class EventCount extends WaitOnWord {
  protected readonly index: number;
  readonly #sleepers: number;

  /**
   * Of EVENT_COUNT_WORDS words, the first of them at `index`. Sleepers look again after
   * `longestSleepMs`, for wakers that may die before they wake; without it they trust in them.
   */
  constructor(words: Int32Array, index: number, longestSleepMs?: number) {
    super(words, longestSleepMs);
    this.index = index + SEQUENCE;
    this.#sleepers = index + SLEEPERS;
  }

  /** Wakes every sleeper. Call it after the change that they wait for has been stored. */
  wake(): void {
    if (Atomics.load(this.words, this.#sleepers) !== 0) this.wakeAlways();
  }

  /** As wake(), without looking for sleepers: for changes that are rare and must not be missed. */
  wakeAlways(): void {
    Atomics.add(this.words, this.index, 1);
    Atomics.notify(this.words, this.index);
  }

  protected override arrive(): void {
    Atomics.add(this.words, this.#sleepers, 1);
  }

  protected override leave(): void {
    Atomics.sub(this.words, this.#sleepers, 1);
  }

  protected announce(): number {
    return Atomics.load(this.words, this.index);
  }
}

/** Whoever publishes by the word and finds `flag` in it clears the flag and calls wake(). */
export class FlaggedWord extends WaitOnWord {
  protected readonly index: number;
  readonly #flag: number;

  constructor(words: Int32Array, index: number, flag: number) {
    super(words);
    this.index = index;
    this.#flag = flag;
  }

  /** Wakes every sleeper; the word has been changed before. */
  wake(): void {
    Atomics.notify(this.words, this.index);
  }

  protected announce(): number {
    return Atomics.or(this.words, this.index, this.#flag) | this.#flag;
  }
}

/**
 * Resolves when the word has been notified, differs already, the time is up, or the signal aborts.
 *
 * Atomics.waitAsync keeps no event loop alive (Node exits, Deno reports a promise that never
 * resolves), so a timer does, and it is also the timeout: then no waiter outlives its caller inside
 * the engine but the aborted and the timed-out ones, which hold nothing and, as all are woken, take
 * no one's wake-up.
 */
function changed(
  words: Int32Array,
  index: number,
  seen: number,
  leftMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const result = waitAsync(words, index, seen);
  if (!result.async) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      cancel();
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const cancel = atDeadline(leftMs, end);
    signal?.addEventListener("abort", end, { once: true });
    result.value.then(end);
  });
}

interface WaitAsync {
  (words: Int32Array, index: number, value: number): {
    async: true;
    value: Promise<string>;
  } | { async: false; value: string };
}
// The type of Atomics.waitAsync differs between the three runtimes' libraries.
const waitAsync: WaitAsync = (words, index, value) =>
  (Atomics as unknown as { waitAsync: WaitAsync }).waitAsync(words, index, value);
