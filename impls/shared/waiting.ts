/**
 * Waiting without lost wake-ups on words of shared memory, on worker threads and on event loops.
 *
 * An event count is two words: a sequence that a waker bumps, and the number of sleepers. A waiter
 * enlists, reads the sequence, looks again whether what it waits for is there, and only then
 * sleeps on that sequence. A waker changes the state first and looks for sleepers after. JavaScript's
 * Atomics are sequentially consistent, so one of the two always sees the other; a waker that finds
 * no sleeper pays one load. (Source: Vyukov, "Eventcounts"; the same argument as Dekker's.)
 *
 * A sleeper that dies stays counted: its wakers then notify in vain, which costs time, never a wake-up.
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

export class EventCount implements Waiting {
  readonly #words: Int32Array;
  readonly #sequence: number;
  readonly #sleepers: number;

  constructor(words: Int32Array, index: number) {
    this.#words = words;
    this.#sequence = index + SEQUENCE;
    this.#sleepers = index + SLEEPERS;
  }

  /** Wakes every sleeper. Call it after the change that they wait for has been stored. */
  wake(): void {
    if (Atomics.load(this.#words, this.#sleepers) !== 0) this.wakeAlways();
  }

  /** As wake(), without looking for sleepers: for changes that are rare and must not be missed. */
  wakeAlways(): void {
    Atomics.add(this.#words, this.#sequence, 1);
    Atomics.notify(this.#words, this.#sequence);
  }

  /** Blocks the thread until ready() is true; false = timed out. */
  waitSync(ready: () => boolean, timeout: number | undefined, action: string): boolean {
    const deadline = performance.now() + checkedTimeout(timeout, action);
    if (ready()) return true;
    Atomics.add(this.#words, this.#sleepers, 1);
    try {
      for (;;) {
        const seen = Atomics.load(this.#words, this.#sequence);
        if (ready()) return true;
        const left = deadline - performance.now();
        if (left <= 0) return false;
        Atomics.wait(this.#words, this.#sequence, seen, left);
      }
    } finally {
      Atomics.sub(this.#words, this.#sleepers, 1);
    }
  }

  /** Resolves once ready() is true; rejects with TimeoutError or `signal.reason`. */
  async wait(ready: () => boolean, wait: Wait | undefined, action: string): Promise<void> {
    const deadline = performance.now() + checkedTimeout(wait?.timeout, action);
    wait?.signal?.throwIfAborted();
    if (ready()) return;
    Atomics.add(this.#words, this.#sleepers, 1);
    try {
      for (;;) {
        const seen = Atomics.load(this.#words, this.#sequence);
        if (ready()) return;
        const left = deadline - performance.now();
        if (left <= 0) throw timeoutError(action, wait?.timeout ?? 0);
        await changed(this.#words, this.#sequence, seen, left, wait?.signal);
        wait?.signal?.throwIfAborted();
      }
    } finally {
      Atomics.sub(this.#words, this.#sleepers, 1);
    }
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
