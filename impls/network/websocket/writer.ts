/** The writing end: spends the credit that the server granted, and nothing more. */
import type { Stats, Wait, Writer } from "../../contract.ts";
import { RingError, type RingErrorCode } from "../../errors.ts";
import { countFrom } from "../../shared/arguments.ts";
import { Gate } from "../../shared/gate.ts";
import { coalesced } from "./coalesce.ts";
import { ITEMS, Violation } from "./protocol.ts";

export class WebSocketWriter implements Writer<number> {
  readonly #width: number;
  readonly #capacity: number;
  readonly #send: (message: Int32Array) => void;
  readonly #leave: () => Promise<void>;
  readonly #room = new Gate();
  /** The message being filled, as long as the longest. */
  readonly #staging: Int32Array;
  #staged = 1;
  #credit: number;
  #moved = 0;
  #refusal: { readonly code: RingErrorCode; readonly why: string } | undefined;

  constructor(options: {
    readonly width: number;
    readonly capacity: number;
    /** Granted with the end; at most the capacity. */
    readonly credit: number;
    /** Items in the fullest message. */
    readonly batch: number;
    readonly send: (message: Int32Array) => void;
    /** Gives the end back to the server. */
    readonly leave: () => Promise<void>;
  }) {
    this.#width = options.width;
    this.#capacity = options.capacity;
    this.#credit = options.credit;
    this.#send = options.send;
    this.#leave = options.leave;
    this.#staging = new Int32Array(1 + options.batch * options.width);
    this.#staging[0] = ITEMS;
  }

  tryWrite(items: ArrayLike<number>, from = 0): number {
    const offered = countFrom(items, from, this.#width, "write");
    if (this.#refusal) throw new RingError(this.#refusal.code, "write", this.#refusal.why);
    const count = Math.min(this.#credit, offered);
    if (count === 0) return 0;
    this.#stage(items, from * this.#width, count * this.#width);
    this.#credit -= count;
    this.#moved += count;
    this.#flushSoon();
    return count;
  }

  async write(items: ArrayLike<number>, wait?: Wait): Promise<void> {
    const total = countFrom(items, 0, this.#width, "write");
    let from = 0;
    const ready = () => (from += this.tryWrite(items, from)) === total;
    if (!this.#room.pass(ready, wait, "write")) await this.#room.until(ready, wait, "write");
  }

  stats(): Stats {
    return { moved: this.#moved, lost: 0, padded: 0, xruns: 0 };
  }

  /** Sends what was accepted; whatever is sent after it arrives after it. */
  flush(): void {
    if (this.#staged === 1) return;
    this.#send(this.#staging.slice(0, this.#staged)); // its own memory: the socket may keep it
    this.#staged = 1;
  }

  readonly #flushSoon = coalesced(() => this.flush());

  /** From the server; Violation when that is more than the ring has slots, which bound what is sent. */
  grant(credit: number): void {
    if (this.#credit + credit > this.#capacity) {
      throw new Violation(1008, `a credit of ${credit} in a ring of ${this.#capacity}`);
    }
    this.#credit += credit;
    this.#room.open();
  }

  /** From now on every write fails so; the first reason stands. */
  refuse(code: RingErrorCode, why: string): void {
    this.#refusal ??= { code, why };
    this.#room.open();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.refuse("RING_CLOSED", "the writer was disposed");
    this.flush();
    return this.#leave();
  }

  #stage(items: ArrayLike<number>, at: number, words: number): void {
    const staging = this.#staging;
    for (let left = words; left > 0;) {
      const run = Math.min(left, staging.length - this.#staged);
      for (let i = 0; i < run; i++) staging[this.#staged + i] = items[at + i]!;
      this.#staged += run;
      at += run;
      left -= run;
      if (this.#staged === staging.length) this.flush();
    }
  }
}
