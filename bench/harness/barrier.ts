/**
 * The word that two worker threads meet at: the lead raises it to release a run, the follow raises
 * another when it has finished. Both sleep on them, since a wake-up is short beside a run.
 */
import type { Follow } from "../cases/case.ts";
import type { Partner } from "./pace.ts";

const RELEASED = 0, FINISHED = 1, FIRST = 2, COUNT = 3, SUM = 4;
const WORDS = 5;

export function newBarrier(): SharedArrayBuffer {
  return new SharedArrayBuffer(4 * WORDS);
}

/** The lead's side. */
export class Barrier implements Partner {
  readonly #words: Int32Array;
  #runs = 0;

  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory);
  }

  release(first: number, count: number): void {
    this.#words[FIRST] = first;
    this.#words[COUNT] = count;
    Atomics.store(this.#words, RELEASED, ++this.#runs);
    Atomics.notify(this.#words, RELEASED);
  }

  settled(): number {
    Atomics.wait(this.#words, FINISHED, this.#runs - 1);
    return this.#words[SUM]!;
  }

  /** Lets the other end go home. */
  end(): void {
    this.release(0, 0);
  }
}

/** The follow's side: runs whatever is released, until the end. */
export async function followBarrier(memory: SharedArrayBuffer, follow: Follow): Promise<void> {
  const words = new Int32Array(memory);
  for (let runs = 0;; runs++) {
    Atomics.wait(words, RELEASED, runs);
    const count = words[COUNT]!;
    if (count === 0) return;
    words[SUM] = await follow.run(words[FIRST]!, count);
    Atomics.store(words, FINISHED, runs + 1);
    Atomics.notify(words, FINISHED);
  }
}
