/**
 * A ring with both of its ends in the rule's hands. Where a device holds an end, the scripted
 * device is played through the same two interfaces, so that the rules of order, bounds and
 * conservation run unchanged on every family.
 */
import type {
  Adapter,
  EndOptions,
  OpenOptions,
  Reader,
  ReaderOptions,
  Ring,
  Slots,
  Wait,
  Writer,
} from "../../impls/contract.ts";
import { type Codec, codecFor } from "./items.ts";
import { check } from "../rule.ts";

/** Where numbers go in. */
export interface Feed {
  /** undefined: a device holds it. */
  readonly end: Writer<unknown> | undefined;
  /** How many of them were accepted now. */
  tryWrite(values: readonly number[]): number;
  write(values: readonly number[], wait?: Wait): Promise<void>;
}

/** Where numbers come out. */
export interface Drain {
  /** undefined: a device holds it. */
  readonly end: Reader<unknown> | undefined;
  readonly done: boolean;
  tryRead(max: number): number[];
  /** At least one; none when done. */
  read(max: number, wait?: Wait): Promise<number[]>;
}

export type SubjectOptions = Partial<OpenOptions>;

export class Subject {
  readonly adapter: Adapter<unknown>;
  readonly ring: Ring<unknown>;
  readonly codec: Codec;
  /** Of the ends that the rule has itself; a device's end is not among them. */
  #nearWriters: Writer<unknown>[] = [];
  #nearReaders: Reader<unknown>[] = [];

  private constructor(adapter: Adapter<unknown>, ring: Ring<unknown>, codec: Codec) {
    this.adapter = adapter;
    this.ring = ring;
    this.codec = codec;
  }

  /** Capacity 8 and the scripted device, unless the options say otherwise. */
  static async open(adapter: Adapter<unknown>, options: SubjectOptions = {}): Promise<Subject> {
    const codec = codecFor(adapter.capabilities, options.width);
    const ring = await adapter.open({
      capacity: 8,
      ...(codec.width > 1 ? { width: codec.width } : {}),
      ...(adapter.scripted === undefined ? {} : { uri: adapter.scripted }),
      ...options,
    });
    return new Subject(adapter, ring, codec);
  }

  get #flow() {
    return this.adapter.capabilities.flow;
  }

  /** The near writer, counted for stats(). */
  async nearWriter(options?: EndOptions): Promise<Writer<unknown>> {
    const writer = await this.ring.writer(options);
    this.#nearWriters.push(writer);
    return writer;
  }

  async nearReader(options?: ReaderOptions): Promise<Reader<unknown>> {
    const reader = await this.ring.reader(options);
    this.#nearReaders.push(reader);
    return reader;
  }

  async feed(options?: EndOptions): Promise<Feed> {
    if (this.#flow === "source" || this.#flow === "duplex") return this.#deviceFeed();
    const writer = await this.nearWriter(options);
    return {
      end: writer,
      tryWrite: (values) => writer.tryWrite(this.codec.encode(values)),
      write: (values, wait) => writer.write(this.codec.encode(values), wait),
    };
  }

  async drain(options?: ReaderOptions): Promise<Drain> {
    if (this.#flow === "sink") return this.#deviceDrain();
    const reader = await this.nearReader(options);
    const codec = this.codec;
    const reads = (buffer: Slots<unknown>, count: number) => codec.decode(buffer, count);
    return {
      end: reader,
      get done() {
        return reader.done;
      },
      tryRead(max) {
        const buffer = codec.buffer(max);
        return reads(buffer, reader.tryRead(buffer));
      },
      async read(max, wait) {
        const buffer = codec.buffer(max);
        return reads(buffer, await reader.read(buffer, wait));
      },
    };
  }

  /** Both ends, the drain first: a reader may be owed only what is written after it came. */
  async ends(): Promise<{ feed: Feed; drain: Drain }> {
    const drain = await this.drain();
    return { feed: await this.feed(), drain };
  }

  /** Sums over the near ends. */
  stats() {
    const sum = { written: 0, delivered: 0, lost: 0, padded: 0, xruns: 0 };
    for (const end of this.#nearWriters) add(sum, "written", end);
    for (const end of this.#nearReaders) add(sum, "delivered", end);
    return sum;
  }

  /** A source cannot be told that the ring is full; what was dropped shows in the reader's count. */
  #deviceFeed(): Feed {
    const device = this.#device();
    const lost = () => this.stats().lost;
    const tryWrite = (values: readonly number[]) => {
      check(this.#nearReaders.length > 0, "a source's losses are counted by its reader");
      const before = lost();
      device.cycle(this.codec.encode(values), undefined);
      return values.length - (lost() - before);
    };
    return {
      end: undefined,
      tryWrite,
      write: (values) => {
        tryWrite(values);
        return Promise.resolve();
      },
    };
  }

  #deviceDrain(): Drain {
    const device = this.#device();
    let delivered = 0;
    const tryRead = (max: number) => {
      const buffer = this.codec.buffer(max);
      const there = Math.min(max, this.stats().written - delivered);
      device.cycle(undefined, buffer);
      delivered += there;
      return this.codec.decode(buffer, there);
    };
    const read = (max: number) => Promise.resolve(tryRead(max));
    return { end: undefined, done: false, tryRead, read };
  }

  #device() {
    const { device } = this.ring;
    check(device, "a ring opened at its scripted device has no `device`");
    return device;
  }
}

/** Exactly `count` numbers, however many reads they take. */
export async function take(drain: Drain, count: number): Promise<number[]> {
  const values: number[] = [];
  while (values.length < count) {
    const some = await drain.read(count - values.length);
    check(some.length > 0, `${count} items were due, the end came after ${values.length}`);
    values.push(...some);
  }
  return values;
}

/** Numbers from `first`, `count` of them. */
export const numbers = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => first + i);

export function checkEqual(
  actual: readonly unknown[],
  expected: readonly unknown[],
  what: string,
): void {
  const at = expected.findIndex((value, i) => !Object.is(actual[i], value));
  const first = at < 0 && actual.length > expected.length ? expected.length : at;
  check(
    first < 0,
    `${what}: at ${first} expected ${String(expected[first])}, got ${String(actual[first])}` +
      ` (${expected.length} expected, ${actual.length} got)`,
  );
}

type Sum = Record<"written" | "delivered" | "lost" | "padded" | "xruns", number>;

function add(sum: Sum, moved: "written" | "delivered", end: Writer<unknown> | Reader<unknown>) {
  const stats = end.stats();
  sum[moved] += stats.moved;
  sum.lost += stats.lost;
  sum.padded += stats.padded;
  sum.xruns += stats.xruns;
}
