/**
 * The ends of a ring whose items travel by other means than the caller's own steps: trying is the
 * ring's, and waiting in line for another try is a gate's.
 */
import type { Reader, Slots, Stats, Wait, Writer } from "../contract.ts";
import { countFrom } from "../shared/arguments.ts";
import type { Gate } from "../shared/gate.ts";

export interface WriterSide<T> {
  /** Opened whenever tryWrite() may answer something else. */
  readonly room: Gate;
  /** Items accepted now, from the `from`-th on. */
  tryWrite(items: ArrayLike<T>, from: number): number;
  /** Called once. */
  release(): Promise<void>;
}

export interface ReaderSide<T> {
  /** Opened whenever tryRead() or isDone() may answer something else. */
  readonly items: Gate;
  /** Closed and drained. */
  isDone(): boolean;
  /** Items delivered now, from the `from`-th slot on. */
  tryRead(into: Slots<T>, from: number): number;
  /** Called once. */
  release(): Promise<void>;
}

export class GateWriter<T> implements Writer<T> {
  readonly #side: WriterSide<T>;
  #moved = 0;
  #released: Promise<void> | undefined = undefined;

  constructor(side: WriterSide<T>) {
    this.#side = side;
  }

  tryWrite(items: ArrayLike<T>, from = 0): number {
    countFrom(items, from, 1, "write");
    const accepted = this.#side.tryWrite(items, from);
    this.#moved += accepted;
    return accepted;
  }

  write(items: ArrayLike<T>, wait?: Wait): Promise<void> {
    let from = 0;
    const all = () => (from += this.tryWrite(items, from)) === items.length;
    return this.#side.room.until(all, wait, "write");
  }

  stats(): Stats {
    return { moved: this.#moved, lost: 0, padded: 0, xruns: 0 };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#released ??= this.#side.release();
  }
}

export class GateReader<T> implements Reader<T> {
  readonly #side: ReaderSide<T>;
  #moved = 0;
  #released: Promise<void> | undefined = undefined;

  constructor(side: ReaderSide<T>) {
    this.#side = side;
  }

  get done(): boolean {
    return this.#side.isDone();
  }

  tryRead(into: Slots<T>, from = 0): number {
    countFrom(into, from, 1, "read");
    const delivered = this.#side.tryRead(into, from);
    this.#moved += delivered;
    return delivered;
  }

  async read(into: Slots<T>, wait?: Wait): Promise<number> {
    let count = 0;
    const some = () => (count = this.tryRead(into)) > 0 || into.length === 0 || this.done;
    await this.#side.items.until(some, wait, "read");
    return count;
  }

  stats(): Stats {
    return { moved: this.#moved, lost: 0, padded: 0, xruns: 0 };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#released ??= this.#side.release();
  }
}
