/**
 * From the few lines that are a ring to a whole adapter: whoever has a queue for one task writes
 * push, shift and length, and gets batches, waiting, timeouts, aborts, close and statistics built
 * on them.
 */
import type {
  Adapter,
  Capabilities,
  EndOptions,
  Family,
  OpenOptions,
  Reader,
  ReaderOptions,
  Ring,
  Slots,
  Stats,
  Wait,
  Writer,
} from "./contract.ts";
import { RingError } from "./errors.ts";
import { checkedOptions, checkEnd, countFrom, refuse } from "./shared/arguments.ts";
import { Gate } from "./shared/gate.ts";

/** A bounded queue of one task. */
export interface Core<T> {
  /** Items inside. */
  readonly length: number;
  /**
   * False, without effect, when there is no room. One that claims to overwrite has room always:
   * where `length` does not grow, its oldest item has gone.
   */
  push(item: T): boolean;
  /** The oldest item; called only when there is one. */
  shift(): T;
}

/** What a queue of one task is without a claim of its own. */
export const taskCapabilities: Capabilities = {
  items: "any",
  flow: "loop",
  producers: "many",
  consumers: "many",
  delivery: "queue",
  overflow: "wait",
  progress: "locking",
  reach: "task",
  sizes: "any",
  atomicBatch: false,
  width: false,
  start: false,
  strategies: false,
  reserve: false,
  stages: false,
  blocking: false,
};

/** What may be claimed in its place. */
export type Claims =
  & { readonly family?: Family }
  & Pick<Partial<Capabilities>, "sizes" | "producers" | "consumers" | "progress">
  & { readonly overflow?: "wait" | "overwrite" };

/**
 * An adapter of the channel family over `make(capacity)`. `claims` replaces its family or single
 * capabilities, such as `sizes: "power-of-two"`; the capacity is checked before `make` is called.
 * Who claims to overwrite claims one consumer too: what was lost was lost to that one.
 */
export function adapterFromCore(
  name: string,
  make: (capacity: number) => Core<unknown>,
  claims: Claims = {},
): Adapter<unknown> {
  return taskAdapter(
    name,
    claims,
    (capacity, ends) => new CoreRing(capacity, make(capacity), ends),
  );
}

/** An adapter over `open`, which gets a capacity that is checked and the ends that may be given out. */
export function taskAdapter(
  name: string,
  { family = "channel", ...claims }: Claims,
  open: (capacity: number, ends: Ends) => Ring<unknown>,
): Adapter<unknown> {
  const capabilities = { ...taskCapabilities, ...claims };
  return {
    name,
    family,
    capabilities,
    unavailable: () => Promise.resolve(undefined),
    open: (options: OpenOptions) =>
      Promise.try(() => {
        const { capacity } = checkedOptions(options, capabilities, 0);
        return open(capacity, new Ends(capabilities));
      }),
    attach: () => Promise.try(() => refuse("attach", "a ring of one task has no handle")),
  };
}

/** The ends of a ring of one task, given out as far as its capabilities allow. */
export class Ends {
  readonly #capabilities: Capabilities;
  readonly #held = { writer: 0, reader: 0 };

  constructor(capabilities: Capabilities) {
    this.#capabilities = capabilities;
  }

  /** RING_BUSY when there is one already and no more may be. The answer gives it back, once. */
  claim(end: "writer" | "reader", options: ReaderOptions | undefined): () => void {
    checkEnd(end, options);
    const most = end === "writer" ? this.#capabilities.producers : this.#capabilities.consumers;
    if (most === 1 && this.#held[end] === 1) {
      throw new RingError("RING_BUSY", `open a ${end}`, `the ring has its one ${end} already`);
    }
    this.#held[end]++;
    let held = true;
    return () => {
      if (held) this.#held[end]--;
      held = false;
    };
  }
}

