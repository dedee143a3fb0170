/** What one who waits has in hands: a promise, and what may end the wait before it is served. */
import type { Wait } from "../contract.ts";
import { timeoutError } from "../errors.ts";
import { checkedTimeout } from "../shared/arguments.ts";
import { atDeadline } from "../shared/deadline.ts";
import { Waiter } from "./line.ts";

/**
 * The timeout of a wait that begins now, in milliseconds, Infinity when there is none. Throws what
 * the wait rejects with when it may not begin: the reason of an aborted signal, RING_INVALID.
 */
export function timeoutOf(wait: Wait | undefined, action: string): number {
  if (wait === undefined) return Infinity;
  const timeout = checkedTimeout(wait.timeout, action);
  wait.signal?.throwIfAborted();
  return timeout;
}

/** A promise that is settled from outside, or given up by a deadline or a signal before that. */
export class Pending<R> {
  readonly promise: Promise<R>;
  #resolve!: (result: R) => void;
  #reject!: (reason: unknown) => void;
  #unwatch: (() => void) | undefined = undefined;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** From now on nothing gives it up. */
  commit(): void {
    this.#unwatch?.();
    this.#unwatch = undefined;
  }

  resolve(result: R): void {
    this.commit();
    this.#resolve(result);
  }

  reject(reason: unknown): void {
    this.commit();
    this.#reject(reason);
  }

  /** Has it rejected, after leave(), when the time is up or the signal aborts. */
  watch({ signal }: Wait, timeout: number, action: string, leave: () => void): void {
    const giveUp = (reason: unknown) => {
      leave();
      this.reject(reason);
    };
    // Nothing outside this realm can serve a waiter, so without a timeout none keeps it alive.
    const cancel = timeout === Infinity
      ? undefined
      : atDeadline(timeout, () => giveUp(timeoutError(action, timeout)));
    const abort = () => giveUp(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    this.#unwatch = () => {
      cancel?.();
      signal?.removeEventListener("abort", abort);
    };
  }
}

/** Waits in one line, for one result. */
export abstract class PendingWaiter<R> extends Waiter {
  protected readonly pending: Pending<R> = new Pending<R>();

  /** Settles when it is served, refused, late or aborted; it stands in its line already. */
  result(wait: Wait | undefined, timeout: number, action: string): Promise<R> {
    if (wait !== undefined) this.pending.watch(wait, timeout, action, () => this.leaveLine());
    return this.pending.promise;
  }
}
