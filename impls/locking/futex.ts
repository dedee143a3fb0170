/**
 * A mutual exclusion lock in one word of shared memory that outlives the thread that holds it.
 *
 * The word is 0 when the lock is free, else its holder's name, with bit 0 set once somebody may
 * sleep: three states, so that only an unlock that finds the bit makes a call to wake a sleeper, who
 * takes the lock with the bit set, since others may sleep still. (Sources: Drepper, "Futexes Are
 * Tricky", the second mutex; for the holder's name, the robust mutexes of POSIX and Linux.)
 *
 * Nobody sleeps for ever: whoever finds on waking that it was the time that ran out, not the lock
 * that was freed, looks whether the holder lives. The lock of a thread that died goes to the one
 * who finds out, who repairs what the lock guards; where it cannot be repaired, or where nobody can
 * tell whether a holder that never lets go is dead, the lock is broken for good, and says so to all.
 * That also wakes those to whom a thread that died had not yet passed the news of its unlocking.
 *
 * Condition variables are the event counts of shared/waiting.ts: what is waited for is looked at
 * without the lock, so that a sleeper does not stand in line for it just to look, and waking costs a
 * load where nobody sleeps.
 */
import type { Wait } from "../contract.ts";
import { RingError, shown, timeoutError } from "../errors.ts";
import { checkedTimeout } from "../shared/arguments.ts";
import { atDeadline } from "../shared/deadline.ts";
import { pause } from "../shared/runtime.ts";
import { ANONYMOUS, type Threads, threads as threadsHere } from "./threads.ts";

const FREE = 0, CONTENDED = 1;
/** In place of a holder: the name of no thread. */
const BROKEN = ANONYMOUS;

/** Looks at the word before a thread sleeps; most critical sections are over sooner. */
const SPINS = 200;
/** A holder that keeps the lock for so long is looked up. */
const SUSPICIOUS_MS = 5;
/** The first sleep, and the longest, between two looks at the holder. */
const FIRST_NAP_MS = 10, LONGEST_NAP_MS = 1000;
/** The longest time between two looks from an event loop. */
const LONGEST_PAUSE_MS = 16;
const STALL_MS = 5000;

export interface FutexOptions {
  /**
   * Called with the lock held that a thread left behind when it died: makes what the lock guards
   * consistent, or throws where it cannot. Without it the lock is broken by its holder's death.
   */
  readonly repair?: () => void;
  /** Milliseconds after which a holder that nobody can look up counts as dead. Default 5000. */
  readonly stallMs?: number;
  /** Who the calling thread is, and who lives; the kernel knows by default. */
  readonly threads?: Threads;
}

/**
 * One thread's hold on the lock in a word of shared memory, which is 0 at first. Each thread makes
 * its own. Blocks its thread; on an event loop use tryLock() and whenFree().
 *
 * @example A count that four threads add to
 * ```ts
 * import { isMainThread, Worker, workerData } from "node:worker_threads";
 * import { assertEquals } from "@std/assert";
 * import { FutexMutex } from "ringproof/futex";
 *
 * const words = new Int32Array(workerData ?? new SharedArrayBuffer(8));
 * const mutex = new FutexMutex(words, 0);
 * if (isMainThread) {
 *   const workers = Array.from(
 *     { length: 4 },
 *     () => new Worker(new URL(import.meta.url), { workerData: words.buffer }),
 *   );
 *   await Promise.all(workers.map((worker) => new Promise((end) => worker.once("exit", end))));
 *   assertEquals(mutex.runExclusive(() => words[1]), 4000);
 * } else {
 *   for (let i = 0; i < 1000; i++) mutex.runExclusive(() => words[1]!++);
 * }
 * ```
 */
export class FutexMutex {
  readonly #words: Int32Array;
  readonly #at: number;
  readonly #repair: (() => void) | undefined;
  readonly #stallMs: number;
  readonly #threads: Threads;
  readonly #step: number;
  /** What stands in the word while this one holds the lock. */
  #name: number;
  /** A holder that was seen, and since when it was the only one. */
  #seen = FREE;
  #since = 0;

  /** RING_INVALID when `words` is no shared Int32Array or has no word at the index `at`. */
  constructor(words: Int32Array, at: number, options: FutexOptions = {}) {
    checkWord(words, at);
    this.#words = words;
    this.#at = at;
    this.#repair = options.repair;
    this.#stallMs = checkedTimeout(options.stallMs ?? STALL_MS, "make a lock");
    this.#threads = options.threads ?? threadsHere();
    this.#step = this.#threads.step;
    this.#name = this.#threads.self;
  }

