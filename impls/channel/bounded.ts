/**
 * A bounded channel between tasks of one realm: any number of senders and receivers, all served in
 * the order they came.
 *
 * Two invariants carry it: a sender waits only while the buffer is full, a receiver only while it
 * is empty. Each operation restores them before it returns: what a read frees is filled from the
 * senders that wait, what a write brings goes to the receivers that wait. So nobody overtakes a
 * waiter, and there is no wake-up to lose. (Source: the channels of Go and of Hoare's CSP.)
 */
import type {
  Adapter,
  Capabilities,
  OpenOptions,
  Reader,
  Ring,
  Slots,
  Stats,
  Wait,
  Writer,
} from "../contract.ts";
import { RingError, timeoutError } from "../errors.ts";
import { checkedOptions, checkedTimeout, countFrom, refuse } from "../shared/arguments.ts";
import { atDeadline } from "../shared/deadline.ts";

const capabilities: Capabilities = {
  items: "any",
  flow: "loop",
  producers: "many",
  consumers: "many",
  delivery: "queue",
  overflow: "wait",
  progress: "locking",
  reach: "task",
  sizes: "any",
  width: false,
  start: false,
  reserve: false,
  stages: false,
  blocking: false,
};

export const adapter: Adapter<unknown> = {
  name: "bounded",
  family: "channel",
  capabilities,
  unavailable: () => Promise.resolve(undefined),
  open: (options) => Promise.try(() => openBounded(options)),
  attach: () =>
    Promise.try(() => refuse("attach", "a channel lives in one realm and has no handle")),
};

/** A new channel for `capacity` items of any kind, undefined and null among them. */
export function openBounded<T>(options: OpenOptions): BoundedChannel<T> {
  return new BoundedChannel<T>(checkedOptions(options, capabilities, 0).capacity);
}

/** A sender or receiver that waits, and its buffer with how far it has come. */
interface Waiter<B> {
  readonly buffer: B;
  at: number;
  readonly end: { moved: number };
  resolve(count: number): void;
  reject(reason: unknown): void;
}

export class BoundedChannel<T> implements Ring<T> {
  readonly capacity: number;
  readonly handle = undefined;
  /** A ring that grows to `capacity` slots as they are first used; a slot is cleared when read. */
  readonly #slots: (T | undefined)[] = [];
  #head = 0;
  #length = 0;
  #closed = false;
  readonly #senders = new Set<Waiter<ArrayLike<T>>>();
  readonly #receivers = new Set<Waiter<Slots<T>>>();

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get done(): boolean {
    return this.#closed && this.#length === 0;
  }

  writer(): Promise<Writer<T>> {
    return Promise.resolve(new ChannelWriter(this));
  }

  reader(options?: { readonly after?: readonly unknown[] }): Promise<Reader<T>> {
    return Promise.try(() => {
      if (options?.after?.length) refuse("open a reader", "its readers follow no other");
      return new ChannelReader(this);
    });
  }

