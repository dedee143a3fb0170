/** What a locking ring guards: events in a circular array, whoever waits for them, transactions. */
import type { Slots, Wait } from "../contract.ts";
import { RingError } from "../errors.ts";
import { Gate } from "../shared/gate.ts";
import { AsyncMutex } from "./async_mutex.ts";

/** The ring as a transaction sees it, with what it has read and written itself; over with it. */
export interface Transaction<T> {
  /** Events that it can read. */
  readonly length: number;
  /** Events that it can write. What it reads makes room only when it has ended. */
  readonly room: number;
  /** RING_FULL when there is no room. */
  writeNow(event: T): void;
  /** The oldest event; RING_EMPTY when there is none. */
  readNow(): T;
}

/** Who is credited with what passes. */
export interface Tally {
  moved: number;
}

export class EventBuffer<T> {
  readonly #capacity: number;
  /** Grows to `capacity` slots as they are first used. */
  readonly #slots: (T | undefined)[] = [];
  /** Events taken out and put in since the beginning; the rest by the capacity is the slot. */
  #head = 0;
  #tail = 0;
  #closed = false;
  #discarded = false;
  readonly #mutex = new AsyncMutex(() => this.#openGates());
  /** Where those wait who found no room, and no event. */
  readonly #room = new Gate();
  readonly #events = new Gate();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get length(): number {
    return this.#tail - this.#head;
  }

  get done(): boolean {
    return this.#closed && this.length === 0;
  }

  /** RING_FULL, RING_CLOSED, RING_BUSY. */
  writeNow(event: T): void {
    if (this.#closed) throw closed("write event", "closed");
    if (this.#mutex.locked) throw busy("write event");
    if (this.length === this.#capacity) throw full();
    this.#slots[this.#tail++ % this.#capacity] = event;
    this.#events.open();
  }

  /** RING_EMPTY, RING_BUSY. */
  readNow(): T {
    if (this.#mutex.locked && !this.done) throw busy("read event");
    if (this.length === 0) throw empty();
    const event = this.#shift();
    this.#room.open();
    return event;
  }

  /** Events of `items` accepted now, from the `from`-th on. RING_CLOSED, RING_BUSY. */
  putNow(items: ArrayLike<T>, from: number, tally: Tally): number {
    if (this.#mutex.locked && !this.#closed) throw busy("write event");
    return this.#put(items, from, tally);
  }

  /** Events delivered now into `into`, from the `from`-th on. RING_BUSY. */
  takeNow(into: Slots<T>, from: number, tally: Tally): number {
    if (this.#mutex.locked && !this.done) throw busy("read event");
    return this.#take(into, from, tally);
  }

  /** Resolves once all are accepted. */
  put(items: ArrayLike<T>, tally: Tally, wait?: Wait): Promise<void> {
    let from = 0;
    const all = () => {
      if (this.#mutex.locked && !this.#closed) return false;
      from += this.#put(items, from, tally);
      return from === items.length;
    };
    return this.#room.until(all, wait, "write");
  }

  /** Resolves with the number of events delivered, 0 once it is done. */
  async take(into: Slots<T>, tally: Tally, wait?: Wait): Promise<number> {
    let count = 0;
    const some = () => {
      if (this.done || into.length === 0) return true;
      if (this.#mutex.locked) return false;
      count = this.#take(into, 0, tally);
      return count > 0;
    };
    await this.#events.until(some, wait, "read");
    return count;
  }

  transaction<R>(section: (events: Transaction<T>) => R | PromiseLike<R>, wait?: Wait): Promise<R> {
    return this.#mutex.runExclusive(async () => {
      const events = new Positions(this.#slots, this.#capacity, this.#head, this.#tail);
      try {
        const result = await section(events);
        this.#commit(events);
        return result;
      } finally {
        events.end();
        this.#clear(this.#tail, events.tail);
        if (this.#discarded) this.#clearAll();
      }
    }, wait);
  }

  close(): void {
    this.#closed = true;
    this.#openGates();
  }

  /** Closes it and lets go of what is inside, once no transaction needs it. */
  discard(): void {
    this.#discarded = true;
    if (!this.#mutex.locked) this.#clearAll();
    this.close();
  }

  #put(items: ArrayLike<T>, from: number, tally: Tally): number {
    if (this.#closed) throw closed("write event", "closed");
    let at = from;
    // Readers that wait make room at once, which the rest of the batch goes on with.
    for (let before = -1; before < at && at < items.length;) {
      before = at;
      while (at < items.length && this.length < this.#capacity) {
        this.#slots[this.#tail++ % this.#capacity] = items[at++]!;
      }
      if (at > before) this.#events.open();
    }
    tally.moved += at - from;
    return at - from;
  }

  #take(into: Slots<T>, from: number, tally: Tally): number {
    const count = Math.min(into.length - from, this.length);
    for (let i = 0; i < count; i++) into[from + i] = this.#shift();
    tally.moved += count;
    if (count > 0) this.#room.open();
    return count;
  }

  #shift(): T {
    const slot = this.#head++ % this.#capacity;
    const event = this.#slots[slot] as T;
    this.#slots[slot] = undefined;
    return event;
  }

  #commit({ head, tail }: Positions<T>): void {
    if (this.#closed && tail > this.#tail) throw closed("write event", "closed meanwhile");
    this.#clear(this.#head, head);
    this.#head = head;
    this.#tail = tail;
  }

  /** Nobody else keeps alive what was in the slots from one position to another. */
  #clear(from: number, to: number): void {
    for (let at = from; at < to; at++) this.#slots[at % this.#capacity] = undefined;
  }

  #clearAll(): void {
    this.#slots.length = 0;
    this.#head = this.#tail;
  }

  #openGates(): void {
    this.#room.open();
    this.#events.open();
  }
}

/** Where a transaction reads and writes; what it writes lies beyond what others see. */
class Positions<T> implements Transaction<T> {
  readonly #slots: (T | undefined)[];
  readonly #capacity: number;
  readonly #begin: number;
  head: number;
  tail: number;
  #over = false;

  constructor(slots: (T | undefined)[], capacity: number, head: number, tail: number) {
    this.#slots = slots;
    this.#capacity = capacity;
    this.#begin = head;
    this.head = head;
    this.tail = tail;
  }

  get length(): number {
    return this.tail - this.head;
  }

  /** Slots that were read stay taken: should it fail, they are as they were. */
  get room(): number {
    return this.#capacity - (this.tail - this.#begin);
  }

  writeNow(event: T): void {
    this.#check("write event");
    if (this.room === 0) throw full();
    this.#slots[this.tail++ % this.#capacity] = event;
  }

  readNow(): T {
    this.#check("read event");
    if (this.length === 0) throw empty();
    return this.#slots[this.head++ % this.#capacity] as T;
  }

  end(): void {
    this.#over = true;
  }

  #check(action: string): void {
    if (this.#over) throw new RingError("RING_INVALID", action, "its transaction is over");
  }
}

const full = () => new RingError("RING_FULL", "write event", "buffer is full");
const empty = () => new RingError("RING_EMPTY", "read event", "buffer is empty");
export const closed = (action: string, how: string) =>
  new RingError("RING_CLOSED", action, `buffer is ${how}`);
const busy = (action: string) =>
  new RingError("RING_BUSY", action, "buffer is held by a transaction");
