/**
 * Where the threads of a cell meet: the lead releases a run, each follow says when it has finished.
 * Meanwhile they sleep, since a wake-up is short beside a run; or await, where a ring's ends need
 * the event loops of their threads even then.
 *
 *   word 0  event count: whoever sleeps is woken by whatever changes below
 *   word 2  runs released              word 4  first item of the run
 *   word 3  runs finished, of all follows together        word 5  count of its items
 *   word 6  …  three for each part: whether it has joined, its reader's id, the sum of its last run
 */
import { EventCount } from "../../impls/shared/waiting.ts";
import type { Follow, Part } from "../cases/case.ts";
import { Mismatch } from "./numbering.ts";
import type { Partner } from "./pace.ts";

const CHANGED = 0, RELEASED = 2, FINISHED = 3, FIRST = 4, COUNT = 5, PARTS = 6;
const JOINED = 0, ID = 1, SUM = 2, PART_WORDS = 3;

const wordOf = (part: number, word: number) => PARTS + part * PART_WORDS + word;

export function newBarrier(parts: number): SharedArrayBuffer {
  return new SharedArrayBuffer(4 * wordOf(parts, 0));
}

/** One thread's view of it. */
export class Barrier {
  readonly #words: Int32Array;
  readonly #changed: EventCount;
  /** Whether this thread's event loop must go on turning. */
  readonly #turning: boolean;

  constructor(memory: SharedArrayBuffer, turning: boolean) {
    this.#words = new Int32Array(memory);
    this.#changed = new EventCount(this.#words, CHANGED);
    this.#turning = turning;
  }

  /** Tells the others that this part has what it needs, and by what id its reader is known. */
  join(part: number, readerId = 0): void {
    this.#words[wordOf(part, ID)] = readerId;
    Atomics.store(this.#words, wordOf(part, JOINED), 1);
    this.#changed.wake();
  }

  /** The id of that part's reader, once it has joined. */
  async idOf(part: number): Promise<number> {
    await this.#until(() => Atomics.load(this.#words, wordOf(part, JOINED)) !== 0);
    return this.#words[wordOf(part, ID)]!;
  }

  /** A follow's side: runs whatever is released, until the end. */
  async follow(part: number, { run }: Follow): Promise<void> {
    const words = this.#words;
    for (let runs = 1;; runs++) {
      await this.#until(() => Atomics.load(words, RELEASED) === runs);
      const count = words[COUNT]!;
      if (count === 0) return;
      words[wordOf(part, SUM)] = await run(words[FIRST]!, count);
      Atomics.add(words, FINISHED, 1);
      this.#changed.wake();
    }
  }

  /** The lead's side, once all parts have joined. */
  async lead(parts: readonly Part[]): Promise<Partner & { end(): void }> {
    for (let part = 1; part < parts.length; part++) await this.idOf(part);
    let runs = 0;
    const release = (first: number, count: number) => {
      this.#words[FIRST] = first;
      this.#words[COUNT] = count;
      Atomics.store(this.#words, RELEASED, ++runs);
      this.#changed.wake();
    };
    return {
      release,
      settled: async () => {
        const all = runs * (parts.length - 1);
        await this.#until(() => Atomics.load(this.#words, FINISHED) === all);
        return this.#sent(parts);
      },
      /** Lets the others go home. */
      end: () => release(0, 0),
    };
  }

  /** The sum of what was sent. What else was received is compared with it here. */
  #sent(parts: readonly Part[]): number {
    const follows = parts.map(({ writes }, part) => ({
      part,
      writes: writes !== undefined,
      sum: this.#words[wordOf(part, SUM)]!,
    })).slice(1);
    const writers = follows.filter(({ writes }) => writes);
    // Where the lead alone writes, what the first reader got stands for it.
    const senders = writers.length > 0 ? writers : follows.slice(0, 1);
    const sent = senders.reduce((all, { sum }) => (all + sum) | 0, 0);
    const other = follows.find((one) => !senders.includes(one) && one.sum !== sent);
    if (!other) return sent;
    throw new Mismatch(`reader ${other.part} has items that sum up to ${other.sum}, not ${sent}`);
  }

  async #until(ready: () => boolean): Promise<void> {
    if (this.#turning) await this.#changed.wait(ready, undefined, "meet");
    else this.#changed.waitSync(ready, undefined, "meet");
  }
}