  /** Items of `items` accepted now, from the `from`-th on; `end` is credited with them. */
  trySend(items: ArrayLike<T>, from: number, end: { moved: number }): number {
    if (this.#closed) throw closed();
    let at = from;
    for (const receiver of this.#receivers) {
      if (at === items.length) break;
      const { buffer } = receiver;
      while (at < items.length && receiver.at < buffer.length) {
        buffer[receiver.at++] = items[at++]!;
      }
      this.#receivers.delete(receiver);
      receiver.end.moved += receiver.at;
      receiver.resolve(receiver.at);
    }
    while (at < items.length && this.#length < this.capacity) this.#push(items[at++]!);
    end.moved += at - from;
    return at - from;
  }

  /** Items delivered now into `into`, from the `from`-th on; `end` is credited with them. */
  tryReceive(into: Slots<T>, from: number, end: { moved: number }): number {
    const count = Math.min(this.#length, into.length - from);
    for (let i = 0; i < count; i++) into[from + i] = this.#shift();
    end.moved += count;
    this.#refill();
    return count;
  }

  /** Waits in line with the rest of `items`; resolves when all of it is accepted. */
  send(items: ArrayLike<T>, end: { moved: number }, wait?: Wait): Promise<number> {
    return this.#waiting(this.#senders, { buffer: items, at: 0, end }, wait, "write", (sender) => {
      sender.at = this.trySend(items, 0, end);
      return sender.at === items.length ? sender.at : undefined;
    });
  }

  /** Waits in line; resolves with the number of items delivered, 0 once closed and drained. */
  receive(into: Slots<T>, end: { moved: number }, wait?: Wait): Promise<number> {
    return this.#waiting(this.#receivers, { buffer: into, at: 0, end }, wait, "read", () => {
      const count = this.tryReceive(into, 0, end);
      return count > 0 || into.length === 0 || this.#closed ? count : undefined;
    });
  }

  close(): Promise<void> {
    this.#closed = true;
    for (const sender of this.#senders) sender.reject(closed());
    for (const receiver of this.#receivers) receiver.resolve(0);
    this.#senders.clear();
    this.#receivers.clear();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#slots.length = 0;
    this.#length = 0;
    return this.close();
  }

  #push(item: T): void {
    this.#slots[(this.#head + this.#length++) % this.capacity] = item;
  }

  #shift(): T {
    const item = this.#slots[this.#head] as T;
    this.#slots[this.#head] = undefined; // released: nobody else keeps it alive
    this.#head = (this.#head + 1) % this.capacity;
    this.#length--;
    return item;
  }

  /** What was freed goes to the senders that wait, the first first. */
  #refill(): void {
    for (const sender of this.#senders) {
      const { buffer } = sender;
      const before = sender.at;
      while (sender.at < buffer.length && this.#length < this.capacity) {
        this.#push(buffer[sender.at++]!);
      }
      sender.end.moved += sender.at - before;
      if (sender.at < buffer.length) return;
      this.#senders.delete(sender);
      sender.resolve(sender.at);
    }
  }

  /** Tries `now` at once; when that gives nothing, stands in line until served, late or aborted. */
  #waiting<B>(
    line: Set<Waiter<B>>,
    waiter: Pick<Waiter<B>, "buffer" | "at" | "end">,
    wait: Wait | undefined,
    action: "read" | "write",
    now: (waiter: { at: number }) => number | undefined,
  ): Promise<number> {
    return new Promise((resolve, reject) => {
      const timeout = checkedTimeout(wait?.timeout, action);
      const signal = wait?.signal;
      signal?.throwIfAborted();
      const served = now(waiter);
      if (served !== undefined) return resolve(served);
      if (timeout === 0) throw timeoutError(action, timeout);
      const leave = () => {
        cancel();
        signal?.removeEventListener("abort", abort);
      };
      const standing: Waiter<B> = Object.assign(waiter, {
        resolve: (count: number) => (leave(), resolve(count)),
        reject: (reason: unknown) => (leave(), reject(reason)),
      });
      const giveUp = (reason: unknown) => {
        line.delete(standing);
        standing.reject(reason);
      };
      const abort = () => giveUp(signal?.reason);
      // Nothing outside this realm can serve a waiter, so without a timeout none keeps it alive.
      const cancel = timeout === Infinity
        ? () => {}
        : atDeadline(timeout, () => giveUp(timeoutError(action, timeout)));
      signal?.addEventListener("abort", abort, { once: true });
      line.add(standing);
    });
  }
}

class ChannelWriter<T> implements Writer<T> {
  moved = 0;
  readonly #channel: BoundedChannel<T>;

  constructor(channel: BoundedChannel<T>) {
    this.#channel = channel;
  }

  tryWrite(items: ArrayLike<T>, from = 0): number {
    countFrom(items, from, 1, "write");
    return this.#channel.trySend(items, from, this);
  }

  async write(items: ArrayLike<T>, wait?: Wait): Promise<void> {
    await this.#channel.send(items, this, wait);
  }

  stats(): Stats {
    return { moved: this.moved, lost: 0, padded: 0, xruns: 0 };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

class ChannelReader<T> implements Reader<T> {
  moved = 0;
  readonly #channel: BoundedChannel<T>;

  constructor(channel: BoundedChannel<T>) {
    this.#channel = channel;
  }

  get done(): boolean {
    return this.#channel.done;
  }

  tryRead(into: Slots<T>, from = 0): number {
    countFrom(into, from, 1, "read");
    return this.#channel.tryReceive(into, from, this);
  }

  read(into: Slots<T>, wait?: Wait): Promise<number> {
    return this.#channel.receive(into, this, wait);
  }

  stats(): Stats {
    return { moved: this.moved, lost: 0, padded: 0, xruns: 0 };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

function closed(): RingError {
  return new RingError("RING_CLOSED", "write", "the channel is closed");
}
