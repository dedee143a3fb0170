/**
 * From the few lines that are a ring to a whole adapter: whoever has a queue for one task writes
 * push, shift and length, and gets batches, waiting, timeouts, aborts, close and statistics built
 * on them.
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
} from "./contract.ts";
import { RingError } from "./errors.ts";
import { checkedOptions, countFrom, refuse } from "./shared/arguments.ts";
import { Gate } from "./shared/gate.ts";

/** A bounded queue of one task. */
export interface Core<T> {
  /** Items inside. */
  readonly length: number;
  /** False, without effect, when there is no room. */
  push(item: T): boolean;
  /** The oldest item; called only when there is one. */
  shift(): T;
}

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

/**
 * An adapter of the channel family over `make(capacity)`. `claims` replaces single capabilities,
 * such as `sizes: "power-of-two"`; the capacity is checked before `make` is called.
 */
export function adapterFromCore(
  name: string,
  make: (capacity: number) => Core<unknown>,
  claims: Pick<Partial<Capabilities>, "sizes"> = {},
): Adapter<unknown> {
  const claimed = { ...capabilities, ...claims };
  return {
    name,
    family: "channel",
    capabilities: claimed,
    unavailable: () => Promise.resolve(undefined),
    open: (options: OpenOptions) =>
      Promise.try(() => {
        const { capacity } = checkedOptions(options, claimed, 0);
        return new CoreRing(capacity, make(capacity));
      }),
    attach: () => Promise.try(() => refuse("attach", "a ring of one task has no handle")),
  };
}

class CoreRing implements Ring<unknown> {
  readonly capacity: number;
  readonly handle = undefined;
  readonly core: Core<unknown>;
  /** Where those wait who found no room, and no item. */
  readonly room = new Gate();
  readonly items = new Gate();
  closed = false;

  constructor(capacity: number, core: Core<unknown>) {
    this.capacity = capacity;
    this.core = core;
  }

  writer(): Promise<Writer<unknown>> {
    return Promise.resolve(new CoreWriter(this));
  }

  reader(options?: { readonly after?: readonly unknown[] }): Promise<Reader<unknown>> {
    return Promise.try(() => {
      if (options?.after?.length) refuse("open a reader", "its readers follow no other");
      return new CoreReader(this);
    });
  }

  close(): Promise<void> {
    this.closed = true;
    this.room.open();
    this.items.open();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    while (this.core.length > 0) this.core.shift();
    return this.close();
  }
}

class CoreWriter implements Writer<unknown> {
  readonly #ring: CoreRing;
  #moved = 0;

  constructor(ring: CoreRing) {
    this.#ring = ring;
  }

  tryWrite(items: ArrayLike<unknown>, from = 0): number {
    const { core, closed, items: waiting } = this.#ring;
    const offered = countFrom(items, from, 1, "write");
    if (closed) throw new RingError("RING_CLOSED", "write", "the ring is closed");
    let accepted = 0;
    // Readers that wait make room at once, which the rest of the batch goes on with.
    for (let before = -1; before < accepted && accepted < offered;) {
      before = accepted;
      while (accepted < offered && core.push(items[from + accepted])) accepted++;
      if (accepted > before) waiting.open();
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
    return Promise.resolve();
  }
}

class CoreReader implements Reader<unknown> {
  readonly #ring: CoreRing;
  #moved = 0;

  constructor(ring: CoreRing) {
    this.#ring = ring;
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
    if (count > 0) room.open();
    return count;
  }

  async read(into: Slots<unknown>, wait?: Wait): Promise<number> {
    let count = 0;
    const some = () => (count = this.tryRead(into)) > 0 || into.length === 0 || this.done;
    await this.#ring.items.until(some, wait, "read");
    return count;
  }

  stats(): Stats {
    return { moved: this.#moved, lost: 0, padded: 0, xruns: 0 };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}
