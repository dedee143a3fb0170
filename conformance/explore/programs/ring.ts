/**
 * Threads that pass numbers through a ring behind the contract until it is closed, for the explorer.
 *
 * Each call is written down with where in the order of all steps it was made and returned, and the
 * history of all threads is checked exactly. Each thread tries first, and blocks when it is refused:
 * so rings are held to what they say when they are full and empty.
 */
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
import { numbers } from "../../harness/subject.ts";
import { checkHistory } from "../../history/check.ts";
import { explained } from "../../history/fault.ts";
import { type History, isOf } from "../../history/operation.ts";
import { operationsOf, Recorder } from "../../history/recorder.ts";
import { position } from "../position.ts";
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

/** What one thread did, and how much it says that it lost. */
interface Outcome {
  /** As a recorder has it. */
  readonly entries: readonly number[];
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
    const { delivery, overflow } = capabilities;
    const threads = outcomes as readonly Outcome[];
    const history = threads.map(({ entries }) => operationsOf(entries));
    if (delivery === "queue" && overflow === "wait") judgeQueue(history, args);
    else {
      const lost = threads.map(({ lost }) => lost);
      const got = history.map((thread) => thread.filter(isOf("dequeue")).map(({ value }) => value));
      judgeReaders(got.slice(args.producers), lost.slice(args.producers), capabilities, args);
    }
  },
});

async function produce(
  adapter: Adapter<unknown>,
  { items, batch, waiting, producers }: RingArgs,
  { handle, finished }: Shared,
  index: number,
): Promise<Outcome> {
  const { ring, codec, ends } = await joined(adapter, handle, waiting);
  const writer: Writer<unknown> = await ring.writer(ends);
  const recorder = new Recorder(position);
  const end = (index + 1) * items;
  for (let next = 1 + index * items; next <= end;) {
    const count = Math.min(batch, end + 1 - next);
    const values = codec.encode(numbers(next, count));
    recorder.writes(next, count);
    let accepted = writer.tryWrite(values);
    recorder.accepted(accepted);
    if (accepted === 0) {
      recorder.writes(next, count);
      accepted = writer.writeSync!(values);
      recorder.accepted(accepted);
    }
    next += accepted;
  }
  if (Atomics.add(new Int32Array(finished), 0, 1) + 1 === producers) await ring.close();
  return { entries: recorder.entries, lost: 0 };
}

async function consume(
  adapter: Adapter<unknown>,
  { batch, waiting }: RingArgs,
  { handle }: Shared,
): Promise<Outcome> {
  const { ring, codec, ends } = await joined(adapter, handle, waiting);
  const reader: Reader<unknown> = await ring.reader(ends);
  const recorder = new Recorder(position);
  const into = codec.buffer(batch);
  while (!isDone(reader, recorder)) {
    recorder.reads();
    const got = reader.tryRead(into);
    recorder.got(codec.decode(into, got));
    if (got > 0) continue;
    recorder.reads();
    recorder.got(codec.decode(into, reader.readSync!(into)));
  }
  return { entries: recorder.entries, lost: reader.stats().lost };
}

/** Who is told that the ring is drained is told that it is empty. */
function isDone(reader: Reader<unknown>, recorder: Recorder): boolean {
  recorder.reads();
  const { done } = reader;
  if (done) recorder.got([]);
  else recorder.forgets();
  return done;
}

async function joined(adapter: Adapter<unknown>, handle: Handle, waiting: WaitStrategy) {
  const ring: Ring<unknown> = await adapter.attach(handle);
  const codec: Codec = codecFor(adapter.capabilities);
  return { ring, codec, ends: adapter.capabilities.strategies ? { waiting } : {} };
}

/** Throws what is wrong with the history of a queue that loses nothing. */
function judgeQueue(history: History, { capacity }: RingArgs): void {
  const fault = checkHistory(history, capacity);
  if (fault) throw Object.assign(new Error(explained(fault)), { name: fault.pattern });
}

/** Throws what is wrong with what the readers of a broadcast, or of a ring that overwrites, got. */
function judgeReaders(
  got: readonly (readonly number[])[],
  lost: readonly number[],
  { delivery, overflow }: Capabilities,
  { producers, items }: RingArgs,
): void {
  const total = producers * items;
  const said = () => got.map((values) => values.join(" ") || "nothing").join(" | ");
  const fail = (what: string) => {
    throw new Error(`${what}: 1 to ${total} of ${producers} producers came out as ${said()}`);
  };
  for (const [reader, values] of got.entries()) {
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
    if (overflow === "overwrite" && values.length + lost[reader]! > total) {
      fail(`${lost[reader]} are said to be lost`);
    }
  }
}
