/** Threads that pass numbers through a ring behind the contract until it is closed, for the explorer. */
import type {
  Adapter,
  Capabilities,
  Handle,
  Reader,
  Ring,
  WaitStrategy,
  Writer,
} from "../../../impls/contract.ts";
import { loadAdapter } from "../../../impls/load.ts";
import { type Codec, codecFor } from "../../harness/items.ts";
import { program } from "../program.ts";

export interface RingArgs {
  /** For loadAdapter(). */
  readonly ref: string;
  readonly capacity: number;
  readonly start: number;
  readonly producers: number;
  readonly consumers: number;
  /** Numbers that each producer writes. */
  readonly items: number;
  readonly batch: number;
  /** Where it is claimed. */
  readonly waiting: WaitStrategy;
}

interface Shared {
  readonly handle: Handle;
  /** Counts the producers that have finished; the last one closes the ring. */
  readonly finished: SharedArrayBuffer;
}

/** What one consumer got, in its order. */
interface Got {
  readonly values: number[];
  readonly lost: number;
}

export default program<Shared, RingArgs>({
  async setup({ ref, capacity, start }) {
    const adapter = await loadAdapter(ref);
    const { handle } = await adapter.open({ capacity, ...(start > 0 ? { start } : {}) });
    return { handle: handle!, finished: new SharedArrayBuffer(4) };
  },
  async threads(args) {
    const adapter = await loadAdapter(args.ref);
    const many = <R>(count: number, make: (i: number) => R) =>
      Array.from({ length: count }, (_, i) => make(i));
    return [
      ...many(args.producers, (i) => (shared: Shared) => produce(adapter, args, shared, i)),
      ...many(args.consumers, () => (shared: Shared) => consume(adapter, args, shared)),
    ];
  },
  names: ({ producers, consumers }) => [
    ...Array.from({ length: producers }, (_, i) => `producer ${i}`),
    ...Array.from({ length: consumers }, (_, i) => `consumer ${i}`),
  ],
  async check(outcomes, _shared, args) {
    const { capabilities } = await loadAdapter(args.ref);
    judge(outcomes.slice(args.producers) as Got[], capabilities, args);
  },
});

async function produce(
  adapter: Adapter<unknown>,
  { items, batch, waiting, producers }: RingArgs,
  { handle, finished }: Shared,
  index: number,
): Promise<void> {
  const { ring, codec, ends } = await joined(adapter, handle, waiting);
  const writer: Writer<unknown> = await ring.writer(ends);
  const first = 1 + index * items;
  for (let done = 0; done < items;) {
    const values = Array.from(
      { length: Math.min(batch, items - done) },
      (_, i) => first + done + i,
    );
    done += writer.writeSync!(codec.encode(values));
  }
  if (Atomics.add(new Int32Array(finished), 0, 1) + 1 === producers) await ring.close();
}

async function consume(
  adapter: Adapter<unknown>,
  { batch, waiting }: RingArgs,
  { handle }: Shared,
): Promise<Got> {
  const { ring, codec, ends } = await joined(adapter, handle, waiting);
  const reader: Reader<unknown> = await ring.reader(ends);
  const into = codec.buffer(batch);
  const values: number[] = [];
  while (!reader.done) values.push(...codec.decode(into, reader.readSync!(into)));
  return { values, lost: reader.stats().lost };
}

async function joined(adapter: Adapter<unknown>, handle: Handle, waiting: WaitStrategy) {
  const ring: Ring<unknown> = await adapter.attach(handle);
  const codec: Codec = codecFor(adapter.capabilities);
  return { ring, codec, ends: adapter.capabilities.strategies ? { waiting } : {} };
}

/** Throws what is wrong with what came out. */
function judge(
  got: readonly Got[],
  { delivery, overflow }: Capabilities,
  { producers, items }: RingArgs,
): void {
  const total = producers * items;
  const said = () => got.map(({ values }) => values.join(" ") || "nothing").join(" | ");
  const fail = (what: string) => {
    throw new Error(`${what}: 1 to ${total} of ${producers} producers came out as ${said()}`);
  };
  for (const { values, lost } of got) {
    if (values.some((value) => !(value >= 1 && value <= total))) fail("an item was invented");
    if (new Set(values).size < values.length) fail("an item came twice");
    for (let i = 0; i < producers; i++) {
      const own = values.filter((value) => Math.ceil(value / items) === i + 1);
      if (own.some((value, at) => at > 0 && value < own[at - 1]!)) {
        fail("items overtook each other");
      }
      // Whoever came later is owed only the last ones; these without a gap.
      const gap = own.length > 0 && own.at(-1)! - own[0]! + 1 !== own.length;
      if (delivery === "broadcast" && overflow === "wait" && gap) fail("a reader missed an item");
      if (own.length > 0 && delivery === "broadcast" && own.at(-1) !== (i + 1) * items) {
        fail("a reader missed the last items");
      }
    }
    if (overflow === "overwrite" && values.length + lost > total) {
      fail(`${lost} are said to be lost`);
    }
  }
  if (delivery === "broadcast" || overflow !== "wait") return;
  const all = got.flatMap(({ values }) => values);
  if (all.length < total) fail("an item was lost");
  if (new Set(all).size < all.length) fail("an item went to two consumers");
}