class CoreRing implements Ring<unknown> {
  readonly capacity: number;
  readonly handle = undefined;
  readonly core: Core<unknown>;
  /** Where those wait who found no room, and no item. */
  readonly room = new Gate();
  readonly items = new Gate();
  /** Items overwritten, and how often that began. */
  lost = 0;
  gaps = 0;
  /** The oldest item that is left comes after one that was lost. */
  gap = false;
  closed = false;
  readonly #ends: Ends;

  constructor(capacity: number, core: Core<unknown>, ends: Ends) {
    this.capacity = capacity;
    this.core = core;
    this.#ends = ends;
  }

  writer(options?: EndOptions): Promise<Writer<unknown>> {
    return Promise.try(() => new CoreWriter(this, this.#ends.claim("writer", options)));
  }

  reader(options?: ReaderOptions): Promise<Reader<unknown>> {
    return Promise.try(() => new CoreReader(this, this.#ends.claim("reader", options)));
  }

  /** The core's push, and what it cost those who read. */
  push(item: unknown): boolean {
    const { core } = this;
    const before = core.length;
    if (!core.push(item)) return false;
    if (core.length > before) return true;
    this.lost++;
    if (!this.gap) this.gaps++;
    this.gap = true;
    return true;
  }

  close(): Promise<void> {
    this.closed = true;
    this.room.open();
    this.items.open();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    // Counted beforehand: a wrong core whose length never falls is to fail, not to hang.
    for (let left = this.core.length; left > 0; left--) this.core.shift();
    return this.close();
  }
}

class CoreWriter implements Writer<unknown> {
  readonly #ring: CoreRing;
  readonly #release: () => void;
  #moved = 0;

  constructor(ring: CoreRing, release: () => void) {
    this.#ring = ring;
    this.#release = release;
  }

  tryWrite(items: ArrayLike<unknown>, from = 0): number {
    const ring = this.#ring;
    const offered = countFrom(items, from, 1, "write");
    if (ring.closed) throw new RingError("RING_CLOSED", "write", "the ring is closed");
    let accepted = 0;
    // Readers that wait make room at once, which the rest of the batch goes on with.
    for (let before = -1; before < accepted && accepted < offered;) {
      before = accepted;
      while (accepted < offered && ring.push(items[from + accepted])) accepted++;
      if (accepted > before) ring.items.open();
    }
    this.#moved += accepted;
    return accepted;
  }

  write(items: ArrayLike<unknown>, wait?: Wait): Promise<void> {
    let from = 0;
    const all = () => (from += this.tryWrite(items, from)) === items.length;
    return this.#ring.room.until(all, wait, "write");
  }

  stats(): Stats {
    return { moved: this.#moved, lost: 0, padded: 0, xruns: 0 };
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#release();
    return Promise.resolve();
  }
}

class CoreReader implements Reader<unknown> {
  readonly #ring: CoreRing;
  readonly #release: () => void;
  /** What had been lost when it came was lost to others. */
  readonly #before: { readonly lost: number; readonly gaps: number };
  #moved = 0;

  constructor(ring: CoreRing, release: () => void) {
    this.#ring = ring;
    this.#release = release;
    this.#before = { lost: ring.lost, gaps: ring.gaps };
  }

  get done(): boolean {
    return this.#ring.closed && this.#ring.core.length === 0;
  }

  tryRead(into: Slots<unknown>, from = 0): number {
    const { core, room } = this.#ring;
    const asked = countFrom(into, from, 1, "read");
    const count = Math.min(asked, core.length);
    for (let i = 0; i < count; i++) into[from + i] = core.shift();
    this.#moved += count;
    if (count === 0) return 0;
    this.#ring.gap = false;
    room.open();
    return count;
  }

  async read(into: Slots<unknown>, wait?: Wait): Promise<number> {
    let count = 0;
    const some = () => (count = this.tryRead(into)) > 0 || into.length === 0 || this.done;
    await this.#ring.items.until(some, wait, "read");
    return count;
  }

  stats(): Stats {
    const { lost, gaps } = this.#ring;
    const before = this.#before;
    return { moved: this.#moved, lost: lost - before.lost, padded: 0, xruns: gaps - before.gaps };
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#release();
    return Promise.resolve();
  }
}
