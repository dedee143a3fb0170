/**
 * How the holders of a ring's ends wait: for the other side's wake-up, which comes by an event count,
 * and for the news that the other's thread is gone. A port says so by its "close" event on Node and
 * Bun; on Deno nothing does, so that one who waits has to ask.
 */
import type { Wait } from "../../contract.ts";
import { Gate } from "../../shared/gate.ts";
import { EVENT_COUNT_WORDS, EventCount } from "../../shared/waiting.ts";

/** What the two sides are woken by: writers by room, readers by an arrival. */
export interface Counts {
  readonly room: EventCount;
  readonly arrival: EventCount;
}

export const COUNTS_BYTES = 2 * EVENT_COUNT_WORDS * Int32Array.BYTES_PER_ELEMENT;

export function countsIn(buffer: SharedArrayBuffer): Counts {
  const words = new Int32Array(buffer);
  return { room: new EventCount(words, 0), arrival: new EventCount(words, EVENT_COUNT_WORDS) };
}

/** Between two looks: about so long a wait lasts that will never be served. */
const LOOK_EVERY_MS = 500;

export class Lookout {
  readonly #look: () => void;
  #waiting = 0;
  #timer: ReturnType<typeof setInterval> | undefined = undefined;

  constructor(look: () => void) {
    this.#look = look;
  }

  /** Looks out until the promise settles. The timer keeps the process alive, which ports are not to. */
  async during<R>(promise: Promise<R>): Promise<R> {
    if (this.#waiting++ === 0) this.#timer = setInterval(this.#look, LOOK_EVERY_MS);
    try {
      return await promise;
    } finally {
      if (--this.#waiting === 0) clearInterval(this.#timer);
    }
  }
}

/** A line that is opened at each wake-up of an event count, and looked out from. */
export class WatchedGate extends Gate {
  readonly #count: EventCount;
  readonly #lookout: Lookout;
  #waiting = 0;
  #watching = false;

  constructor(count: EventCount, lookout: Lookout) {
    super();
    this.#count = count;
    this.#lookout = lookout;
  }

  override async until(
    ready: () => boolean,
    wait: Wait | undefined,
    action: string,
  ): Promise<void> {
    if (this.pass(ready, wait, action)) return;
    this.#waiting++;
    try {
      const served = super.until(ready, wait, action);
      this.#watch();
      await this.#lookout.during(served);
    } finally {
      if (--this.#waiting === 0) this.#count.wakeAlways(); // ends the watch
    }
  }

  async #watch(): Promise<void> {
    if (this.#watching) return;
    this.#watching = true;
    const nobody = () => {
      this.open();
      return this.#waiting === 0;
    };
    await this.#count.wait(nobody, undefined, "wait");
    this.#watching = false;
    if (this.#waiting > 0) this.#watch();
  }
}
