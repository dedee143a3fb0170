/**
 * ringbuf.js, the usual ring over a SharedArrayBuffer, behind the contract.
 *
 * The package has neither an end of stream nor a way to wait. Words beside its memory hold the
 * closed flag and the claims of the two ends, and read() and write() look again every millisecond.
 * A write that races with close() may be accepted after a reader has seen the end.
 */
import { RingBuffer } from "ringbuf.js";
import type {
  Adapter,
  Capabilities,
  Handle,
  Reader,
  Ring,
  Slots,
  Stats,
  Wait,
  Writer,
} from "../contract.ts";
import { RingError, shown, timeoutError } from "../errors.ts";
import { checkedOptions, checkedTimeout, countFrom, refuse } from "../shared/arguments.ts";
import { claimEnd } from "../shared/layout.ts";

const CLOSED = 0, HAS_WRITER = 1, HAS_READER = 2, CONTROL_WORDS = 3;
const LOOK_EVERY_MS = 1;

const capabilities: Capabilities = {
  items: "int32",
  flow: "loop",
  producers: 1,
  consumers: 1,
  delivery: "queue",
  overflow: "wait",
  progress: "wait-free",
  reach: "worker",
  sizes: "any",
  width: false,
  start: false,
  reserve: false,
  stages: false,
  blocking: false,
};

export const adapter: Adapter<number> = {
  name: "ringbuf_js",
  family: "atomics",
  capabilities,
  unavailable: () => Promise.resolve(undefined),
  open: (options) =>
    Promise.try(() => {
      const { capacity } = checkedOptions(options, capabilities, Int32Array.BYTES_PER_ELEMENT);
      const storage = RingBuffer.getStorageForCapacity(capacity, Int32Array);
      return new PeerRing(storage, new SharedArrayBuffer(4 * CONTROL_WORDS));
    }),
  attach: (handle) =>
    Promise.try(() => {
      const { at, control } = handle as Partial<PeerHandle>;
      if (at instanceof SharedArrayBuffer && control instanceof SharedArrayBuffer) {
        return new PeerRing(at, control);
      }
      throw new RingError("RING_FOREIGN", "attach", `no handle of this ring: ${shown(at)}`, at);
    }),
};

/** The package wants its memory to itself, so that what it lacks stands in memory of its own. */
interface PeerHandle extends Handle {
  readonly at: SharedArrayBuffer;
  readonly control: SharedArrayBuffer;
}

class PeerRing implements Ring<number> {
  readonly capacity: number;
  readonly handle: PeerHandle;
  readonly #ring: RingBuffer;
  readonly #control: Int32Array;

  constructor(at: SharedArrayBuffer, control: SharedArrayBuffer) {
    this.handle = { adapter: adapter.name, at, control };
    this.#ring = new RingBuffer(at, Int32Array);
    this.#control = new Int32Array(control);
    this.capacity = this.#ring.capacity();
  }

  writer(): Promise<Writer<number>> {
    return Promise.try(() => new PeerWriter(this.#ring, this.#control));
  }

  reader(options?: { readonly after?: readonly unknown[] }): Promise<Reader<number>> {
    return Promise.try(() => {
      if (options?.after?.length) refuse("open a reader", "its one reader follows no other");
      return new PeerReader(this.#ring, this.#control);
    });
  }

  close(): Promise<void> {
    Atomics.store(this.#control, CLOSED, 1);
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

abstract class PeerEnd {
  protected readonly ring: RingBuffer;
  protected readonly control: Int32Array;
  protected moved = 0;
  readonly #release: () => void;

  constructor(ring: RingBuffer, control: Int32Array, word: number, end: "reader" | "writer") {
    this.#release = claimEnd(control, word, end);
    this.ring = ring;
    this.control = control;
  }

  protected get closed(): boolean {
    return Atomics.load(this.control, CLOSED) !== 0;
  }

  stats(): Stats {
    return { moved: this.moved, lost: 0, padded: 0, xruns: 0 };
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#release();
    return Promise.resolve();
  }
}

class PeerWriter extends PeerEnd implements Writer<number> {
  constructor(ring: RingBuffer, control: Int32Array) {
    super(ring, control, HAS_WRITER, "writer");
  }

  tryWrite(items: ArrayLike<number>, from = 0): number {
    const offered = countFrom(items, from, 1, "write");
    if (this.closed) throw new RingError("RING_CLOSED", "write", "the ring is closed");
    const accepted = this.ring.push(items as Int32Array, offered, from);
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

class PeerReader extends PeerEnd implements Reader<number> {
  constructor(ring: RingBuffer, control: Int32Array) {
    super(ring, control, HAS_READER, "reader");
  }

  get done(): boolean {
    return this.closed && this.ring.empty();
  }

  tryRead(into: Slots<number>, from = 0): number {
    const asked = countFrom(into, from, 1, "read");
    const delivered = this.ring.pop(into as Int32Array, asked, from);
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
