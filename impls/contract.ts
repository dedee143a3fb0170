/**
 * The one contract that every ring here is driven through, and the only thing a plug-in implements.
 *
 * Counts (`capacity`, `count`, `from`, what the methods return) are items. An item is one value, or
 * `width` consecutive elements of the buffers that are passed when `open()` was given a width.
 * Times are milliseconds. The batch is the primitive: one item is a batch of one.
 */

export type Family = "channel" | "locking" | "atomics" | "audio" | "network";

/** How often an item is there after the connection that it was under way on has broken. */
export type Guarantee = "at-most-once" | "at-least-once" | "exactly-once";

/** What an adapter promises. Constant, and tested both ways: what is not claimed is really absent. */
export interface Capabilities {
  /**
   * "bytes" are elements of one byte each; a "record" is a Uint8Array of any length, and what
   * `capacity` counts is then the shortest ones, those of 4 bytes or fewer.
   */
  readonly items: "any" | "int32" | "float32" | "bytes" | "records";
  /** Who holds the ends: the caller both (loop), or a device the far one. */
  readonly flow: "loop" | "source" | "sink" | "duplex";
  readonly producers: 1 | "many";
  readonly consumers: 1 | "many";
  /**
   * Each item to one reader, or to every reader. A broadcast reader is owed what is written once
   * reader() has resolved; with no reader, what is written is nobody's and takes no room.
   *
   * Where a full broadcast waits, it waits for its slowest reader until that one is disposed of. A
   * reader whose thread died without that is waited for for ever: in shared memory nobody can tell
   * it from a slow one.
   */
  readonly delivery: "queue" | "broadcast";
  /** What a full ring does with the next item. */
  readonly overflow: "wait" | "drop" | "overwrite";
  readonly progress: "wait-free" | "lock-free" | "locking";
  /** How far a handle can be carried and still attach. */
  readonly reach: "task" | "worker" | "process" | "network";
  /** The capacities that open() takes; any other is refused with RING_INVALID. */
  readonly sizes: "any" | "power-of-two";
  /**
   * What one tryWrite() accepts becomes visible to other threads all at once: a reader with room for
   * all of a batch gets all of it or none.
   */
  readonly atomicBatch: boolean;
  /** open() takes `width`. */
  readonly width: boolean;
  /** open() takes `start`. */
  readonly start: boolean;
  /** writer() and reader() take `waiting`. */
  readonly strategies: boolean;
  /** The ends have reserve(). */
  readonly reserve: boolean;
  /** reader() takes `after`, and readers have an `id`. */
  readonly stages: boolean;
  /** The ends have writeSync() and readSync(). */
  readonly blocking: boolean;
  /**
   * Where the reach is "network": what another end, on a new connection, finds of the items that the
   * one before it had accepted, and of those that it had delivered.
   */
  readonly reconnect?: { readonly writes: Guarantee; readonly reads: Guarantee };
}

export interface OpenOptions {
  /** Items that fit. */
  readonly capacity: number;
  /** Elements an item: record words, audio channels. Default 1. */
  readonly width?: number;
  /** A device or a service, for the adapters that reach one. */
  readonly uri?: string;
  /** Position of the first item, 0 by default: puts the counters beside 2^31 or 2^32 from the outset. */
  readonly start?: number;
}

export interface Adapter<T> {
  readonly name: string;
  readonly family: Family;
  readonly capabilities: Capabilities;
  /** URI of a device that the caller drives by `Ring.device`; present unless the flow is "loop". */
  readonly scripted?: string;
  /** Why it cannot work here (shown in reports), or undefined when it can. */
  unavailable(): Promise<string | undefined>;
  /** Throws RING_INVALID before it allocates anything. */
  open(options: OpenOptions): Promise<Ring<T>>;
  /** A ring that another worker, process or host has open. RING_FOREIGN for anything else. */
  attach(handle: Handle): Promise<Ring<T>>;
}

/** Survives structuredClone; with a URI, JSON too. */
export interface Handle {
  readonly adapter: string;
  readonly at: string | SharedArrayBuffer;
}

/** Disposal discards what is inside and frees everything; close() lets readers drain it. */
export interface Ring<T> extends AsyncDisposable {
  readonly capacity: number;
  /** undefined: the reach is "task". */
  readonly handle: Handle | undefined;
  /** The far end, when a scripted device holds it. */
  readonly device?: Device<T>;
  /** RING_BUSY when every writer's slot is taken. Disposing the writer frees its slot. */
  writer(options?: EndOptions): Promise<Writer<T>>;
  /** RING_BUSY when every reader's slot is taken. */
  reader(options?: ReaderOptions): Promise<Reader<T>>;
  /** Refuses writes from now on and wakes all that wait; harmless when repeated. */
  close(): Promise<void>;
}

