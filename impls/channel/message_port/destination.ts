/** The reader's half of a ring: has the items that were sent to it, and says how many it has read. */
import type { MessagePort } from "node:worker_threads";
import type { Slots } from "../../contract.ts";
import type { EventCount } from "../../shared/waiting.ts";
import { Fifo } from "../fifo.ts";
import { Link } from "./link.ts";
import { type Delivery, isCount, type Position, type Progress } from "./messages.ts";

export class Destination {
  readonly #capacity: number;
  readonly #room: EventCount;
  readonly #items = new Fifo<unknown>();
  /** Items received so far, by number; undefined until the writer has said where it is. */
  #have: number | undefined = undefined;
  /** Items read that the writer has not been told of. */
  #unreported = 0;
  #ended = false;
  #link: Link<Delivery, Progress> | undefined = undefined;
  #linked = false;

  /** `room` is what writers sleep on. */
  constructor(capacity: number, room: EventCount) {
    this.#capacity = capacity;
    this.#room = room;
  }

  /** take() finds what is accepted. */
  get linked(): boolean {
    this.#link?.drain();
    return this.#linked;
  }

  /** Whether the last item has arrived. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The last item has been read. */
  get done(): boolean {
    return this.#ended && this.#items.length === 0;
  }

  /** Items delivered now; what the writer has sent is looked up only when they seem too few. */
  take(into: Slots<unknown>, from: number): number {
    const asked = into.length - from;
    if (this.#items.length < asked) this.#link?.drain();
    const count = Math.min(this.#items.length, asked);
    this.#items.shiftInto(into, from, count);
    this.#unreported += count;
    // One report for all that is read in a turn, unless the writer may come to want it before.
    if (count < asked || this.#unreported * 2 >= this.#capacity) this.#report();
    else if (this.#unreported === count) queueMicrotask(this.#report);
    return count;
  }

  /** Has items from the writer at the other end of `port`; tells where it is to go on. */
  connect(port: MessagePort): Position | undefined {
    this.#link?.close();
    this.#link = new Link(port, (delivery) => this.#heard(delivery));
    this.#unreported = 0;
    return this.#position();
  }

  /** There is no writer. What has arrived stays. */
  disconnect(): void {
    this.#link?.close();
    this.#link = undefined;
    this.#linked = true;
  }

  /** The ring is gone, and what has arrived with it. */
  discard(): void {
    this.#items.clear();
    this.#ended = true;
  }

  /** What was not read is the next reader's. */
  leave(): void {
    this.#report();
    this.#link?.close();
  }

  readonly #report = (): void => {
    const position = this.#position();
    if (this.#unreported === 0 || !position || !this.#link) return;
    this.#unreported = 0;
    this.#link.tell(position.read);
    this.#room.wake();
  };

  #position(): Position | undefined {
    const have = this.#have;
    return have === undefined ? undefined : { have, read: have - this.#items.length };
  }

  /** What cannot be is ignored: a gap would never be filled. */
  #heard(delivery: Delivery): void {
    if (delivery.type === "ended") this.#ended = true;
    else if (delivery.type === "items" && Array.isArray(delivery.items)) {
      const { from, items } = delivery;
      if (!isCount(from, 0, Number.MAX_SAFE_INTEGER)) return;
      if (from !== (this.#have ?? from)) return;
      if (this.#items.length + items.length > this.#capacity) return;
      this.#have = from + items.length;
      this.#items.pushFrom(items, 0, items.length);
      this.#linked = true;
    }
  }
}
