/**
 * How JavaScript's end waits for a driver that knows nothing of JavaScript.
 *
 * On a thread that may block: on the futex that the callback wakes. In slices, since a thread inside
 * native code notices neither worker.terminate() nor a driver that has died.
 *
 * On an event loop: by timer, since a foreign thread can wake no Atomics.waitAsync(), and of the
 * three runtimes only Deno calls native functions off the loop. Callbacks and closing in the same
 * realm ring its bell and are seen at once.
 *
 * Median delay from the callback to the reader, on two cores with other work: readSync 75 µs on Bun,
 * 100 µs on Deno and Node; read, at a delay of 1 ms, 0.6 ms on Bun and Node, 1.3 ms on Deno. Such a
 * wait takes 2.5 % of a core on Bun, 5 % on Deno and Node; half of that or less at 8 ms.
 */
import type { Wait } from "../contract.ts";
import { RingError, timeoutError } from "../errors.ts";
import { checkedTimeout } from "../shared/arguments.ts";
import type { Waiting } from "../shared/waiting.ts";
import { lane, LANE_BYTES, ring, type Side } from "./layout.ts";
import type { Memory } from "./memory.ts";

const SLICE_MS = 100;
/** From one look of an event loop to the next: doubling, up to half a period of the clock. */
const SHORTEST_MS = 1, LONGEST_MS = 8;
/** A clock that makes no callback for so long, or for so many periods, has died. */
const DEAD_MS = 1000, DEAD_PERIODS = 10;

export class LaneWaiting implements Waiting {
  readonly #memory: Memory;
  readonly #side: Side;
  readonly #sequence: number;
  readonly #sleepers: number;
  readonly #pulse: Pulse;

  constructor(memory: Memory, side: Side) {
    const at = ring.lanes + side * LANE_BYTES;
    this.#memory = memory;
    this.#side = side;
    this.#sequence = (at + lane.sequence) / 4;
    this.#sleepers = (at + lane.sleepers) / 4;
    this.#pulse = new Pulse(memory);
  }

  /** Blocks the thread until ready() is true; false = timed out. RING_LOST if the clock has died. */
  waitSync(ready: () => boolean, timeout: number | undefined, action: string): boolean {
    const deadline = performance.now() + checkedTimeout(timeout, action);
    if (ready()) return true;
    const { words, shim, pointer } = this.#memory;
    // As in EventCount: enlist, read the sequence, look again, and only then sleep on it.
    Atomics.add(words, this.#sleepers, 1);
    try {
      for (;;) {
        const seen = Atomics.load(words, this.#sequence);
        if (ready()) return true;
        this.#pulse.check(action);
        const left = deadline - performance.now();
        if (left <= 0) return false;
        const microseconds = Math.ceil(Math.min(left, SLICE_MS) * 1000);
        shim.audio_sleep(pointer, this.#side, seen >>> 0, microseconds);
      }
    } finally {
      Atomics.sub(words, this.#sleepers, 1);
    }
  }

  /** Resolves once ready() is true; rejects with TimeoutError, `signal.reason` or RING_LOST. */
  async wait(ready: () => boolean, wait: Wait | undefined, action: string): Promise<void> {
    const timeout = checkedTimeout(wait?.timeout, action);
    const deadline = performance.now() + timeout;
    const { bell, periodMs } = this.#memory;
    const longest = periodMs === 0
      ? LONGEST_MS
      : Math.min(Math.max(periodMs / 2, SHORTEST_MS), LONGEST_MS);
    wait?.signal?.throwIfAborted();
    for (let delay = SHORTEST_MS;; delay = Math.min(2 * delay, longest)) {
      if (ready()) return;
      this.#pulse.check(action);
      const left = deadline - performance.now();
      if (left <= 0) throw timeoutError(action, timeout);
      await bell.sleep(Math.min(delay, Math.ceil(left)), wait?.signal);
      wait?.signal?.throwIfAborted();
    }
  }
}

/** Watches the clock's count of callbacks while somebody waits. */
class Pulse {
  readonly #memory: Memory;
  #beats = 0;
  #still = 0; // milliseconds
  #checked = performance.now();

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  check(action: string): void {
    const { periodMs, words } = this.#memory;
    if (periodMs === 0) return;
    const beats = Atomics.load(words, ring.beats / 4);
    const now = performance.now();
    // Between two checks no more than two slices count: a process that was stopped, or an end that
    // nobody waited on, is no evidence against the clock.
    if (beats === this.#beats) this.#still += Math.min(now - this.#checked, 2 * SLICE_MS);
    else this.#still = 0;
    this.#beats = beats;
    this.#checked = now;
    const limit = Math.max(DEAD_MS, DEAD_PERIODS * periodMs);
    if (this.#still <= limit) return;
    throw new RingError(
      "RING_LOST",
      action,
      `the device has made no callback for ${Math.round(this.#still)} ms`,
    );
  }
}
