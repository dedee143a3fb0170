/**
 * A ring between the tasks of one realm, under an async mutex.
 *
 * A step that does not await needs no lock in one realm: reading and writing answer at once. The
 * mutex is for transactions, which read, await and write as one step: what a transaction does is
 * seen by nobody until it ends, and has not happened should it fail, so that an event whose handling
 * fails is there still, in its place. Meanwhile the others wait, or are told that the ring is busy.
 * Each time the mutex is free all who wait for room or for events have their turn before the next
 * transaction, so that neither kind starves the other.
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
import { taskAdapter, taskCapabilities } from "../core.ts";
import { checkedOptions, checkEnd, countFrom } from "../shared/arguments.ts";
import { closed, EventBuffer, type Tally, type Transaction } from "./event_buffer.ts";

export type { Transaction } from "./event_buffer.ts";

export const adapter: Adapter<unknown> = taskAdapter(
  "async_mutex",
  { family: "locking" },
  (capacity) => new LockingRing(capacity),
);

/**
 * A new ring for `capacity` events of any kind.
 *
 * @example At once, waiting, and an event that stays when its handling fails
 * ```ts
 * import { assertEquals, assertRejects, assertThrows } from "@std/assert";
 * import { openLockingRing } from "ringproof/locking_ring";
 *
 * const ring = openLockingRing<string>({ capacity: 1 });
 * ring.writeNow("first");
 * assertThrows(() => ring.writeNow("second"), Error, "cannot write event: buffer is full");
 * const second = ring.write("second", { timeout: 5000 });
 *
 * const handled = ring.transaction(async (events) => {
 *   const event = events.readNow();
 *   await Promise.reject(new Error(`cannot deliver the ${event} event`));
 * });
 * await assertRejects(() => handled, Error, "cannot deliver the first event");
 *
 * assertEquals(await ring.read(), "first");
 * await second;
 * assertEquals(ring.readNow(), "second");
 * assertThrows(() => ring.readNow(), Error, "cannot read event: buffer is empty");
 * ```
 */
export function openLockingRing<T>(options: OpenOptions): LockingRing<T> {
  return new LockingRing<T>(checkedOptions(options, taskCapabilities, 0).capacity);
}

export class LockingRing<T> implements Ring<T> {
  readonly capacity: number;
  readonly handle = undefined;
  readonly #buffer: EventBuffer<T>;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.#buffer = new EventBuffer(capacity);
  }

  /** Events inside; what a transaction does counts when it has ended. */
  get length(): number {
    return this.#buffer.length;
  }

  /** Closed and drained. */
  get done(): boolean {
    return this.#buffer.done;
  }

  /** RING_FULL when there is no room, RING_BUSY during a transaction, RING_CLOSED once closed. */
  writeNow(event: T): void {
    this.#buffer.writeNow(event);
  }

  /** The oldest event. RING_EMPTY when there is none, RING_BUSY during a transaction. */
  readNow(): T {
    return this.#buffer.readNow();
  }

  /** Resolves once there was room. Rejects with TimeoutError, `signal.reason` or RING_CLOSED. */
  write(event: T, wait?: Wait): Promise<void> {
    return this.#buffer.put([event], { moved: 0 }, wait);
  }

  /**
   * The oldest event, once there is one. Rejects with TimeoutError, `signal.reason` or, when the
   * ring is done, RING_CLOSED.
   */
  async read(wait?: Wait): Promise<T> {
    const into = [undefined as T];
    if (await this.#buffer.take(into, { moved: 0 }, wait) > 0) return into[0]!;
    throw closed("read event", "closed and empty");
  }

  /**
   * What `section` comes to. All that it read and wrote happens at once when it has ended, and none
   * of it when it throws. Rejects with what it threw; with RING_CLOSED when it wrote into a ring
   * that was closed meanwhile; with TimeoutError or `signal.reason` when its turn did not come in
   * time. A section that waits for the ring itself waits for ever: others act after it only.
   */
  transaction<R>(section: (events: Transaction<T>) => R | PromiseLike<R>, wait?: Wait): Promise<R> {
    return this.#buffer.transaction(section, wait);
  }

  writer(options?: EndOptions): Promise<Writer<T>> {
    return Promise.try(() => {
      checkEnd("writer", options);
      return new LockingWriter(this.#buffer);
    });
  }

  reader(options?: ReaderOptions): Promise<Reader<T>> {
    return Promise.try(() => {
      checkEnd("reader", options);
      return new LockingReader(this.#buffer);
    });
  }

  close(): Promise<void> {
    this.#buffer.close();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#buffer.discard();
    return Promise.resolve();
  }
}

abstract class End<T> implements Tally {
  moved = 0;
  protected readonly buffer: EventBuffer<T>;

  constructor(buffer: EventBuffer<T>) {
    this.buffer = buffer;
  }

  stats(): Stats {
    return { moved: this.moved, lost: 0, padded: 0, xruns: 0 };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

/** During a transaction tryWrite() throws RING_BUSY, and write() waits for its end. */
class LockingWriter<T> extends End<T> implements Writer<T> {
  tryWrite(items: ArrayLike<T>, from = 0): number {
    countFrom(items, from, 1, "write");
    return this.buffer.putNow(items, from, this);
  }

  write(items: ArrayLike<T>, wait?: Wait): Promise<void> {
    return this.buffer.put(items, this, wait);
  }
}

/** During a transaction tryRead() throws RING_BUSY, and read() waits for its end. */
class LockingReader<T> extends End<T> implements Reader<T> {
  get done(): boolean {
    return this.buffer.done;
  }

  tryRead(into: Slots<T>, from = 0): number {
    countFrom(into, from, 1, "read");
    return this.buffer.takeNow(into, from, this);
  }

  read(into: Slots<T>, wait?: Wait): Promise<number> {
    return this.buffer.take(into, this, wait);
  }
}
