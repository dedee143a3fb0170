/**
 * How an end passes the time until another try is worth it: four strategies over one way to park.
 *
 * Spinning is for threads that have nothing else to do and a core to themselves: it sees a change
 * within a cache miss, where waking a sleeper takes some 50 µs, and costs the core. On an event loop
 * it lets the loop turn between two looks.
 */
import { setImmediate } from "node:timers";
import type { Wait, WaitStrategy } from "../contract.ts";
import { timeoutError } from "../errors.ts";
import { checkedTimeout } from "./arguments.ts";
import { pause } from "./runtime.ts";
import type { Waiting } from "./waiting.ts";

/** Spinning before a thread parks: about as long as waking it up again would take. */
const SPIN_MS = 0.05;
/** Looks between two readings of the clock, which take as long as several looks. */
const LOOKS = 32;

export function waitingBy(strategy: WaitStrategy, parking: Waiting): Waiting {
  switch (strategy) {
    case "park":
      return parking;
    case "spin":
      return new Spinning(() => {});
    case "yield":
      return new Spinning(pause);
    case "spin-then-park":
      return new SpinThenPark(parking);
  }
}

class Spinning implements Waiting {
  readonly #rest: () => void;

  constructor(rest: () => void) {
    this.#rest = rest;
  }

  waitSync(ready: () => boolean, timeout: number | undefined, action: string): boolean {
    return spin(ready, performance.now() + checkedTimeout(timeout, action), this.#rest);
  }

  async wait(ready: () => boolean, wait: Wait | undefined, action: string): Promise<void> {
    const timeout = checkedTimeout(wait?.timeout, action);
    const deadline = performance.now() + timeout;
    wait?.signal?.throwIfAborted();
    while (!ready()) {
      if (performance.now() >= deadline) throw timeoutError(action, timeout);
      await turn();
      wait?.signal?.throwIfAborted();
    }
  }
}

class SpinThenPark implements Waiting {
  readonly #parking: Waiting;

  constructor(parking: Waiting) {
    this.#parking = parking;
  }

  waitSync(ready: () => boolean, timeout: number | undefined, action: string): boolean {
    const begun = performance.now();
    const limit = checkedTimeout(timeout, action);
    if (spin(ready, begun + Math.min(SPIN_MS, limit), pause)) return true;
    return this.#parking.waitSync(ready, Math.max(0, begun + limit - performance.now()), action);
  }

  /** An event loop has others to serve: it parks at once. */
  wait(ready: () => boolean, wait: Wait | undefined, action: string): Promise<void> {
    return this.#parking.wait(ready, wait, action);
  }
}

/** True once ready() is, false at the deadline; looks once at least. */
function spin(ready: () => boolean, deadline: number, rest: () => void): boolean {
  do {
    for (let look = 0; look < LOOKS; look++) {
      if (ready()) return true;
      rest();
    }
  } while (performance.now() < deadline);
  return false;
}

/** Lets the event loop turn once. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
