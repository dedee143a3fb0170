/**
 * Spinning for the other thread: with pauses while it runs, with naps once it must have lost its
 * core (which spinning would only keep from it), and not for ever.
 */
import { pause } from "../../impls/shared/runtime.ts";
import { Mismatch } from "./numbering.ts";

/** Longer than any pause of a live partner, garbage collection and a busy machine included. */
export const STALL_MS = 5_000;
/** Spins without progress, some 0.2 ms, that a partner which runs does not let come to pass. */
const PATIENCE = 1 << 13;
const NAP_MS = 0.05;

export class Spin {
  readonly #stallMs: number;
  readonly #pillow = new Int32Array(new SharedArrayBuffer(4));
  #position = -1;
  #spins = 0;
  #since = 0;

  constructor(stallMs = STALL_MS) {
    this.#stallMs = stallMs;
  }

  /** One turn of a spin loop that has come as far as `position`. */
  idle(position: number): void {
    pause();
    if (position !== this.#position) {
      this.#position = position;
      this.#spins = 0;
    } else if (++this.#spins >= PATIENCE) this.#nap();
  }

  #nap(): void {
    const now = performance.now();
    if (this.#spins === PATIENCE) this.#since = now;
    if (now - this.#since > this.#stallMs) {
      throw new Mismatch(`nothing came after item ${this.#position >>> 0} for ${this.#stallMs} ms`);
    }
    Atomics.wait(this.#pillow, 0, 0, NAP_MS);
  }
}
