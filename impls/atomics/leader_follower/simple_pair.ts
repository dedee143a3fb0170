/**
 * The smallest network: a leader, or several, and one follower. (Source: SimplePair of ringo, a Go
 * package of that name, whose interface it is: pre-allocated slots of the user's own at
 * `index & mask`, reserve() and commit() on both ends.)
 */
import type { WaitStrategy } from "../../contract.ts";
import type { Follower } from "./follower.ts";
import type { Leader } from "./leader.ts";
import { attachNetwork, type Network, type NetworkHandle, openNetwork } from "./network.ts";

/** Sizes that leave room for bursts of some kind, from a few to the largest there is. */
export const SIZES = {
  "1Ki": 2 ** 10,
  "4Ki": 2 ** 12,
  "16Ki": 2 ** 14,
  "64Ki": 2 ** 16,
  "256Ki": 2 ** 18,
  "1Mi": 2 ** 20,
  "4Mi": 2 ** 22,
  "16Mi": 2 ** 24,
  "64Mi": 2 ** 26,
  "256Mi": 2 ** 28,
} as const;

export interface SimplePairOptions {
  /** Leaders that publish into it at the same time. Default 1. */
  readonly publishers?: 1 | "many";
  /** How this thread's ends wait. */
  readonly waiting?: WaitStrategy;
}

const FOLLOWER = "follower";

/** Both ends are taken when they are first asked for, by whichever thread asks. */
export interface SimplePair {
  /** RING_BUSY when another thread has the only one. */
  readonly leader: Leader;
  /** RING_BUSY when another thread has it. It holds the leader back from the first index on. */
  readonly follower: Follower;
  readonly size: number;
  /** For the slot of an index: `index & mask`. */
  readonly mask: number;
  /** For attachSimplePair() on another thread. */
  readonly handle: NetworkHandle;
  /** Refuses what is reserved or committed from now on; the follower drains the rest. */
  close(): void;
}

/**
 * A new pair; `size` is a power of two from 1 to 2^28, or RING_INVALID.
 *
 * @example Objects of one thread, made once and used over and over
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { SimplePair } from "ringproof/simple_pair";
 *
 * const { leader, follower, mask, size } = SimplePair(8);
 * const slots = Array.from({ length: size }, () => ({ text: "" }));
 *
 * const first = leader.reserve(3); // 0, 1 and 2
 * for (let i = 0; i < 3; i++) slots[(first + i) & mask]!.text = `item ${first + i}`;
 * leader.commit(first + 1, first + 3);
 * assertEquals(follower.tryReserve(), -1); // 0 is to come first
 * leader.commit(first);
 *
 * const index = follower.reserve(3);
 * assertEquals(slots[(index + 2) & mask]!.text, "item 2");
 * follower.commit(index, index + 3);
 * ```
 *
 * @example Several workers that publish, a leader each
 * ```ts
 * import { isMainThread, Worker, workerData } from "node:worker_threads";
 * import { assertEquals } from "@std/assert";
 * import { attachSimplePair, SimplePair } from "ringproof/simple_pair";
 *
 * const BATCH = 10;
 * if (isMainThread) {
 *   const pair = SimplePair(1024, { publishers: "many" });
 *   const slots = new Int32Array(new SharedArrayBuffer(4 * pair.size));
 *   const { follower, handle, mask } = pair;
 *   for (const first of [0, 1000, 2000]) {
 *     new Worker(new URL(import.meta.url), { workerData: { handle, slots, first } });
 *   }
 *   let sum = 0;
 *   for (let got = 0; got < 3000; got += BATCH) {
 *     const lower = follower.reserve(BATCH);
 *     for (let index = lower; index < lower + BATCH; index++) sum += slots[index & mask]!;
 *     follower.commit(lower, lower + BATCH);
 *   }
 *   assertEquals(sum, 4498500);
 * } else {
 *   const { handle, slots, first } = workerData;
 *   const { leader, mask } = attachSimplePair(handle);
 *   for (let item = first; item < first + 1000; item += BATCH) {
 *     const lower = leader.reserve(BATCH);
 *     for (let i = 0; i < BATCH; i++) slots[(lower + i) & mask] = item + i;
 *     leader.commit(lower, lower + BATCH);
 *   }
 * }
 * ```
 */
export function SimplePair(size: number, options: SimplePairOptions = {}): SimplePair {
  const { publishers, waiting } = options;
  return new Pair(openNetwork({ size, publishers, followers: { [FOLLOWER]: [] } }), waiting);
}

/** The pair of a handle that came from another thread; RING_FOREIGN for anything else. */
export function attachSimplePair(
  handle: NetworkHandle,
  { waiting }: Pick<SimplePairOptions, "waiting"> = {},
): SimplePair {
  return new Pair(attachNetwork(handle), waiting);
}

class Pair implements SimplePair {
  readonly size: number;
  readonly mask: number;
  readonly handle: NetworkHandle;
  readonly #network: Network;
  readonly #waiting: WaitStrategy | undefined;
  #leader: Leader | undefined;
  #follower: Follower | undefined;

  constructor(network: Network, waiting: WaitStrategy | undefined) {
    this.size = network.size;
    this.mask = network.mask;
    this.handle = network.handle;
    this.#network = network;
    this.#waiting = waiting;
  }

  get leader(): Leader {
    return this.#leader ??= this.#network.leader({ waiting: this.#waiting });
  }

  get follower(): Follower {
    return this.#follower ??= this.#network.follower(FOLLOWER, { waiting: this.#waiting });
  }

  close(): void {
    this.#network.close();
  }
}
