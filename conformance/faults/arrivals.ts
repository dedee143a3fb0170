/** Connections that came in one order and are made in the other: groups of them, the last one first. */

export class Arrivals {
  readonly #group: number;
  #waiting: (() => void)[] = [];

  /** 1: each is made as it comes. */
  constructor(group: number) {
    this.#group = group;
  }

  add(connect: () => void): void {
    this.#waiting.unshift(connect);
    if (this.#waiting.length < this.#group) return;
    for (const next of this.#waiting.splice(0)) next();
  }
}