/**
 * How an end passes the time in write(), read() and their blocking forms.
 *
 * spin            looks again and again; on an event loop it lets others run between two looks
 * yield           as spin, and tells the processor by Atomics.pause that it does
 * park            sleeps until it is woken
 * spin-then-park  spins as long as waking a sleeper would take, then parks; the default
 */
export type WaitStrategy = "spin" | "yield" | "park" | "spin-then-park";

export interface EndOptions {
  readonly waiting?: WaitStrategy;
}

export interface ReaderOptions extends EndOptions {
  /** The new reader gets an item only after each of these has read (or freed) it. */
  readonly after?: readonly ReaderName[];
}

/** A reader, or its id, which another thread was told. */
export type ReaderName = { readonly id?: number; readonly done: boolean } | { readonly id: number };

export interface Writer<T> extends AsyncDisposable {
  /** Items accepted now, the first of `items` after the `from`-th; 0 = full. RING_CLOSED once closed. */
  tryWrite(items: ArrayLike<T>, from?: number): number;
  /**
   * Resolves once all are accepted. On TimeoutError, `signal.reason` or RING_CLOSED the items that
   * `stats().moved` counts were accepted, in order, and no later one was.
   */
  write(items: ArrayLike<T>, wait?: Wait): Promise<void>;
  /** Blocks the thread until one item or more is accepted; 0 = timed out. */
  writeSync?(items: ArrayLike<T>, timeout?: number): number;
  /**
   * Exactly `count` slots to fill in place; undefined when they are not free now. Several claims
   * may be open at once and be committed in any order: readers see a prefix without holes.
   */
  reserve?(count: number): Claim<T> | undefined;
  stats(): Stats;
}

export interface Reader<T> extends AsyncDisposable {
  /** Names it among the ring's readers, on every thread; there when stages are claimed. */
  readonly id?: number;
  /** Closed and drained. */
  readonly done: boolean;
  /** Items delivered now into `into` after the `from`-th; 0 = empty. */
  tryRead(into: Slots<T>, from?: number): number;
  /** At least 1; 0 = done. Rejects with TimeoutError or `signal.reason`, having consumed nothing. */
  read(into: Slots<T>, wait?: Wait): Promise<number>;
  /** Blocks the thread; 0 = timed out or done. */
  readSync?(into: Slots<T>, timeout?: number): number;
  /** Exactly `count` items to read in place; undefined when they are not there now. */
  reserve?(count: number): Claim<T> | undefined;
  stats(): Stats;
}

/** The driver's side of a scripted device. */
export interface Device<T> {
  /**
   * One driver callback, synchronously. `input` is what the device captured (source, duplex);
   * `output` is filled with what it plays (sink, duplex), with silence where nothing was ready.
   */
  cycle(input: ArrayLike<T> | undefined, output: Slots<T> | undefined): void;
}

export interface Wait {
  readonly signal?: AbortSignal;
  /** Milliseconds; 0 = only what can be done now; undefined = for ever. */
  readonly timeout?: number;
}

/** A plain array and every typed array are Slots. */
export interface Slots<T> {
  readonly length: number;
  [index: number]: T;
}

export interface Claim<T> {
  /** The claimed slots in order; the second part is empty unless the claim wraps. */
  readonly parts: readonly [Slots<T>, Slots<T>];
  /**
   * Publishes (or frees) the first `count`, all by default; 0 aborts the claim. The rest goes back,
   * or, when a later claim stands behind it, is skipped by readers. Once: RING_INVALID again.
   *
   * Disposing of an end aborts the claims that it has open; to commit one after that is
   * RING_INVALID. A writer's commit after close() is accepted, or too late: RING_CLOSED, and none of
   * it is published. Readers do not wait for a claim that is open then. What was committed behind it
   * they get or not: close() comes after the last commit where that matters.
   */
  commit(count?: number): void;
}

/**
 * What one end has seen. Over all ends: written + padded = delivered + lost + pending.
 * `moved`: items through this end. `lost`: items dropped or overwritten before it could have them.
 * `padded`: items of silence made up for it. `xruns`: the number of overruns and underruns.
 */
export interface Stats {
  readonly moved: number;
  readonly lost: number;
  readonly padded: number;
  readonly xruns: number;
}
