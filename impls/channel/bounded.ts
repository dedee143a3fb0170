/**
 * A bounded channel between tasks of one realm: any number of senders and receivers, all served in
 * the order they came. Item by item it is used as a channel (send, receive, for await, select), in
 * batches as a ring; both are one queue (channel.ts), and may be mixed.
 */
import type {
  Adapter,
  EndOptions,
  OpenOptions,
  Reader,
  ReaderOptions,
  Ring,
  Slots,
  Stats,
  Wait,
  Writer,
} from "../contract.ts";
import { taskCapabilities } from "../core.ts";
import { timeoutError } from "../errors.ts";
import { checkedOptions, checkEnd, countFrom, refuse } from "../shared/arguments.ts";
import { ACCEPTED, Channel, closed } from "./channel.ts";
import type { Receiver, Sender } from "./line.ts";
import { PendingWaiter, timeoutOf } from "./pending.ts";

export const adapter: Adapter<unknown> = {
  name: "bounded",
  family: "channel",
  capabilities: taskCapabilities,
  unavailable: () => Promise.resolve(undefined),
  open: (options) => Promise.try(() => openBounded(options)),
  attach: () =>
    Promise.try(() => refuse("attach", "a channel lives in one realm and has no handle")),
};

/**
 * A new channel for `capacity` items of any kind, undefined and null among them.
 *
 * @example A sender that waits for room, and a receiver that comes to the end
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openBounded } from "ringproof/bounded";
 *
 * const channel = openBounded<string>({ capacity: 2 });
 *
 * async function produce() {
 *   for (const word of ["one", "two", "three", "four"]) await channel.send(word, { timeout: 1000 });
 *   await channel.close();
 * }
 *
 * const producing = produce();
 * const words: string[] = [];
 * for await (const word of channel) words.push(word);
 * await producing;
 * assertEquals(words, ["one", "two", "three", "four"]);
 * assertEquals(await channel.receive(), { done: true, value: undefined });
 * ```
 */
export function openBounded<T>(options: OpenOptions): BoundedChannel<T> {
  return new BoundedChannel<T>(checkedOptions(options, taskCapabilities, 0).capacity);
}

export class BoundedChannel<T> extends Channel<T> implements Ring<T> {
  readonly handle = undefined;

  writer(options?: EndOptions): Promise<Writer<T>> {
    return Promise.try(() => {
      checkEnd("writer", options);
      return new ChannelWriter(this);
    });
  }

  reader(options?: ReaderOptions): Promise<Reader<T>> {
    return Promise.try(() => {
      checkEnd("reader", options);
      return new ChannelReader(this);
    });
  }
}

class ChannelWriter<T> implements Writer<T> {
  moved = 0;
  readonly #channel: Channel<T>;

  constructor(channel: Channel<T>) {
    this.#channel = channel;
  }

  tryWrite(items: ArrayLike<T>, from = 0): number {
    countFrom(items, from, 1, "write");
    const accepted = this.#channel.trySendFrom(items, from);
    this.moved += accepted;
    return accepted;
  }

  write(items: ArrayLike<T>, wait?: Wait): Promise<void> {
    try {
      const timeout = timeoutOf(wait, "write");
      const accepted = this.tryWrite(items);
      if (accepted === items.length) return ACCEPTED;
      if (timeout === 0) throw timeoutError("write", timeout);
      const sender = new BatchSender(items, accepted, this);
      this.#channel.enlistSender(sender);
      return sender.result(wait, timeout, "write");
    } catch (error) {
      return Promise.reject(error);
    }
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
  readonly #channel: Channel<T>;

  constructor(channel: Channel<T>) {
    this.#channel = channel;
  }

  get done(): boolean {
    return this.#channel.done;
  }

  tryRead(into: Slots<T>, from = 0): number {
    countFrom(into, from, 1, "read");
    const delivered = this.#channel.tryReceiveInto(into, from);
    this.moved += delivered;
    return delivered;
  }

  read(into: Slots<T>, wait?: Wait): Promise<number> {
    try {
      const timeout = timeoutOf(wait, "read");
      const delivered = this.tryRead(into);
      if (delivered > 0 || into.length === 0 || this.#channel.closed) {
        return Promise.resolve(delivered);
      }
      if (timeout === 0) throw timeoutError("read", timeout);
      const receiver = new BatchReceiver(into, this);
      this.#channel.enlistReceiver(receiver);
      return receiver.result(wait, timeout, "read");
    } catch (error) {
      return Promise.reject(error);
    }
  }

  stats(): Stats {
    return { moved: this.moved, lost: 0, padded: 0, xruns: 0 };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

/** The rest of a batch that did not fit; its writer is credited with each item that is taken. */
class BatchSender<T> extends PendingWaiter<void> implements Sender<T> {
  readonly #items: ArrayLike<T>;
  #at: number;
  readonly #end: { moved: number };

  constructor(items: ArrayLike<T>, at: number, end: { moved: number }) {
    super();
    this.#items = items;
    this.#at = at;
    this.#end = end;
  }

  take(): T {
    const item = this.#items[this.#at++]!;
    this.#end.moved++;
    if (this.#at === this.#items.length) {
      this.leaveLine();
      this.pending.resolve();
    }
    return item;
  }

  refuse(): void {
    this.leaveLine();
    this.pending.reject(closed("write"));
  }
}

/** A buffer to fill by one send, as far as that goes; its reader is credited with the items. */
class BatchReceiver<T> extends PendingWaiter<number> implements Receiver<T> {
  readonly #into: Slots<T>;
  readonly #end: { moved: number };
  #count = 0;

  constructor(into: Slots<T>, end: { moved: number }) {
    super();
    this.#into = into;
    this.#end = end;
  }

  give(item: T): void {
    this.#into[0] = item;
    this.#served(1);
  }

  giveFrom(items: ArrayLike<T>, from: number): number {
    const count = Math.min(items.length - from, this.#into.length);
    for (let i = 0; i < count; i++) this.#into[i] = items[from + i]!;
    this.#served(count);
    return from + count;
  }

  goOn(): void {
    this.pending.resolve(this.#count);
  }

  end(): void {
    this.leaveLine();
    this.pending.resolve(0);
  }

  #served(count: number): void {
    this.leaveLine();
    this.pending.commit();
    this.#end.moved += count;
    this.#count = count;
  }
}
