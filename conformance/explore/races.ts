/**
 * Finds data races: two accesses to one byte by two threads, one a write and one not atomic, with
 * nothing that orders them. Every thread and every atomic word has a vector clock; what a thread
 * publishes by an atomic write is known to whoever reads that. An access that is not ordered is
 * found in whatever order the two happened to come. (Source: Flanagan and Freund 2009, "FastTrack";
 * the order is JavaScript's happens-before, ECMA-262 section "Memory Model".)
 *
 * A program without races behaves as if every access were atomic, so that exploring the orders of
 * its atomic operations explores all that it can do.
 */
import type { Site } from "./site.ts";

/** What a byte remembers of each thread: the clock of its last access of a kind. */
const PLAIN_WRITE = 0, PLAIN_READ = 1, ATOMIC_WRITE = 2, ATOMIC_READ = 3, KINDS = 4;

export type AccessKind = 0 | 1 | 2 | 3;
export const access = {
  plainWrite: PLAIN_WRITE,
  plainRead: PLAIN_READ,
  atomicWrite: ATOMIC_WRITE,
  atomicRead: ATOMIC_READ,
} as const;

/** Accesses that conflict with one of each kind. */
const CONFLICTS: readonly (readonly AccessKind[])[] = [
  [PLAIN_WRITE, PLAIN_READ, ATOMIC_WRITE, ATOMIC_READ],
  [PLAIN_WRITE, ATOMIC_WRITE],
  [PLAIN_WRITE, PLAIN_READ],
  [PLAIN_WRITE],
];
const NAMES = ["plain write", "plain read", "atomic write", "atomic read"] as const;

export interface Race {
  readonly memory: number;
  readonly byte: number;
  /** "plain write of thread 0" */
  readonly earlier: string;
  readonly later: string;
}

/** Bytes of memory that the races of one watched memory need, for each of its bytes and each thread. */
const perByte = (threads: number) => KINDS * threads;

/** The clocks that all threads share; only the one that holds the turn touches them. */
export class Races {
  readonly #threads: number;
  readonly #ignored: boolean;
  readonly #me: number;
  /** Row t: what thread t knows of every thread's clock. */
  readonly #clocks: Int32Array;
  /** For each memory: the last accesses of each byte, and what its atomic words and queues carry. */
  readonly #accesses: readonly Int32Array[];
  readonly #carried: readonly Int32Array[];

  /** Memory for `sizes` bytes of watched memories. */
  static allocate(threads: number, sizes: readonly number[], ignored: boolean): RaceMemory {
    const words = (count: number) => new SharedArrayBuffer(4 * count);
    return {
      threads,
      ignored,
      clocks: words(threads * threads),
      accesses: sizes.map((bytes) => words(bytes * perByte(threads))),
      carried: sizes.map((bytes) => words(2 * bytes * threads)),
    };
  }

  constructor(memory: RaceMemory, me: number) {
    this.#threads = memory.threads;
    this.#ignored = memory.ignored;
    this.#me = me;
    this.#clocks = new Int32Array(memory.clocks);
    this.#accesses = memory.accesses.map((bytes) => new Int32Array(bytes));
    this.#carried = memory.carried.map((bytes) => new Int32Array(bytes));
  }

  /** Everything before is ordered before everything after: a new execution begins. */
  barrier(): void {
    const n = this.#threads, clocks = this.#clocks;
    let latest = 0;
    for (let i = 0; i < n * n; i++) latest = Math.max(latest, clocks[i]!);
    for (let t = 0; t < n; t++) {
      for (let k = 0; k < n; k++) clocks[t * n + k] = latest + (t === k ? 1 : 0);
    }
    // What words carried knows nothing beyond that, so that it need not be cleared.
  }

  /** The race that this access is part of, or undefined. */
  touch(memory: number, byte: number, bytes: number, kind: AccessKind): Race | undefined {
    if (this.#ignored) return undefined;
    const n = this.#threads, me = this.#me, clocks = this.#clocks, row = me * n;
    const accesses = this.#accesses[memory]!;
    let race: Race | undefined;
    for (let b = byte; b < byte + bytes; b++) {
      const cell = b * KINDS * n;
      for (const other of CONFLICTS[kind]!) {
        for (let t = 0; t < n; t++) {
          if (t !== me && accesses[cell + other * n + t]! > clocks[row + t]!) {
            race ??= {
              memory,
              byte: b,
              earlier: `${NAMES[other]} of thread ${t}`,
              later: `${NAMES[kind]} of thread ${me}`,
            };
          }
        }
      }
      accesses[cell + kind * n + me] = clocks[row + me]!;
    }
    return race;
  }

  /** The queue of those that sleep at a byte: to join it, leave it or notify it orders threads too. */
  queue(memory: number, byte: number): void {
    const carrier = this.#carried[memory]!.length / this.#threads / 2 + byte;
    this.acquire(memory, carrier);
    this.release(memory, carrier, true);
  }

  /** This thread has read what the atomic word carries. */
  acquire(memory: number, byte: number): void {
    const n = this.#threads, row = this.#me * n, clocks = this.#clocks;
    const carried = this.#carried[memory]!;
    for (let t = 0; t < n; t++) {
      clocks[row + t] = Math.max(clocks[row + t]!, carried[byte * n + t]!);
    }
  }

  /** This thread has learnt that another has ended: after that comes whatever it does. */
  join(ended: number): void {
    const n = this.#threads, row = this.#me * n, clocks = this.#clocks;
    for (let t = 0; t < n; t++) {
      clocks[row + t] = Math.max(clocks[row + t]!, clocks[ended * n + t]!);
    }
  }

  /** This thread has written the atomic word; a read-modify-write carries on what was there. */
  release(memory: number, byte: number, carriesOn: boolean): void {
    const n = this.#threads, row = this.#me * n, clocks = this.#clocks;
    const carried = this.#carried[memory]!;
    for (let t = 0; t < n; t++) {
      const known = clocks[row + t]!;
      carried[byte * n + t] = carriesOn ? Math.max(known, carried[byte * n + t]!) : known;
    }
    clocks[row + this.#me]!++;
  }
}

export interface RaceMemory {
  readonly threads: number;
  /** No access is found to be part of a race. */
  readonly ignored: boolean;
  readonly clocks: SharedArrayBuffer;
  readonly accesses: readonly SharedArrayBuffer[];
  readonly carried: readonly SharedArrayBuffer[];
}

/** In a sentence, with where the later of the two stands. */
export function describeRace(
  { memory, byte, earlier, later }: Race,
  site: Site | undefined,
): string {
  const where = site ? ` at ${site.file}:${site.line}` : "";
  return `data race on byte ${byte} of memory ${memory}: the ${later}${where} ` +
    `is not ordered after the ${earlier}`;
}
