/**
 * From a queue in shared memory that has neither an end of stream nor a way to wait to an adapter.
 * Words beside its memory hold the closed flag and the claims of the ends, and read() and write()
 * look again every millisecond. A write that races with close() may be accepted after a reader has
 * seen the end.
 */
import type {
  Adapter,
  Capabilities,
  EndOptions,
  Handle,
  Reader,
  ReaderOptions,
  Ring,
  Slots,
  Stats,
  Wait,
  Writer,
} from "../contract.ts";
import { taskCapabilities } from "../core.ts";
import { RingError, shown, timeoutError } from "../errors.ts";
import { checkedOptions, checkedTimeout, checkEnd, countFrom } from "../shared/arguments.ts";
import { claimEnd } from "../shared/layout.ts";

const CLOSED = 0, HAS_WRITER = 1, HAS_READER = 2, CONTROL_WORDS = 3;
const LOOK_EVERY_MS = 1;

/** A queue of int32 over shared memory; both answer how many items they moved. */
export interface SharedQueue {
  capacity(): number;
  empty(): boolean;
  push(items: Int32Array, count: number, from: number): number;
  pop(into: Int32Array, count: number, from: number): number;
}

export function adapterFromSharedQueue({ name, storage, over, ...claims }:
  & {
    readonly name: string;
    /** New memory of an empty queue. */
    storage(capacity: number): SharedArrayBuffer;
    /** The queue in such memory; throws for memory that is none. */
    over(memory: SharedArrayBuffer): SharedQueue;
  }
  & Pick<Capabilities, "producers" | "consumers" | "progress">): Adapter<number> {
  const capabilities: Capabilities = {
    ...taskCapabilities,
    ...claims,
    items: "int32",
    reach: "worker",
  };
  return {
    name,
    family: "atomics",
    capabilities,
    unavailable: () => Promise.resolve(undefined),
    open: (options) =>
      Promise.try(() => {
        const { capacity } = checkedOptions(options, capabilities, Int32Array.BYTES_PER_ELEMENT);
        const control = new SharedArrayBuffer(4 * CONTROL_WORDS);
        const handle = { adapter: name, at: storage(capacity), control };
        return new PolledRing(handle, over(handle.at), capabilities);
      }),
    attach: (handle) =>
      Promise.try(() => {
        const { at, control } = handle as Partial<PolledHandle>;
        if (at instanceof SharedArrayBuffer && control instanceof SharedArrayBuffer) {
          return new PolledRing({ adapter: name, at, control }, over(at), capabilities);
        }
        throw new RingError("RING_FOREIGN", "attach", `no handle of this ring: ${shown(at)}`, at);
      }),
  };
}

/** Such a queue wants its memory to itself, so that what it lacks stands in memory of its own. */
interface PolledHandle extends Handle {
  readonly at: SharedArrayBuffer;
  readonly control: SharedArrayBuffer;
}

class PolledRing implements Ring<number> {
  readonly capacity: number;
  readonly handle: PolledHandle;
  readonly #queue: SharedQueue;
  readonly #control: Int32Array;
  readonly #capabilities: Capabilities;

  constructor(handle: PolledHandle, queue: SharedQueue, capabilities: Capabilities) {
    this.handle = handle;
    this.#queue = queue;
    this.#control = new Int32Array(handle.control);
    this.capacity = queue.capacity();
    this.#capabilities = capabilities;
  }

  writer(options?: EndOptions): Promise<Writer<number>> {
    return Promise.try(() => {
      checkEnd("writer", options);
      return new PolledWriter(this.#queue, this.#control, this.#claim("writer"));
    });
  }

  reader(options?: ReaderOptions): Promise<Reader<number>> {
    return Promise.try(() => {
      checkEnd("reader", options);
      return new PolledReader(this.#queue, this.#control, this.#claim("reader"));
    });
  }

  #claim(end: "writer" | "reader"): () => void {
    const { producers, consumers } = this.#capabilities;
    if ((end === "writer" ? producers : consumers) === "many") return () => {};
    return claimEnd(this.#control, end === "writer" ? HAS_WRITER : HAS_READER, end);
  }

  close(): Promise<void> {
    Atomics.store(this.#control, CLOSED, 1);
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

abstract class PolledEnd {
  protected readonly queue: SharedQueue;
  protected moved = 0;
  readonly #control: Int32Array;
  readonly #release: () => void;

  constructor(queue: SharedQueue, control: Int32Array, release: () => void) {
    this.queue = queue;
    this.#control = control;
    this.#release = release;
  }

  protected get closed(): boolean {
    return Atomics.load(this.#control, CLOSED) !== 0;
  }

  stats(): Stats {
    return { moved: this.moved, lost: 0, padded: 0, xruns: 0 };
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#release();
    return Promise.resolve();
  }
}

class PolledWriter extends PolledEnd implements Writer<number> {
  tryWrite(items: ArrayLike<number>, from = 0): number {
    const offered = countFrom(items, from, 1, "write");
    if (this.closed) throw new RingError("RING_CLOSED", "write", "the ring is closed");
    const accepted = this.queue.push(items as Int32Array, offered, from);
    this.moved += accepted;
    return accepted;
  }

  async write(items: ArrayLike<number>, wait?: Wait): Promise<void> {
    let from = 0;
    await polled(wait, "write", () => {
      from += this.tryWrite(items, from);
      return from === items.length;
    });
  }
}

class PolledReader extends PolledEnd implements Reader<number> {
  get done(): boolean {
    return this.closed && this.queue.empty();
  }

  tryRead(into: Slots<number>, from = 0): number {
    const asked = countFrom(into, from, 1, "read");
    const delivered = this.queue.pop(into as Int32Array, asked, from);
    this.moved += delivered;
    return delivered;
  }

  async read(into: Slots<number>, wait?: Wait): Promise<number> {
    let delivered = 0;
    await polled(wait, "read", () => {
      delivered = this.tryRead(into);
      return delivered > 0 || into.length === 0 || this.done;
    });
    return delivered;
  }
}

/** Looks until `ready` says so; rejects with TimeoutError or `signal.reason`. */
async function polled(wait: Wait | undefined, action: string, ready: () => boolean): Promise<void> {
  const timeout = checkedTimeout(wait?.timeout, action);
  const deadline = performance.now() + timeout;
  wait?.signal?.throwIfAborted();
  while (!ready()) {
    if (performance.now() >= deadline) throw timeoutError(action, timeout);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    wait?.signal?.throwIfAborted();
  }
}
