/** A ring in shared memory, from the memory and from what makes its ends. */
import type { Adapter, Capabilities, Family, Handle, OpenOptions, Ring } from "../contract.ts";
import { checkedOptions, refuse } from "./arguments.ts";
import type { SharedReader, SharedWriter } from "./ends.ts";
import { allocate, type Layout, recognise, type SharedMemory } from "./layout.ts";

/** What one design of a ring is made of. */
export interface Design<W extends SharedWriter, R extends SharedReader> {
  readonly name: string;
  readonly family: Family;
  readonly capabilities: Capabilities;
  readonly layout: Layout;
  /** Sets the cursors of new memory to the position of the first item. */
  begin(memory: SharedMemory, start: number): void;
  writer(memory: SharedMemory): W;
  reader(memory: SharedMemory): R;
  /** Refuses writes from now on and wakes all that wait. */
  close(memory: SharedMemory): void;
}

export class SharedRing<W extends SharedWriter, R extends SharedReader> implements Ring<number> {
  readonly capacity: number;
  readonly handle: Handle;
  readonly #design: Design<W, R>;
  readonly #memory: SharedMemory;

  constructor(design: Design<W, R>, memory: SharedMemory) {
    this.capacity = memory.capacity;
    this.handle = { adapter: design.name, at: memory.buffer };
    this.#design = design;
    this.#memory = memory;
  }

  /** A new ring, in memory of its own. */
  static open<W extends SharedWriter, R extends SharedReader>(
    design: Design<W, R>,
    options: OpenOptions,
  ): SharedRing<W, R> {
    const { capabilities, layout } = design;
    const { capacity, width, start } = checkedOptions(options, capabilities, layout.elementBytes);
    const memory = allocate(layout, capacity, width);
    design.begin(memory, start);
    return new SharedRing(design, memory);
  }

  /** The ring in the memory of a handle that came from another thread. */
  static attach<W extends SharedWriter, R extends SharedReader>(
    design: Design<W, R>,
    handle: Handle,
  ): SharedRing<W, R> {
    return new SharedRing(design, recognise(design.layout, handle.at));
  }

  writer(): Promise<W> {
    return Promise.try(() => this.#design.writer(this.#memory));
  }

  reader(options?: { readonly after?: readonly unknown[] }): Promise<R> {
    return Promise.try(() => {
      if (options?.after?.length) refuse("open a reader", "its readers follow no other");
      return this.#design.reader(this.#memory);
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

export function sharedAdapter<W extends SharedWriter, R extends SharedReader>(
  design: Design<W, R>,
): Adapter<number> {
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
