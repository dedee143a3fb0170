/** The writer's half of a ring: accepts items within the capacity, sends them, keeps the unread ones. */
import type { MessagePort } from "node:worker_threads";
import type { EventCount } from "../../shared/waiting.ts";
import { Fifo } from "../fifo.ts";
import { Link } from "./link.ts";
import type { Delivery, Position, Progress, WriterState } from "./messages.ts";
import { isCount } from "./messages.ts";

export class Source {
  readonly #capacity: number;
  readonly #arrival: EventCount;
  /** Items accepted, and of these heard to be read, by number. */
  #written: number;
  #read: number;
  /** The last of those accepted; all from #read on, unless the reader alone has them. */
  readonly #items = new Fifo<unknown>();
  /** The writer before is gone, and only the reader that is to be linked knows how far things are. */
  #adopts: boolean;
  #sealed = false;
  #link: Link<Progress, Delivery> | undefined = undefined;
  #linked = false;

  /** `arrival` is what readers sleep on. */
  constructor(capacity: number, state: WriterState | undefined, arrival: EventCount) {
    this.#capacity = capacity;
    this.#arrival = arrival;
    this.#adopts = state === undefined;
    const { written, items } = state ?? { written: 0, items: [] };
    this.#written = written;
    this.#read = written - items.length;
    this.#items.pushFrom(items, 0, items.length);
  }

  /** A reader finds what is accepted, or there is none. */
  get linked(): boolean {
    return this.#linked;
  }

  /** Items that would be accepted now. */
  room(): number {
    this.#link?.drain();
    return this.#adopts ? 0 : this.#capacity - (this.#written - this.#read);
  }

  /** No more than there is room for. Throws DataCloneError, with nothing done. */
  accept(items: readonly unknown[]): void {
    const copies = structuredClone(items);
    this.#send({ type: "items", from: this.#written, items: copies });
    this.#items.pushFrom(copies, 0, copies.length);
    this.#written += copies.length;
  }

  /** Sends to the reader at the other end of `port`, who is there, or new. */
  connect(port: MessagePort, at: Position | undefined): void {
    this.#link?.close();
    if (at && this.#adopts && isCount(at.read, 0, at.have)) {
      this.#read = at.read;
      this.#written = at.have;
    }
    this.#adopts = false;
    const first = this.#written - this.#items.length;
    const { have, read } = at ?? { have: first, read: first };
    this.#link = new Link(port, (progress) => this.#letGo(progress));
    this.#linked = true;
    this.#letGo(read);
    const kept = this.#items.toArray();
    const items = kept.slice(Math.max(0, have - (this.#written - kept.length)));
    this.#send({ type: "items", from: have, items });
    if (this.#sealed) this.#send({ type: "ended" });
  }

  /** There is no reader. */
  disconnect(): void {
    this.#link?.close();
    this.#link = undefined;
    this.#linked = true;
    this.#adopts = false;
  }

  /** Accepts nothing any more. */
  seal(): void {
    if (!this.#sealed) this.#send({ type: "ended" });
    this.#sealed = true;
  }

  /** For the next writer; this one is over. */
  handOver(): WriterState {
    this.#link?.close();
    return { written: this.#written, items: this.#items.toArray() };
  }

  #send(delivery: Delivery): void {
    if (this.#link === undefined) return;
    this.#link.tell(delivery);
    this.#arrival.wake();
  }

  /** What was read; a number that cannot be is ignored, and who says it gets nothing by it. */
  #letGo(read: number): void {
    if (!isCount(read, this.#read, this.#written)) return;
    for (let at = this.#written - this.#items.length; at < read; at++) this.#items.shift();
    this.#read = read;
  }
}
