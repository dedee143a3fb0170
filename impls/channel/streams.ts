/**
 * A ring whose two sides are the Web Streams of the runtime: what goes into `writable` comes out of
 * `readable`, so that it stands in a pipe like a TransformStream, and never more than `capacity` items
 * are inside. The contract's ends hold the locks of the streams and pass each item through both.
 *
 * One number makes the capacity exact, wherever the items are: those that were accepted and are not
 * delivered yet, be they in the writable's queue, in ours, or on their way to a reader. A writer of
 * the contract accepts an item, by its own count, before the writable has taken it on; a pipe's item
 * is accepted by the writable's sink, which waits for room and so is what holds the pipe back. The
 * readable asks for an item only when a read waits for it, and keeps none.
 * What streams cost is paid for each item: several promises, and turns of the microtask queue.
 * (Source: WHATWG Streams.)
 */
import type {
  Adapter,
  Capabilities,
  EndOptions,
  OpenOptions,
  Reader,
  ReaderOptions,
  Ring,
  Slots,
  Writer,
} from "../contract.ts";
import { taskCapabilities } from "../core.ts";
import { RingError, shown } from "../errors.ts";
import { checkedOptions, checkEnd, refuse } from "../shared/arguments.ts";
import { Gate } from "../shared/gate.ts";
import { GateReader, GateWriter } from "./ends.ts";
import { Fifo } from "./fifo.ts";

const capabilities: Capabilities = {
  ...taskCapabilities,
  producers: 1,
  consumers: 1,
};

export const adapter: Adapter<unknown> = {
  name: "streams",
  family: "channel",
  capabilities,
  unavailable: () => Promise.resolve(undefined),
  open: (options) => Promise.try(() => openStreams(options)),
  attach: () => Promise.try(() => refuse("attach", "the streams of one realm have no handle")),
};

/**
 * A new pair of streams with room for `capacity` items of any kind between them.
 *
 * @example A buffer in a pipe, and a reader that takes what is there in batches
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openStreams } from "ringproof/streams";
 *
 * const letters = () => new Blob(["a", "b", "c"]).stream().pipeThrough(new TextDecoderStream());
 * let text = "";
 * for await (const part of letters().pipeThrough(openStreams<string>({ capacity: 16 }))) text += part;
 * assertEquals(text, "abc");
 *
 * const ring = openStreams<string>({ capacity: 16 });
 * const piping = letters().pipeTo(ring.writable);
 * const reader = await ring.reader();
 * await piping;
 * const batch = ["", "", "", ""], parts: string[] = [];
 * while (!reader.done) parts.push(...batch.slice(0, await reader.read(batch)));
 * assertEquals(parts.join(""), "abc");
 * ```
 */
export function openStreams<T>(options: OpenOptions): StreamRing<T> {
  return new StreamRing<T>(checkedOptions(options, capabilities, 0).capacity);
}

export class StreamRing<T> implements Ring<T> {
  readonly capacity: number;
  readonly handle = undefined;
  /** Closing it closes the ring; aborting it errors `readable` and loses what is inside. */
  readonly writable: WritableStream<T>;
  /**
   * Ends once the ring is closed and drained; cancelling it errors `writable`. A read given up by
   * releasing its lock leaves the item that it waited for with the stream, beyond the capacity.
   */
  readonly readable: ReadableStream<T>;
  readonly #room = new Gate();
  readonly #items = new Gate();
  /** Items that the sink has taken on and the source has not handed out. */
  readonly #queue = new Fifo<T>();
  /** Items that the source has handed out to the contract's reader, and nobody has read yet. */
  readonly #arrived = new Fifo<T>();
  /** Items accepted and not delivered; and those among them that are on their way to the sink. */
  #inside = 0;
  #underWay = 0;
  #closed = false;
  /** The source has said so. */
  #ended = false;
  /** One side was aborted or cancelled. */
  #failure: RingError | undefined = undefined;
  #sink!: WritableStreamDefaultController;
  #source!: ReadableStreamDefaultController<T>;
  /** Set while a read of `readable` waits for an item. */
  #supplied: (() => void) | undefined = undefined;
  /** From the first ends of the contract on: the lock of `writable`, and that of `readable` is ours. */
  #into: WritableStreamDefaultWriter<T> | undefined = undefined;
  #gathers = false;
  readonly #held = { writer: false, reader: false };

