/**
 * Networks of a leader, or several, and followers that come after it or after one another: every
 * follower sees every item, in the order of the indices. The ring keeps cursors alone; items are in
 * slots of the user's own, at `index & mask` of one shared array or of many.
 *
 * A network is opened with all of its followers, each of which holds the leader back from the first
 * item on, whenever and on whichever thread its place is taken up. Barriers between followers are
 * their cursors: no thread does nothing else. (Source: the LMAX Disruptor's sequence barriers.)
 */
import type { EndOptions } from "../../contract.ts";
import { RingError, shown } from "../../errors.ts";
import { checkEnd } from "../../shared/arguments.ts";
import { allocate, type Layout, recognise, type SharedMemory } from "../../shared/layout.ts";
import { waitingBy } from "../../shared/strategy.ts";
import { ITEM_SHIFT, MAX_SLOTS } from "../cursor.ts";
import { GATES } from "../gates.ts";
import { CursorBarrier } from "./cursor_barrier.ts";
import { Follower } from "./follower.ts";
import { Leader } from "./leader.ts";
import { ManyPublishers } from "./many_publishers.ts";
import { OnePublisher } from "./one_publisher.ts";
import {
  beginMany,
  beginOne,
  close,
  HEADER_WORDS,
  positionOf,
  type Sequences,
  sequencesIn,
  STAMP_BYTES,
} from "./sequences.ts";
import { StampBarrier } from "./stamp_barrier.ts";

export interface NetworkOptions {
  /**
   * Slots: a power of two, to 2^28. With one publisher the network takes some 5 KB whatever its
   * size; with many 4 bytes a slot more.
   */
  readonly size: number;
  /** Leaders that publish into it at the same time. Default 1. */
  readonly publishers?: 1 | "many";
  /** Each follower's name, with the names of those that it comes after; with none, the leader. */
  readonly followers: Readonly<Record<string, readonly string[]>>;
  /** The first index; 0 by default. */
  readonly start?: number;
}

/** Survives structuredClone. */
export interface NetworkHandle {
  readonly at: SharedArrayBuffer;
  readonly publishers: 1 | "many";
  readonly followers: Readonly<Record<string, { readonly id: number; readonly after: number[] }>>;
}

const layouts: Readonly<Record<1 | "many", Layout>> = {
  1: { kind: "LNO1", headerWords: HEADER_WORDS, elementBytes: 0 },
  many: { kind: "LNM1", headerWords: HEADER_WORDS, elementBytes: 0, stampBytes: STAMP_BYTES },
};

const endsWait = { stages: false, strategies: true };

export class Network {
  readonly size: number;
  /** For the slot of an index: `index & mask`. */
  readonly mask: number;
  /** For attachNetwork() on another thread. */
  readonly handle: NetworkHandle;
  readonly #sequences: Sequences;

  constructor(memory: SharedMemory, handle: NetworkHandle) {
    this.size = memory.capacity;
    this.mask = memory.capacity - 1;
    this.handle = handle;
    this.#sequences = sequencesOf(memory, handle.publishers);
  }

  /** A leader for this thread; RING_BUSY when the network has its only one. */
  leader(options?: EndOptions): Leader {
    const { waiting: strategy } = checkEnd("writer", options, endsWait);
    const sequences = this.#sequences, one = this.handle.publishers === 1;
    const publisher = one ? new OnePublisher(sequences) : new ManyPublishers(sequences);
    const waiting = waitingBy(strategy ?? "spin-then-park", publisher.waiting);
    return new Leader(sequences, publisher, waiting);
  }

  /**
   * The follower of that name, for this thread. RING_INVALID when there is none, RING_BUSY when its
   * place is taken, RING_STALE when it has left.
   */
  follower(name: string, options?: EndOptions): Follower {
    const { waiting: strategy } = checkEnd("reader", options, endsWait);
    const sequences = this.#sequences, { gates } = sequences;
    const followers = this.handle.followers;
    const place = Object.hasOwn(followers, name) ? followers[name] : undefined;
    if (!place) throw invalid("open a reader", `the network has no follower ${shown(name)}`, name);
    const before = place.after.length === 0 ? undefined : gates.before(place.after);
    const gate = gates.hold(place.id);
    const barrier = this.handle.publishers === 1
      ? new CursorBarrier(sequences, gate, before)
      : new StampBarrier(sequences, gate, before);
    const waiting = waitingBy(strategy ?? "spin-then-park", barrier.waiting);
    return new Follower(this.size, barrier, waiting, positionOf(sequences, gate.cursor));
  }

