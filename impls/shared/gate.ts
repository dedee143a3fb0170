/**
 * Waiting in line within one realm: nobody is overtaken, and no wake-up is lost.
 *
 * What is waited for is a `ready` function that also takes what it was waiting for. It is called
 * only for the first in line, so that what turns up goes to whoever has stood there longest, and
 * nobody who comes later can take it between a wake-up and its use. (Source: the condition queues
 * of a monitor with signal-and-hand-over, Hoare 1974.)
 */
import type { Wait } from "../contract.ts";
import { timeoutError } from "../errors.ts";
import { checkedTimeout } from "./arguments.ts";
import { atDeadline } from "./deadline.ts";

export class Gate {
  /** Each tries once and says whether it is through. */
  readonly #line = new Set<() => boolean>();

  #opening = false;
  #again = false;

  /** Lets through all that are ready, the first first. Call it after every change they may wait for. */
  open(): void {
    // What ready() takes may let others act, who open this gate in turn, while it is still at it.
    this.#again = true;
    if (this.#opening) return;
    this.#opening = true;
    while (this.#again) {
      this.#again = false;
      for (const tryNow of this.#line) {
        if (!tryNow()) break;
      }
    }
    this.#opening = false;
  }

  /**
   * Resolves once ready() returns true, and rejects with what it throws, with TimeoutError or with
   * `signal.reason`; after any of these ready() is not called again.
   */
  until(ready: () => boolean, wait: Wait | undefined, action: string): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.pass(ready, wait, action)) return resolve();
      this.#enlist(ready, wait, action, resolve, reject);
    });
  }

  /**
   * The beginning of until(), for those who go on without a promise when they can: true when there
   * was nothing to wait for. Throws what until() rejects with.
   */
  pass(ready: () => boolean, wait: Wait | undefined, action: string): boolean {
    const timeout = checkedTimeout(wait?.timeout, action);
    wait?.signal?.throwIfAborted();
    if (this.#line.size === 0 && ready()) return true;
    if (timeout === 0) throw timeoutError(action, timeout);
    return false;
  }

  #enlist(
    ready: () => boolean,
    wait: Wait | undefined,
    action: string,
    resolve: () => void,
    reject: (reason: unknown) => void,
  ): void {
    const { timeout = Infinity, signal } = wait ?? {};
    const leave = () => {
      cancel();
      signal?.removeEventListener("abort", abort);
      this.#line.delete(tryNow);
    };
    const tryNow = () => {
      try {
        if (!ready()) return false;
        leave();
        resolve();
      } catch (error) {
        leave();
        reject(error);
      }
      return true;
    };
    const giveUp = (reason: unknown) => {
      leave();
      reject(reason);
      this.open(); // who stood behind may be content with what was not enough for this one
    };
    const abort = () => giveUp(signal?.reason);
    // Without a timeout as well: a wait that is pending keeps the process alive.
    const cancel = atDeadline(timeout, () => giveUp(timeoutError(action, timeout)));
    this.#line.add(tryNow);
    signal?.addEventListener("abort", abort, { once: true });
  }
}
