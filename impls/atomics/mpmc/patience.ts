/**
 * Time for others that are in flight, in calls that are not to wait: an answer that is wrong without
 * them is right soon, since between a claim and its commit there is nothing but a copy, unless the
 * claimer was put to sleep by the system, or has died.
 */
import { pause } from "../../shared/runtime.ts";
import { FLAGS } from "./side.ts";
import { NEVER } from "./words.ts";

/** Looks at others: so many with a pause between them, about 50 µs, and then with a nap. */
const SPINS = 500, NAPS = 500;
/** The shortest that there is. */
const NAP_MS = 1;

export class Patience {
  readonly #words: Int32Array;
  readonly #word: number;
  /** The cursor at which it ended, and is not begun again: its claimer does not move. */
  #ended: number | undefined;

  /** `word`: the cursor that those who are waited for will move. */
  constructor(words: Int32Array, word: number) {
    this.#words = words;
    this.#word = word;
  }

  /** Passes some time, longer after many looks; false: no more of it. */
  last(looks: number): boolean {
    if (looks < SPINS) {
      if (looks === 0 && this.#ended === this.#cursor()) return false;
      pause();
      return true;
    }
    if (looks < SPINS + NAPS) {
      Atomics.wait(this.#words, NEVER, 0, NAP_MS);
      return true;
    }
    this.#ended = this.#cursor();
    return false;
  }

  #cursor(): number {
    return Atomics.load(this.#words, this.#word) & ~FLAGS;
  }
}
