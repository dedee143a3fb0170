/** A ring in shared memory, from the memory and from what makes its ends. */
import type {
  Adapter,
  Capabilities,
  EndOptions,
  Family,
  Handle,
  OpenOptions,
  ReaderName,
  ReaderOptions,
  Ring,
} from "../contract.ts";
import { RingError, shown } from "../errors.ts";
import { checkedHandle, checkedOptions, checkEnd } from "./arguments.ts";
import type { SharedReader, SharedWriter } from "./ends.ts";
import { allocate, type Layout, recognise, type SharedMemory } from "./layout.ts";

/** What rings of int32 words between workers claim unless they say otherwise. */
export const workerCapabilities: Omit<Capabilities, "producers" | "consumers" | "progress"> = {
  items: "int32",
  flow: "loop",
  delivery: "queue",
  overflow: "wait",
  reach: "worker",
  sizes: "power-of-two",
  atomicBatch: false,
  width: true,
  start: true,
  strategies: true,
  reserve: false,
  stages: false,
  blocking: true,
};

/** What one design of a ring is made of. */
export interface Design<W extends SharedWriter<T>, R extends SharedReader<T>, T = number> {
  readonly name: string;
  readonly family: Family;
  readonly capabilities: Capabilities;
  readonly layout: Layout;
  /** Sets the cursors of new memory to the position of the first item. */
  begin(memory: SharedMemory, start: number): void;
  writer(memory: SharedMemory): W;
  /** `after`: the ids of the readers that it follows; none unless stages are claimed. */
  reader(memory: SharedMemory, after: readonly number[]): R;
  /** Refuses writes from now on and wakes all that wait. */
  close(memory: SharedMemory): void;
}

export class SharedRing<W extends SharedWriter<T>, R extends SharedReader<T>, T = number>
  implements Ring<T> {
  readonly capacity: number;
  readonly handle: Handle;
  readonly #design: Design<W, R, T>;
  readonly #memory: SharedMemory;

  constructor(design: Design<W, R, T>, memory: SharedMemory) {
    this.capacity = memory.capacity;
    this.handle = { adapter: design.name, at: memory.buffer };
    this.#design = design;
    this.#memory = memory;
  }

  /** A new ring, in memory of its own. */
  static open<W extends SharedWriter<T>, R extends SharedReader<T>, T>(
    design: Design<W, R, T>,
    options: OpenOptions,
  ): SharedRing<W, R, T> {
    const { capabilities, layout } = design;
    const bytes = layout.elementBytes + (layout.stampBytes ?? 0);
    const { capacity, width, start } = checkedOptions(options, capabilities, bytes);
    const memory = allocate(layout, capacity, width);
    design.begin(memory, start);
    return new SharedRing(design, memory);
  }

  /** The ring in the memory of a handle that came from another thread. */
  static attach<W extends SharedWriter<T>, R extends SharedReader<T>, T>(
    design: Design<W, R, T>,
    handle: Handle,
  ): SharedRing<W, R, T> {
    const memory = recognise(design.layout, checkedHandle(handle, design.name).at);
    const { capacity } = memory;
    if (design.capabilities.sizes === "any" || Number.isInteger(Math.log2(capacity))) {
      return new SharedRing(design, memory);
    }
    const why = `its head says ${capacity} items, which is no power of two`;
    throw new RingError("RING_FOREIGN", "attach", why, capacity);
  }

  writer(options?: EndOptions): Promise<W> {
    return Promise.try(() => {
      const { waiting } = checkEnd("writer", options, this.#design.capabilities);
      const writer = this.#design.writer(this.#memory);
      writer.waitBy(waiting ?? "spin-then-park");
      return writer;
    });
  }

  reader(options?: ReaderOptions): Promise<R> {
    return Promise.try(() => {
      const { after, waiting } = checkEnd("reader", options, this.#design.capabilities);
      const reader = this.#design.reader(this.#memory, idsOf(after));
      reader.waitBy(waiting ?? "spin-then-park");
      return reader;
    });
  }

  close(): Promise<void> {
    this.#design.close(this.#memory);
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function idsOf(readers: readonly ReaderName[]): number[] {
  return readers.map((reader) => {
    const id = reader?.id;
    if (Number.isInteger(id)) return id!;
    const why = `after must name readers of this ring by their id, got ${shown(id)}`;
    throw new RingError("RING_INVALID", "open a reader", why, id);
  });
}

export function sharedAdapter<W extends SharedWriter<T>, R extends SharedReader<T>, T>(
  design: Design<W, R, T>,
): Adapter<T> {
  const { name, family, capabilities } = design;
  return {
    name,
    family,
    capabilities,
    unavailable: () => Promise.resolve(undefined),
    open: (options) => Promise.try(() => SharedRing.open(design, options)),
    attach: (handle) => Promise.try(() => SharedRing.attach(design, handle)),
  };
}
