/**
 * The channel behind `bounded` and `rendezvous`: any number of senders and receivers in one realm,
 * all served in the order they came, with `capacity` slots between them, or none.
 *
 * Two invariants carry it: a sender waits only while no slot is free and no receiver waits, a receiver
 * only while no slot is taken and no sender waits. Each operation restores them before it returns:
 * what a receive frees is filled by the sender that waits longest, what a send brings goes to the
 * receiver that waits longest. So nobody overtakes a waiter, and there is no wake-up to lose.
 * (Source: the channels of Go, and of Hoare's CSP, 1978.)
 *
 * An operation that need not wait makes no waiter, and a wait without a signal and a timeout has no
 * listener and no timer. What settles a waiter is the operation that serves it, with no step between.
 */
import type { Slots, Wait } from "../contract.ts";
import { RingError, timeoutError } from "../errors.ts";
import { Fifo } from "./fifo.ts";
import { Line, type Receiver, type Sender } from "./line.ts";
import { PendingWaiter, timeoutOf } from "./pending.ts";
import { Wakeups } from "./wakeups.ts";

/** What a receive has: an item, or the end. */
export type Received<T> = IteratorResult<T, undefined>;

/** What a send resolves with that did not wait. */
export const ACCEPTED: Promise<void> = Promise.resolve();

export class Channel<T> implements AsyncIterable<T, undefined>, AsyncDisposable {
  /** Items that it holds for receivers to come; 0 = each send waits for its receive. */
  readonly capacity: number;
  readonly #slots = new Fifo<T>();
  readonly #senders = new Line<Sender<T>>();
  readonly #receivers = new Line<Receiver<T>>();
  readonly #wakeups = new Wakeups(this.#slots);
  #closed = false;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** Items in the slots. */
  get length(): number {
    return this.#slots.length;
  }

  /** No item is accepted any more. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Closed and drained. */
  get done(): boolean {
    return this.#closed && this.#slots.length === 0;
  }

  /** A send would not wait: there is a slot or a receiver for its item, or it would be refused. */
  get canSend(): boolean {
    return this.#slots.length < this.capacity || this.#receivers.first !== undefined ||
      this.#closed;
  }

  /** A receive would not wait: there is an item for it, or the end. */
  get canReceive(): boolean {
    return this.#there || this.#closed;
  }

  /**
   * Resolves once the item is in a slot or with a receiver. Rejects with RING_CLOSED, TimeoutError or
   * `signal.reason`; the item was not accepted then, and never will be.
   */
  send(item: T, wait?: Wait): Promise<void> {
    try {
      const timeout = timeoutOf(wait, "send");
      if (this.trySend(item)) return ACCEPTED;
      if (timeout === 0) throw timeoutError("send", timeout);
      const sender = new ItemSender(item);
      this.#senders.append(sender);
      return sender.result(wait, timeout, "send");
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Resolves with `{ done: false, value }`, or `{ done: true }` once the channel is closed and
   * drained. Rejects with TimeoutError or `signal.reason`, having consumed nothing.
   */
  receive(wait?: Wait): Promise<Received<T>> {
    try {
      const timeout = timeoutOf(wait, "receive");
      if (this.canReceive) return Promise.resolve(this.next());
      if (timeout === 0) throw timeoutError("receive", timeout);
      const receiver = new ItemReceiver<T>();
      this.#receivers.append(receiver);
      return receiver.result(wait, timeout, "receive");
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** True: the item is in a slot or with a receiver; false: neither is there. RING_CLOSED once closed. */
  trySend(item: T): boolean {
    if (this.#closed) throw closed("send");
    const receiver = this.#receivers.first;
    if (receiver !== undefined) {
      receiver.give(item);
      this.#wakeups.wake(receiver);
    } else if (this.#slots.length < this.capacity) this.#slots.push(item);
    else return false;
    return true;
  }

  /** An item, or `empty` where there is none now; a value of the caller's own tells them apart. */
  tryReceive<E = undefined>(empty?: E): T | E {
    return this.#there ? this.#take() : empty as E;
  }

  /** Refuses sends from now on, those that wait among them; receivers drain it. Harmless twice. */
  close(): Promise<void> {
    this.#closed = true;
    for (let s = this.#senders.first; s; s = this.#senders.first) s.refuse();
    this.#wakeups.flush();
    for (let r = this.#receivers.first; r; r = this.#receivers.first) r.end();
    return ACCEPTED;
  }

  /** Closes it and discards what is inside. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#slots.clear();
    return this.close();
  }

  /** The items until it is closed and drained. Leaving the loop early leaves the channel open. */
  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    return { next: () => this.receive() };
  }

  /** Items of `items` accepted now, from the `from`-th on. RING_CLOSED once closed. */
  trySendFrom(items: ArrayLike<T>, from: number): number {
    if (this.#closed) throw closed("write");
    let at = from;
    for (let r = this.#receivers.first; r && at < items.length; r = this.#receivers.first) {
      at = r.giveFrom(items, at);
      this.#wakeups.wake(r);
    }
    const count = Math.min(items.length - at, this.capacity - this.#slots.length);
    if (count === 1) this.#slots.push(items[at]!); // spares the set-up of a loop
    else this.#slots.pushFrom(items, at, count);
    return at + count - from;
  }

  /** Items delivered now into `into`, from the `from`-th slot on. */
  tryReceiveInto(into: Slots<T>, from: number): number {
    const count = Math.min(this.#slots.length, into.length - from);
    if (count === 1) into[from] = this.#slots.shift();
    else this.#slots.shiftInto(into, from, count);
    while (this.#senders.first !== undefined && this.#slots.length < this.capacity) {
      this.#slots.push(this.#senders.first.take());
    }
    return count;
  }

  /** Has it stand in line behind those that wait already; the channel serves it, and nobody else. */
  enlistSender(sender: Sender<T>): void {
    this.#senders.append(sender);
  }

  enlistReceiver(receiver: Receiver<T>): void {
    this.#receivers.append(receiver);
  }

  /** What receive() resolves with where it need not wait; `canReceive` must hold. */
  next(): Received<T> {
    if (!this.#there) return { done: true, value: undefined };
    return { done: false, value: this.#take() };
  }

  /** An item, in a slot or with a sender. */
  get #there(): boolean {
    return this.#slots.length > 0 || this.#senders.first !== undefined;
  }

  /** The oldest item; its slot goes to the sender that waits longest. */
  #take(): T {
    const sender = this.#senders.first;
    if (this.#slots.length === 0) return sender!.take();
    const item = this.#slots.shift();
    if (sender !== undefined) this.#slots.push(sender.take());
    return item;
  }
}

class ItemSender<T> extends PendingWaiter<void> implements Sender<T> {
  readonly #item: T;

  constructor(item: T) {
    super();
    this.#item = item;
  }

  take(): T {
    this.leaveLine();
    this.pending.resolve();
    return this.#item;
  }

  refuse(): void {
    this.leaveLine();
    this.pending.reject(closed("send"));
  }
}

class ItemReceiver<T> extends PendingWaiter<Received<T>> implements Receiver<T> {
  #received: Received<T> | undefined;

  give(item: T): void {
    this.leaveLine();
    this.pending.commit();
    this.#received = { done: false, value: item };
  }

  goOn(): void {
    this.pending.resolve(this.#received!);
  }

  giveFrom(items: ArrayLike<T>, from: number): number {
    this.give(items[from]!);
    return from + 1;
  }

  end(): void {
    this.leaveLine();
    this.pending.resolve({ done: true, value: undefined });
  }
}

export function closed(action: string): RingError {
  return new RingError("RING_CLOSED", action, "the channel is closed");
}
