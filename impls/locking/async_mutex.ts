/**
 * A mutual exclusion lock between the tasks of one realm, for sections that await.
 *
 * Tasks stand in line and are served in the order they came: a lock that is given back goes to the
 * first of them before anybody else can ask for it. One that is aborted or out of time leaves the
 * line at once, and since the lock is taken for a task only as it is let through, none is given to
 * a task that has left. (Source: the monitors of Hoare 1974; as an asynchronous lock, async-mutex.)
 */
import type { Wait } from "../contract.ts";
import { Gate } from "../shared/gate.ts";

/** The lock, held. Giving it back again does nothing. */
export interface Held extends Disposable {
  release(): void;
}

/**
 * @example Two tasks that read, wait and write back, one after the other
 * ```ts
 * import { setTimeout } from "node:timers/promises";
 * import { assertEquals } from "@std/assert";
 * import { AsyncMutex } from "ringproof/async_mutex";
 *
 * const mutex = new AsyncMutex();
 * let balance = 0;
 * const add = (amount: number) =>
 *   mutex.runExclusive(async () => {
 *     const before = balance;
 *     await setTimeout(1);
 *     balance = before + amount;
 *   }, { timeout: 5000 });
 * await Promise.all([add(10), add(20)]);
 * assertEquals(balance, 30);
 * ```
 */
export class AsyncMutex {
  readonly #line = new Gate();
  readonly #freed: () => void;
  #locked = false;

  /** `freed` is called whenever the lock is free, before the first in line gets it. */
  constructor(freed: () => void = () => {}) {
    this.#freed = freed;
  }

  get locked(): boolean {
    return this.#locked;
  }

  /** The lock if it is free now. */
  tryAcquire(): Held | undefined {
    return this.#take() ? this.#held() : undefined;
  }

  /** Resolves with the lock; rejects with TimeoutError or `signal.reason`. */
  async acquire(wait?: Wait): Promise<Held> {
    await this.#line.until(() => this.#take(), wait, "acquire the lock");
    return this.#held();
  }

  /** What `section` comes to, run with the lock, which is released on every path. */
  async runExclusive<R>(section: () => R | PromiseLike<R>, wait?: Wait): Promise<R> {
    const held = await this.acquire(wait);
    try {
      return await section();
    } finally {
      held.release();
    }
  }

  #take(): boolean {
    if (this.#locked) return false;
    return this.#locked = true;
  }

  #held(): Held {
    let held = true;
    const release = () => {
      if (!held) return;
      held = false;
      this.#locked = false;
      this.#freed();
      this.#line.open();
    };
    return { release, [Symbol.dispose]: release };
  }
}