  /** Nobody can have it any more. */
  get broken(): boolean {
    return Atomics.load(this.#words, this.#at) === BROKEN;
  }

  /**
   * Blocks the thread until it has the lock; false = `timeout` milliseconds ran out. RING_LOST when
   * the lock is broken, RING_INVALID when this thread has it already.
   */
  lock(timeout?: number): boolean {
    const limit = checkedTimeout(timeout, "lock");
    return this.#take() || this.#spin() || this.#sleep(limit);
  }

  /** Has the lock if it is free now or within some microseconds. RING_LOST when it is broken. */
  tryLock(): boolean {
    if (this.#take() || this.#spin()) return true;
    if (this.broken) throw lost("lock", "it is broken");
    return false;
  }

  /** RING_INVALID when this thread has not the lock, RING_LOST when others gave it up for dead. */
  unlock(): void {
    const words = this.#words, at = this.#at, name = this.#name;
    if (Atomics.compareExchange(words, at, name, FREE) === name) return;
    const asleep = name | CONTENDED;
    if (Atomics.compareExchange(words, at, asleep, FREE) !== asleep) throw this.#notHeld();
    Atomics.notify(words, at, 1);
  }

  /** What `section` returns, run with the lock, which is released on every path. */
  runExclusive<R>(section: () => R): R {
    this.lock();
    try {
      return section();
    } finally {
      this.unlock();
    }
  }

  /**
   * For event loops: resolves when tryLock() is worth another try, having looked after the holder
   * as lock() does. Rejects with TimeoutError, `signal.reason` or RING_LOST.
   *
   * It looks now and again. A sleeper that unlock() wakes would be woken in vain as long as its
   * event loop is busy, and threads would sleep on beside a lock that is free.
   */
  async whenFree(wait?: Wait): Promise<void> {
    const timeout = checkedTimeout(wait?.timeout, "lock");
    const deadline = performance.now() + timeout;
    this.#seen = FREE;
    for (let napMs = 0;; napMs = Math.min(1 + 2 * napMs, LONGEST_PAUSE_MS)) {
      wait?.signal?.throwIfAborted();
      const held = Atomics.load(this.#words, this.#at);
      if (held === FREE) return;
      if (this.#lookAfter(held)) return this.unlock();
      const left = deadline - performance.now();
      if (left <= 0) throw timeoutError("lock", timeout);
      await nap(Math.min(napMs, left), wait?.signal);
    }
  }

  #take(): boolean {
    return this.#takeFrom(FREE, 0);
  }

  #takeFrom(held: number, flag: number): boolean {
    const name = (this.#name + this.#step) | 0;
    if (Atomics.compareExchange(this.#words, this.#at, held, name | flag) !== held) return false;
    this.#name = name;
    return true;
  }

  #spin(): boolean {
    const words = this.#words, at = this.#at;
    for (let spin = 0; spin < SPINS; spin++) {
      if (Atomics.load(words, at) === FREE && this.#take()) return true;
      pause();
    }
    return false;
  }

  #sleep(timeout: number): boolean {
    const words = this.#words, at = this.#at;
    const deadline = performance.now() + timeout;
    this.#seen = FREE;
    for (let napMs = FIRST_NAP_MS;;) {
      const held = Atomics.load(words, at);
      if (held === FREE) {
        // With the bit: others may sleep.
        if (this.#takeFrom(FREE, CONTENDED)) return true;
        continue;
      }
      if ((held & ~CONTENDED) === this.#name) {
        throw new RingError("RING_INVALID", "lock", "this thread has the lock already");
      }
      if (this.#lookAfter(held)) return true;
      const left = deadline - performance.now();
      if (left <= 0) return false;
      const asleep = held | CONTENDED;
      if (held !== asleep && Atomics.compareExchange(words, at, held, asleep) !== held) continue;
      if (Atomics.wait(words, at, asleep, Math.min(napMs, left)) !== "timed-out") this.#seen = FREE;
      else napMs = Math.min(2 * napMs, LONGEST_NAP_MS);
    }
  }

  /** True when the lock was taken from a holder who has died, and what it guards is in order. */
  #lookAfter(held: number): boolean {
    if (held === BROKEN) throw lost("lock", "it is broken");
    const holder = held & ~CONTENDED;
    const now = performance.now();
    if (holder !== this.#seen) {
      this.#seen = holder;
      this.#since = now;
      return false;
    }
    const heldMs = now - this.#since;
    if (heldMs < SUSPICIOUS_MS) return false;
    const alive = this.#threads.alive(holder);
    if (alive === false && this.#takeFrom(held, CONTENDED)) return this.#repaired();
    const givenUp = alive === undefined && heldMs >= this.#stallMs;
    if (givenUp && Atomics.compareExchange(this.#words, this.#at, held, BROKEN) === held) {
      throw this.#broke(`its holder has died, or stood still for ${this.#stallMs} ms`);
    }
    return false;
  }

  #repaired(): true {
    try {
      if (!this.#repair) throw new Error("what it guards may be half changed");
      this.#repair();
      return true;
    } catch (error) {
      Atomics.store(this.#words, this.#at, BROKEN);
      const why = error instanceof Error ? error.message : String(error);
      throw this.#broke(`its holder died, and ${why}`);
    }
  }

  /** The lock is broken now; all that sleep are to learn it. */
  #broke(why: string): RingError {
    Atomics.notify(this.#words, this.#at);
    return lost("lock", why);
  }

  #notHeld(): RingError {
    return this.broken
      ? lost("unlock", "this thread stood still with the lock, and others gave it up for dead")
      : new RingError("RING_INVALID", "unlock", "this thread has not the lock");
  }
}

function checkWord(words: unknown, at: number): void {
  const refuse = (why: string, value: unknown) => {
    throw new RingError("RING_INVALID", "make a lock", `${why}, got ${shown(value)}`, value);
  };
  if (!(words instanceof Int32Array && words.buffer instanceof SharedArrayBuffer)) {
    return refuse("an Int32Array of shared memory is needed", words);
  }
  if (Number.isInteger(at) && at >= 0 && at < words.length) return;
  refuse(`at must be the index of one of ${words.length} words`, at);
}

const lost = (action: string, why: string) => new RingError("RING_LOST", action, why);

/** Resolves after that time, or when the signal aborts. */
function nap(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      cancel();
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const cancel = atDeadline(ms, end);
    signal?.addEventListener("abort", end, { once: true });
  });
}