  constructor(capacity: number) {
    this.capacity = capacity;
    this.writable = new WritableStream<T>({
      start: (controller) => void (this.#sink = controller),
      write: (item) => this.#accept(item),
      close: () => this.#shut(),
      abort: (reason) => this.#fail("its writable was aborted", reason),
    }, { highWaterMark: capacity });
    this.readable = new ReadableStream<T>({
      start: (controller) => void (this.#source = controller),
      pull: () => this.#pull(),
      cancel: (reason) => this.#fail("its readable was cancelled", reason),
    }, { highWaterMark: 0 });
  }

  /** RING_BUSY also when `writable` is locked, or still has writes that nobody waited for. */
  writer(options?: EndOptions): Promise<Writer<T>> {
    return Promise.try(() => {
      checkEnd("writer", options);
      if (this.#held.writer) throw busy("writer", "the ring has its one writer already");
      this.#into ??= this.#lockWritable();
      this.#held.writer = true;
      return new GateWriter<T>({
        room: this.#room,
        tryWrite: (items, from) => this.#tryWrite(items, from),
        release: () => this.#release("writer"),
      });
    });
  }

  /** RING_BUSY also when `readable` is locked. */
  reader(options?: ReaderOptions): Promise<Reader<T>> {
    return Promise.try(() => {
      checkEnd("reader", options);
      if (this.#held.reader) throw busy("reader", "the ring has its one reader already");
      if (!this.#gathers) this.#lockReadable();
      this.#held.reader = true;
      return new GateReader<T>({
        items: this.#items,
        isDone: () => this.#closed && this.#inside === 0 && this.#failure === undefined,
        tryRead: (into, from) => this.#tryRead(into, from),
        release: () => this.#release("reader"),
      });
    });
  }

  close(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#shut();
    if (this.#into) this.#into.close().catch(ignore);
    else if (this.writable.locked) this.#sink.error(closed());
    else this.writable.close().catch(ignore);
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#discard();
    this.#sink.error(closed());
    this.#shut();
    return Promise.resolve();
  }

  #release(end: "reader" | "writer"): Promise<void> {
    this.#held[end] = false;
    return Promise.resolve();
  }

  #tryWrite(items: ArrayLike<T>, from: number): number {
    if (this.#failure) throw this.#failure;
    if (this.#closed) throw closed();
    let at = from;
    // A read that waits makes room at once, which the rest of the batch goes on with.
    while (at < items.length && this.#inside < this.capacity) {
      this.#inside++;
      this.#underWay++;
      this.#into!.write(items[at++]!).catch(ignore); // told to all by #failure
    }
    return at - from;
  }

  /** The sink: at once for an item that was accepted before, else as soon as there is room. */
  #accept(item: T): Promise<void> | undefined {
    if (this.#underWay > 0) {
      this.#underWay--;
      this.#enqueue(item);
      return undefined;
    }
    const ready = () => {
      if (this.#failure) throw this.#failure;
      if (this.#closed) throw closed();
      if (this.#inside === this.capacity) return false;
      this.#inside++;
      this.#enqueue(item);
      return true;
    };
    return this.#room.until(ready, undefined, "write");
  }

  #enqueue(item: T): void {
    this.#queue.push(item);
    if (this.#supplied) this.#supply();
  }

  /** The source: called when a read waits. */
  #pull(): Promise<void> | undefined {
    if (this.#queue.length === 0) return new Promise((resolve) => (this.#supplied = resolve));
    this.#supply();
    return undefined;
  }

  /** Hands out one item; it is delivered by that, unless the contract's reader is to deliver it. */
  #supply(): void {
    this.#source.enqueue(this.#queue.shift());
    this.#supplied?.();
    this.#supplied = undefined;
    if (!this.#gathers) this.#deliver(1);
    this.#endOnceDrained();
  }

  #tryRead(into: Slots<T>, from: number): number {
    if (this.#failure) throw this.#failure;
    const count = Math.min(this.#arrived.length, into.length - from);
    this.#arrived.shiftInto(into, from, count);
    this.#deliver(count);
    return count;
  }

  #deliver(count: number): void {
    this.#inside -= count;
    if (count > 0) this.#room.open();
  }

  /** Refuses items from now on; the readable ends after the last one that was accepted. */
  #shut(): void {
    this.#closed = true;
    this.#endOnceDrained();
    this.#room.open();
    this.#items.open();
  }

  #endOnceDrained(): void {
    if (!this.#closed || this.#ended || this.#queue.length + this.#underWay > 0) return;
    this.#ended = true;
    if (this.#failure === undefined) this.#source.close();
    this.#supplied?.();
  }

  #fail(why: string, reason: unknown): void {
    if (this.#failure || this.#ended) return;
    this.#failure = new RingError("RING_LOST", "pass items on", `${why}: ${shown(reason)}`, reason);
    this.#discard();
    this.#source.error(reason);
    this.#sink.error(reason);
    this.#shut();
  }

  #discard(): void {
    this.#queue.clear();
    this.#arrived.clear();
    this.#inside = this.#underWay = 0;
  }

  #lockWritable(): WritableStreamDefaultWriter<T> {
    if (this.writable.locked) throw busy("writer", "its writable is locked");
    const into = this.writable.getWriter();
    into.closed.catch(ignore);
    if (!this.#closed && into.desiredSize! < this.capacity) {
      into.releaseLock();
      throw busy("writer", "its writable has writes that are not done");
    }
    return into;
  }

  #lockReadable(): void {
    if (this.readable.locked) throw busy("reader", "its readable is locked");
    // Items left by reads that were given up are inside again: this reader is to deliver them.
    this.#inside += Math.max(0, -(this.#source.desiredSize ?? 0));
    const outOf = this.readable.getReader();
    outOf.closed.catch(ignore);
    this.#gathers = true;
    this.#gather(() => outOf.read());
  }

  /** Reads ahead for tryRead(): a stream has no way to ask for an item without waiting. */
  async #gather(read: () => Promise<{ done: boolean; value?: T }>): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await read();
        if (done || this.#inside === 0) return; // nothing is due any more after a disposal
        this.#arrived.push(value as T);
        this.#items.open();
      }
    } catch {
      // Errored: those who wait have been told by #fail().
    }
  }
}

const ignore = () => {};

function closed(): RingError {
  return new RingError("RING_CLOSED", "write", "the ring is closed");
}

function busy(end: "reader" | "writer", why: string): RingError {
  return new RingError("RING_BUSY", `open a ${end}`, why);
}
