/** What the patches of one worker report to: the scheduler, the race detector and the trace. */
import { outcome } from "./control.ts";
import { access, type AccessKind, describeRace, type Races } from "./races.ts";
import { type Scheduler, Stopped } from "./scheduler.ts";
import { type Site, siteOf } from "./site.ts";

export interface TraceEntry {
  /** Its number among those of all threads. */
  readonly order: number;
  readonly thread: number;
  readonly text: string;
  readonly site: Site | undefined;
}

/** A sleep of Atomics.waitAsync. */
interface Dream {
  readonly ticket: number;
  readonly deadline: number;
  readonly memory: number;
  readonly byte: number;
  resolve(how: "ok" | "timed-out"): void;
}

/**
 * Plain accesses without an atomic one between them, after which another thread may go on all the
 * same: a loop that waits by plain reads would keep the turn for ever.
 */
const MANY_PLAIN = 10_000;
/** Bytes of a memory that places tell apart. */
const MEMORY_STRIDE = 2 ** 26;

type View = ArrayBufferView<ArrayBufferLike> & { readonly BYTES_PER_ELEMENT?: number };

export class Session {
  readonly scheduler: Scheduler;
  readonly races: Races;
  readonly trace: TraceEntry[] = [];
  readonly dreams: Dream[] = [];
  tracing = false;
  /** Why the execution was decided by this thread. */
  reason = "";
  #active = false;
  #plain = 0;
  readonly #memories: ReadonlyMap<ArrayBufferLike, number>;

  constructor(scheduler: Scheduler, races: Races, memories: readonly SharedArrayBuffer[]) {
    this.scheduler = scheduler;
    this.races = races;
    this.#memories = new Map(memories.map((memory, i) => [memory, i]));
  }

  get active(): boolean {
    return this.#active;
  }

  begin(tracing: boolean): void {
    this.#active = true;
    this.#plain = 0;
    this.tracing = tracing;
    this.trace.length = 0;
    this.dreams.length = 0;
    this.reason = "";
  }

  end(): void {
    this.#active = false;
  }

  /** The watched memory's number, or undefined. */
  memoryOf(buffer: ArrayBufferLike): number | undefined {
    return this.#memories.get(buffer);
  }

  /** A plain access to `count` elements from the `index`-th on, as it is about to happen. */
  plain(view: View, offset: number, bytes: number, writes: boolean): void {
    if (!this.#active || bytes === 0) return;
    const memory = this.#memories.get(view.buffer);
    if (memory === undefined) return;
    if (this.scheduler.over) throw new Stopped();
    if (++this.#plain > MANY_PLAIN) this.#rest();
    const byte = view.byteOffset + offset;
    this.#touch(memory, byte, bytes, writes ? access.plainWrite : access.plainRead);
    if (writes) this.scheduler.wrote();
    if (this.tracing) {
      this.note(`${writes ? "plain write" : "plain read"} ${at(memory, byte, bytes)}`);
    }
  }

  /** Before an atomic operation: another thread may come first, or this one may die. */
  point(): void {
    this.#plain = 0;
    if (this.scheduler.point()) return;
    this.note("dies");
    throw new Stopped();
  }

  /** An atomic read of the element that begins at `byte`. */
  loaded(memory: number, byte: number, bytes: number): void {
    this.#touch(memory, byte, bytes, access.atomicRead);
    this.races.acquire(memory, byte);
    this.scheduler.read();
  }

  stored(memory: number, byte: number, bytes: number): void {
    this.#touch(memory, byte, bytes, access.atomicWrite);
    this.races.release(memory, byte, false);
    this.scheduler.wrote();
  }

  /** A read-modify-write; `changed`: the value is another now. */
  updated(memory: number, byte: number, bytes: number, changed: boolean): void {
    this.#touch(memory, byte, bytes, access.atomicWrite);
    this.races.acquire(memory, byte);
    this.races.release(memory, byte, true);
    if (changed) this.scheduler.wrote();
    else this.scheduler.read();
  }

  #rest(): void {
    this.point();
    this.scheduler.read();
    this.scheduler.spin();
  }

  note(text: string): void {
    if (!this.tracing) return;
    const { me: thread } = this.scheduler;
    const order = this.scheduler.nextNote();
    if (!this.scheduler.traced) return;
    this.trace.push({ order, thread, text, site: siteOf(new Error().stack ?? "") });
  }

  /** Decides the execution. */
  fail(how: number, reason: string): never {
    this.reason = reason;
    this.scheduler.end(how);
  }

  #touch(memory: number, byte: number, bytes: number, kind: AccessKind): void {
    const race = this.races.touch(memory, byte, bytes, kind);
    if (!race) return;
    const site = siteOf(new Error().stack ?? "");
    this.note(`RACE ${at(memory, byte, bytes)}`);
    this.fail(outcome.race, describeRace(race, site));
  }
}

/** Names the place that sleepers sleep at. */
export const placeOf = (memory: number, byte: number): number => memory * MEMORY_STRIDE + byte;

/** "[32]" for the 33rd word of the first memory, "1[32]" of the second, bytes otherwise. */
export function at(memory: number, byte: number, bytes: number): string {
  const of = memory === 0 ? "" : `${memory}`;
  if (bytes === 4 && byte % 4 === 0) return `${of}[${byte / 4}]`;
  return bytes % 4 === 0 && byte % 4 === 0
    ? `${of}[${byte / 4}…${(byte + bytes) / 4 - 1}]`
    : `${of} bytes ${byte}…${byte + bytes - 1}`;
}