  /** Refuses what is reserved or committed from now on; followers drain the rest. */
  close(): void {
    close(this.#sequences);
  }
}

/**
 * A new network. RING_INVALID for a size that is no power of two from 1 to 2^28, for followers that
 * come after one that is not there, or after one another in a circle, and for more than 32.
 *
 * @example A diamond: two workers see each item, and a third one what both are done with
 * ```ts
 * import { isMainThread, Worker, workerData } from "node:worker_threads";
 * import { assertEquals } from "@std/assert";
 * import { attachNetwork, openNetwork } from "ringproof/leader_network";
 *
 * const COUNT = 2000;
 * if (isMainThread) {
 *   const network = openNetwork({
 *     size: 256,
 *     followers: { square: [], negate: [], join: ["square", "negate"] },
 *   });
 *   const slots = (): Int32Array => new Int32Array(new SharedArrayBuffer(4 * network.size));
 *   const data = { handle: network.handle, items: slots(), squares: slots(), negatives: slots() };
 *   for (const name of ["square", "negate"]) {
 *     new Worker(new URL(import.meta.url), { workerData: { ...data, name } });
 *   }
 *   const leader = network.leader(), join = network.follower("join");
 *   let sum = 0;
 *   for (let done = 0, sent = 0; done < COUNT;) {
 *     const index = sent < COUNT ? leader.tryReserve() : -1;
 *     if (index >= 0) {
 *       data.items[index & leader.mask] = sent++;
 *       leader.commit(index);
 *     }
 *     const ready = index >= 0 ? join.tryReserve() : join.reserve();
 *     if (ready < 0) continue;
 *     sum += data.squares[ready & join.mask]! + data.negatives[ready & join.mask]!;
 *     join.commit(ready);
 *     done++;
 *   }
 *   assertEquals(sum, 2664667000 - 1999000);
 *   network.close();
 * } else {
 *   const { handle, items, squares, negatives, name } = workerData;
 *   const follower = attachNetwork(handle).follower(name);
 *   for (let index = follower.reserve(); index >= 0; index = follower.reserve()) {
 *     const slot = index & follower.mask, item = items[slot]!;
 *     if (name === "square") squares[slot] = item * item;
 *     else negatives[slot] = -item;
 *     follower.commit(index);
 *   }
 * }
 * ```
 */
export function openNetwork(options: NetworkOptions): Network {
  const { size, publishers = 1, followers, start = 0 } = options;
  if (publishers !== 1 && publishers !== "many") {
    const why = `publishers must be 1 or "many", got ${shown(publishers)}`;
    throw invalid("open", why, publishers);
  }
  if (!isSize(size)) {
    const why = `size must be a power of two from 1 to ${MAX_SLOTS}, got ${shown(size)}`;
    throw invalid("open", why, size);
  }
  if (!Number.isSafeInteger(start) || start < 0) {
    const why = `start must be a whole number from 0 to 2^53 - 1, got ${shown(start)}`;
    throw invalid("open", why, start);
  }
  checkFollowers(followers);
  const memory = allocate(layouts[publishers], size, 1);
  (publishers === 1 ? beginOne : beginMany)(memory.words, start);
  const { gates } = sequencesOf(memory, publishers);
  const ids = new Map(
    Object.keys(followers).map((name) => [name, gates.place(start << ITEM_SHIFT)]),
  );
  const places = Object.entries(followers).map(([name, after]) =>
    [name, { id: ids.get(name)!, after: after.map((name) => ids.get(name)!) }] as const
  );
  return new Network(memory, {
    at: memory.buffer,
    publishers,
    followers: Object.fromEntries(places),
  });
}

/** The network of a handle that came from another thread; RING_FOREIGN for anything else. */
export function attachNetwork(handle: NetworkHandle): Network {
  const { at, publishers, followers } = handle ?? {};
  const known = publishers === 1 || publishers === "many";
  const places = Object.values(followers ?? {});
  if (!known || places.length < 1 || !places.every((place) => Array.isArray(place?.after))) {
    const why = "the handle is not one of a network";
    throw new RingError("RING_FOREIGN", "attach", why, handle);
  }
  const memory = recognise(layouts[publishers], at);
  if (!isSize(memory.capacity) || memory.width !== 1) {
    const why = `its head says ${memory.capacity} slots`;
    throw new RingError("RING_FOREIGN", "attach", why, memory.capacity);
  }
  return new Network(memory, handle);
}

const sequencesOf = (memory: SharedMemory, publishers: 1 | "many") =>
  sequencesIn(memory, publishers === 1 ? 0 : STAMP_BYTES);

const isSize = (size: number) =>
  Number.isInteger(size) && size >= 1 && size <= MAX_SLOTS && Number.isInteger(Math.log2(size));

/** Names those that are there, in no circle, and not too many. */
function checkFollowers(followers: NetworkOptions["followers"]): void {
  const names = Object.keys(followers ?? {});
  if (names.length < 1 || names.length > GATES) {
    const why = `there must be 1 to ${GATES} followers, got ${names.length}`;
    throw invalid("open", why, names.length);
  }
  const ordered = new Set<string>();
  const order = (name: string, path: readonly string[]) => {
    if (ordered.has(name)) return;
    if (path.includes(name)) {
      throw invalid(
        "open",
        `followers come after one another: ${[...path, name].join(", ")}`,
        name,
      );
    }
    if (!Object.hasOwn(followers, name)) {
      throw invalid(
        "open",
        `${shown(path.at(-1))} comes after ${shown(name)}, who is not there`,
        name,
      );
    }
    for (const before of followers[name]!) order(before, [...path, name]);
    ordered.add(name);
  };
  for (const name of names) order(name, []);
}

const invalid = (action: string, why: string, value: unknown) =>
  new RingError("RING_INVALID", action, why, value);
