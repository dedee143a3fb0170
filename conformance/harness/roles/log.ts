/** Records calls on this thread alone, so that the recording orders no two threads. */

/** Fruitless calls that a history keeps of one thread; a spin has millions. */
const MOST_FRUITLESS = 2000;

export class Log {
  readonly entries: number[] = [];
  readonly #on: boolean;
  #fruitless = 0;

  constructor(on: boolean) {
    this.#on = on;
  }

  /** `value`: the item that was given, or how to find the one that was got. */
  of(kind: 0 | 1, value: number | (() => number), call: () => number): number {
    if (!this.#on) return call();
    const called = performance.now();
    const count = call();
    const returned = performance.now();
    if (count > 0) {
      this.entries.push(kind, typeof value === "number" ? value : value(), called, returned);
    } else if (this.#fruitless++ < MOST_FRUITLESS) this.entries.push(kind, 0, called, returned);
    return count;
  }
}
