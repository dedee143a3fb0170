/**
 * From a queue that has waiting of its own to an adapter: write() and read() wait by what the
 * package waits by, item after item, so that it is the package that is judged. Nothing stands in
 * front of it; what is added is the batch, the timeout as a signal, close and statistics.
 */
import {
  type Adapter,
  type EndOptions,
  type Reader,
  type ReaderOptions,
  type Ring,
  type Slots,
  type Stats,
  type Wait,
  type Writer,
} from "../contract.ts";
import { type Claims, type Ends, taskAdapter } from "../core.ts";
import { RingError, timeoutError } from "../errors.ts";
import { checkedTimeout, countFrom } from "../shared/arguments.ts";
import { atDeadline } from "../shared/deadline.ts";

/** The answer where there is no item; no item can be it. */
export const NOTHING: unique symbol = Symbol("nothing");

/** A queue of one task whose operations wait for each other. */
export interface AsyncCore {
  /** Closed and drained. */
  readonly done: boolean;
  /** False, without effect, when it is not accepted at once. */
  offer(item: unknown): boolean;
  /** The oldest item, or NOTHING when none can be had at once. */
  poll(): unknown;
  /**
   * Settles once the item is accepted (true) or never will be, since the queue was closed (false);
   * rejects when the signal is aborted.
   */
  send(item: unknown, signal: AbortSignal | undefined): Promise<boolean>;
  /** The oldest item once there is one, NOTHING at the end; rejects when the signal is aborted. */
  receive(signal: AbortSignal | undefined): Promise<unknown>;
  /** Called once. */
  close(): void;
  /** Frees what is left after close(), where draining it is not the way. */
  discard?(): void;
}

export function adapterFromAsyncCore(
  name: string,
  make: (capacity: number) => AsyncCore,
  claims: Claims = {},
): Adapter<unknown> {
  return taskAdapter(
    name,
    claims,
    (capacity, ends) => new AsyncRing(capacity, make(capacity), ends),
  );
}

class AsyncRing implements Ring<unknown> {
  readonly capacity: number;
  readonly handle = undefined;
  closed = false;
  readonly #core: AsyncCore;
  readonly #ends: Ends;

  constructor(capacity: number, core: AsyncCore, ends: Ends) {
    this.capacity = capacity;
    this.#core = core;
    this.#ends = ends;
  }

  writer(options?: EndOptions): Promise<Writer<unknown>> {
    return Promise.try(() =>
      new AsyncWriter(this, this.#core, this.#ends.claim("writer", options))
    );
  }

  reader(options?: ReaderOptions): Promise<Reader<unknown>> {
    return Promise.try(() => new AsyncReader(this.#core, this.#ends.claim("reader", options)));
  }

  close(): Promise<void> {
    return Promise.try(() => {
      if (this.closed) return;
      this.closed = true;
      this.#core.close();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
    if (this.#core.discard) this.#core.discard();
    else while (this.#core.poll() !== NOTHING);
  }
}

abstract class AsyncEnd {
  protected moved = 0;
  readonly #release: () => void;

  constructor(release: () => void) {
    this.#release = release;
  }

  stats(): Stats {
    return { moved: this.moved, lost: 0, padded: 0, xruns: 0 };
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#release();
    return Promise.resolve();
  }
}

export class AsyncWriter extends AsyncEnd implements Writer<unknown> {
  readonly #ring: { readonly closed: boolean };
  readonly #core: Pick<AsyncCore, "offer" | "send">;

  constructor(
    ring: { readonly closed: boolean },
    core: Pick<AsyncCore, "offer" | "send">,
    release: () => void,
  ) {
    super(release);
    this.#ring = ring;
    this.#core = core;
  }

  tryWrite(items: ArrayLike<unknown>, from = 0): number {
    const offered = countFrom(items, from, 1, "write");
    if (this.#ring.closed) throw closed();
    let accepted = 0;
    while (accepted < offered && this.#core.offer(items[from + accepted])) accepted++;
    this.moved += accepted;
    return accepted;
  }

  write(items: ArrayLike<unknown>, wait?: Wait): Promise<void> {
    return within(wait, "write", async (signal, now) => {
      if (now) {
        if (this.tryWrite(items) < items.length) throw timeoutError("write", 0);
        return;
      }
      for (let at = 0; at < items.length; at++) {
        if (this.#ring.closed || !(await this.#core.send(items[at], signal))) throw closed();
        this.moved++;
      }
    });
  }
}

export class AsyncReader extends AsyncEnd implements Reader<unknown> {
  readonly #core: Pick<AsyncCore, "done" | "poll" | "receive">;

  constructor(core: Pick<AsyncCore, "done" | "poll" | "receive">, release: () => void) {
    super(release);
    this.#core = core;
  }

  get done(): boolean {
    return this.#core.done;
  }

  tryRead(into: Slots<unknown>, from = 0): number {
    const asked = countFrom(into, from, 1, "read");
    let count = 0;
    for (let item; count < asked && (item = this.#core.poll()) !== NOTHING; count++) {
      into[from + count] = item;
    }
    this.moved += count;
    return count;
  }

  read(into: Slots<unknown>, wait?: Wait): Promise<number> {
    return within(wait, "read", async (signal, now) => {
      if (into.length === 0 || this.done) return 0;
      if (now) {
        const count = this.tryRead(into);
        if (count === 0 && !this.done) throw timeoutError("read", 0);
        return count;
      }
      const item = await this.#core.receive(signal);
      if (item === NOTHING) return 0;
      into[0] = item;
      this.moved++;
      return 1 + this.tryRead(into, 1);
    });
  }
}

/**
 * Runs `act` with one signal for the timeout and the caller's own, none where there is neither.
 * `now`: the timeout is 0, and what would wait is not to be begun.
 */
async function within<R>(
  wait: Wait | undefined,
  action: string,
  act: (signal: AbortSignal | undefined, now: boolean) => Promise<R>,
): Promise<R> {
  const timeout = checkedTimeout(wait?.timeout, action);
  wait?.signal?.throwIfAborted();
  if (timeout === 0) return act(undefined, true);
  if (timeout === Infinity) return act(wait?.signal, false);
  const late = new AbortController();
  const cancel = atDeadline(timeout, () => late.abort(timeoutError(action, timeout)));
  const signals = wait?.signal ? [wait.signal, late.signal] : [late.signal];
  return await act(AbortSignal.any(signals), false).finally(cancel);
}

const closed = () => new RingError("RING_CLOSED", "write", "the ring is closed");

/**
 * The promise, or the signal's reason: for queues whose own operations cannot be given up. What
 * was begun goes on, and what it brings is the package's answer to being left alone.
 */
export function orAborted<R>(promise: Promise<R>, signal: AbortSignal | undefined): Promise<R> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
