/**
 * The reading end: gives out what the server sent ahead, and reports what was read.
 *
 * When the connection is lost, the items that were not read belong to the ring again, not to this
 * reader, unless the ring itself is gone: then nobody else can have them, and they are read first.
 */
import type { Buffer } from "node:buffer";
import type { Reader, Slots, Stats, Wait } from "../../contract.ts";
import { RingError } from "../../errors.ts";
import { countFrom } from "../../shared/arguments.ts";
import { Gate } from "../../shared/gate.ts";
import { coalesced } from "./coalesce.ts";
import { ItemStore } from "./item_store.ts";
import { CONSUMED, message, Violation, WORD_BYTES } from "./protocol.ts";

export class WebSocketReader implements Reader<number> {
  readonly #width: number;
  readonly #window: number;
  readonly #send: (message: Int32Array) => void;
  readonly #leave: () => Promise<void>;
  readonly #items = new Gate();
  readonly #ahead: ItemStore;
  #received = 0;
  #consumed = 0;
  /** What #consumed was when it was last reported. */
  #reported = 0;
  /** Position after the last item, once the ring has ended. */
  #end = Infinity;
  #state: "open" | "cut off" | "lost" | "disposed" = "open";
  #whyLost = "";

  constructor(options: {
    readonly width: number;
    /** Items that the server sends ahead at most. */
    readonly window: number;
    readonly send: (message: Int32Array) => void;
    /** Gives the end back to the server. */
    readonly leave: () => Promise<void>;
  }) {
    this.#width = options.width;
    this.#window = options.window;
    this.#send = options.send;
    this.#leave = options.leave;
    this.#ahead = new ItemStore(options.window, options.width);
  }

  get done(): boolean {
    return this.#consumed === this.#end || this.#state === "disposed";
  }

  /** Items read, as the server counts them. */
  get position(): number {
    return this.#consumed;
  }

  tryRead(into: Slots<number>, from = 0): number {
    const asked = countFrom(into, from, this.#width, "read");
    const there = this.#state === "cut off" ? 0 : this.#received - this.#consumed;
    const count = Math.min(there, asked);
    if (count === 0) {
      if (this.#state === "lost" && asked > 0 && !this.done) {
        throw new RingError("RING_LOST", "read", this.#whyLost);
      }
      return 0;
    }
    this.#ahead.copy(this.#consumed, count, into, from * this.#width);
    this.#consumed += count;
    this.#reportSoon();
    return count;
  }

  async read(into: Slots<number>, wait?: Wait): Promise<number> {
    const asked = countFrom(into, 0, this.#width, "read");
    let count = 0;
    const ready = () => (count = this.tryRead(into)) > 0 || asked === 0 || this.done;
    if (!this.#items.pass(ready, wait, "read")) await this.#items.until(ready, wait, "read");
    return count;
  }

  stats(): Stats {
    return { moved: this.#consumed, lost: 0, padded: 0, xruns: 0 };
  }

  /** An ITEMS message from the server; Violation when it is more than fits. */
  accept(bytes: Buffer): void {
    const count = (bytes.length / WORD_BYTES - 1) / this.#width;
    if (this.#received - this.#consumed + count > this.#window) {
      throw new Violation(1008, `${count} items more than it may send ahead`);
    }
    this.#ahead.put(this.#received, bytes.subarray(WORD_BYTES));
    this.#received += count;
    this.#items.open();
  }

  /** The ring has ended; `left` items are still to come. */
  end(left: number): void {
    this.#end = this.#received + left;
    this.#items.open();
  }

  /** Tells the server how far this reader has come. */
  report(): void {
    if (this.#reported === this.#consumed) return;
    this.#reported = this.#consumed;
    this.#send(message(CONSUMED, this.#consumed));
  }

  readonly #reportSoon = coalesced(() => this.report());

  /** The connection is lost, and it is not known yet whether the ring is: reads nothing for now. */
  cutOff(): void {
    if (this.#state === "open") this.#state = "cut off";
  }

  /** `ringIsGone`: what is here already is this reader's; else it has gone back to the ring. */
  lose(why: string, ringIsGone: boolean): void {
    if (this.#state === "disposed") return;
    if (!ringIsGone) this.#received = this.#consumed;
    this.#state = "lost";
    this.#whyLost = why;
    this.#items.open();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#state = "disposed";
    this.#received = this.#consumed;
    this.#items.open();
    this.report();
    return this.#leave();
  }
}
