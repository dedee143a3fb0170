/**
 * Rings in memory that somebody else has written to: a copy of an honest ring's, in which words were
 * changed before attach(), and are changed again while its ends are used.
 */
import fc from "fast-check";
import type { Adapter, Handle, Reader, Ring, Slots, Writer } from "../../../impls/contract.ts";
import { RingError } from "../../../impls/errors.ts";
import { loadAdapter } from "../../../impls/load.ts";
import { type Codec, codecFor } from "../../harness/items.ts";
import { numbers } from "../../harness/subject.ts";
import { largestAllocation, watchAllocations } from "../allocations.ts";
import { passNoTime } from "../time.ts";
import { assertHarmless, Harm, nothingHeld, type Target } from "../target.ts";

/** What becomes of one word. */
interface Change {
  readonly word: number;
  readonly do: "set" | "xor" | "add";
  readonly by: number;
}

/** One call on the ends of the attached ring, or a change in the midst of them. */
type Call =
  | { readonly call: "tryWrite" | "tryRead" | "write" | "read" | "reserve"; readonly count: number }
  | { readonly call: "close" | "stats" | "leave" }
  | { readonly call: "change"; readonly change: Change };

interface Input {
  readonly adapter: string;
  readonly capacity: number;
  /** Items written, and then read, while it was honest. */
  readonly written: number;
  readonly read: number;
  readonly changes: readonly Change[];
  readonly calls: readonly Call[];
}

/** Bytes beyond those of the ring's memory that its ends may ask for at once: views' books, messages. */
const OWN_BYTES = 2 ** 16;
/** Waits within an attempt, milliseconds: long enough to be a wait. */
const WAIT_MS = 1;
/** Words and counts at which arithmetic goes wrong. */
const edges = [
  0,
  1,
  -1,
  2,
  4,
  8,
  2 ** 31 - 1,
  -(2 ** 31),
  2 ** 30,
  -(2 ** 30),
  2 ** 29,
  2 ** 28,
  64,
];

export const memory: Target = {
  name: "memory",
  sentence:
    "Memory that lies is refused, or the ring stays within it: no hang, no foreign error, " +
    "no allocation by a length that it holds.",
  async prepare(refs) {
    const loaded = await Promise.all(
      refs.map(async (ref) => [ref, await loadAdapter(ref)] as const),
    );
    const shared: { ref: string; adapter: Adapter<unknown>; words: Words }[] = [];
    for (const [ref, adapter] of loaded) {
      const { reach, flow } = adapter.capabilities;
      const words = reach === "worker" && flow === "loop" ? await wordsOf(adapter) : undefined;
      if (words) shared.push({ ref, adapter, words });
    }
    if (shared.length === 0) throw new Error("none of the adapters has its ring in shared memory");
    watchAllocations();
    passNoTime();
    return {
      ...nothingHeld,
      inputs: fc.oneof(...shared.map(({ ref, words }) => inputOf(ref, words))),
      attempt: (input: Input) =>
        attempt(shared.find(({ ref }) => ref === input.adapter)!.adapter, input),
    };
  },
};

/** Words of a ring's memory, by what is in them while it is used. */
interface Words {
  /** Cursors, flags, items: what the ends change. */
  readonly moving: readonly number[];
  /** What says which ring it is, and where things are. */
  readonly fixed: readonly number[];
  readonly all: number;
}

/** undefined when the ring is in no shared memory. */
async function wordsOf(adapter: Adapter<unknown>): Promise<Words | undefined> {
  const ring = await adapter.open({ capacity: 4 });
  try {
    if (!(ring.handle?.at instanceof SharedArrayBuffer)) return undefined;
    const words = new Int32Array(ring.handle.at);
    const first = words.slice();
    const moving = new Set<number>();
    const look = () => words.forEach((word, at) => word !== first[at] && moving.add(at));
    const codec = codecFor(adapter.capabilities);
    const reader = await ring.reader(), writer = await ring.writer();
    for (let lap = 0; lap < 3; lap++) {
      writer.tryWrite(codec.encode([1, 2, 3]));
      look();
      reader.tryRead(codec.buffer(3));
      look();
    }
    await reader.read(codec.buffer(1), { timeout: WAIT_MS }).catch(look);
    await ring.close();
    look();
    const fixed = [...first.keys()].filter((at) => first[at] !== 0 && !moving.has(at));
    return { moving: [...moving], fixed, all: words.length };
  } finally {
    await ring[Symbol.asyncDispose]();
  }
}

function inputOf(adapter: string, words: Words): fc.Arbitrary<Input> {
  const by = fc.oneof(fc.constantFrom(...edges), fc.integer(), fc.nat(31).map((bit) => 1 << bit));
  const change = fc.record({
    word: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...words.moving) },
      { weight: words.fixed.length > 0 ? 1 : 0, arbitrary: fc.constantFrom(0, ...words.fixed) },
      { weight: 1, arbitrary: fc.nat(words.all) },
    ),
    do: fc.constantFrom("set" as const, "xor" as const, "add" as const),
    by,
  });
  const call: fc.Arbitrary<Call> = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        call: fc.constantFrom(...["tryWrite", "tryRead", "write", "read", "reserve"] as const),
        count: fc.constantFrom(1, 2, 3, 7, 20, 40),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ call: fc.constantFrom(...["close", "stats", "leave"] as const) }),
    },
    { weight: 2, arbitrary: fc.record({ call: fc.constant("change" as const), change }) },
  );
  return fc.record({
    adapter: fc.constant(adapter),
    capacity: fc.constantFrom(1, 2, 4, 8),
    written: fc.nat(20),
    read: fc.nat(20),
    changes: fc.array(change, { minLength: 1, maxLength: 3 }),
    calls: fc.array(call, { minLength: 1, maxLength: 8 }),
  });
}

async function attempt(adapter: Adapter<unknown>, input: Input): Promise<void> {
  const codec = codecFor(adapter.capabilities);
  const handle = await used(adapter, codec, input);
  const at = (handle.at as SharedArrayBuffer).slice(0);
  const words = new Int32Array(at, 0, Math.floor(at.byteLength / 4));
  for (const change of input.changes) apply(words, change);
  largestAllocation();
  await refusedAtMost(async () => {
    const ring = await adapter.attach({ ...handle, at });
    const ends = { ring, reader: await ring.reader(), writer: await ring.writer() };
    for (const call of input.calls) {
      if (call.call === "change") apply(words, call.change);
      else await refusedAtMost(() => make(call, ends, codec, at.byteLength));
    }
    for (const end of [ends.reader, ends.writer]) await end[Symbol.asyncDispose]();
    await ring[Symbol.asyncDispose]();
  });
  const bytes = largestAllocation();
  assertHarmless(
    bytes <= at.byteLength + OWN_BYTES,
    `${bytes} bytes were asked for at once, by a ring of ${at.byteLength}`,
  );
}

/** The handle of an honest ring that has been used. */
async function used(
  adapter: Adapter<unknown>,
  codec: Codec,
  { capacity, written, read }: Input,
): Promise<Handle> {
  await using ring = await adapter.open({ capacity });
  {
    await using reader = await ring.reader();
    await using writer = await ring.writer();
    for (let item = 1; item <= written; item++) {
      writer.tryWrite(codec.encode([item]));
      if (item <= read) reader.tryRead(codec.buffer(1));
    }
  }
  // Before its disposal closes it.
  return { ...ring.handle!, at: (ring.handle!.at as SharedArrayBuffer).slice(0) };
}

function apply(words: Int32Array, { word, do: how, by }: Change): void {
  const at = word % words.length;
  if (how === "set") words[at] = by;
  else if (how === "xor") words[at] = words[at]! ^ by;
  else words[at] = words[at]! + by;
}

/** A ring's own error, or a wait that ran out of time, is an answer; any other error is harm. */
async function refusedAtMost(act: () => unknown): Promise<void> {
  try {
    await act();
  } catch (error) {
    const answer = error instanceof RingError || (error as Error)?.name === "TimeoutError" ||
      // A mutant's errors are of its own copy of the class.
      String((error as { code?: unknown })?.code).startsWith("RING_");
    if (!answer) throw error;
  }
}

interface Ends {
  readonly ring: Ring<unknown>;
  readonly reader: Reader<unknown>;
  readonly writer: Writer<unknown>;
}

async function make(
  call: Exclude<Call, { call: "change" }>,
  { ring, reader, writer }: Ends,
  codec: Codec,
  memoryBytes: number,
): Promise<void> {
  switch (call.call) {
    case "tryWrite":
      return checkCount(writer.tryWrite(codec.encode(numbers(1, call.count))), call.count);
    case "write":
      return await writer.write(codec.encode(numbers(1, call.count)), { timeout: WAIT_MS });
    case "tryRead": {
      const into = bufferOf(call.count, codec);
      return checkItems(into, reader.tryRead(into), codec, memoryBytes);
    }
    case "read": {
      const into = bufferOf(call.count, codec);
      return checkItems(into, await reader.read(into, { timeout: WAIT_MS }), codec, memoryBytes);
    }
    case "reserve":
      for (const end of [writer, reader]) {
        const claim = end.reserve?.(call.count);
        if (!claim) continue;
        const elements = claim.parts[0].length + claim.parts[1].length;
        checkCount(elements / codec.width, call.count);
        claim.commit();
      }
      return;
    case "close":
      return await ring.close();
    case "stats":
      return void [reader.stats(), writer.stats(), reader.done];
    case "leave":
      return await reader[Symbol.asyncDispose]();
  }
}

/** Plain arrays, in which one sees what is no item, and of one size what is copied into by views. */
function bufferOf(count: number, codec: Codec): Slots<unknown> {
  return count === 40 ? codec.buffer(count) : new Array(count * codec.width).fill(undefined);
}

function checkCount(count: number, most: number): void {
  const sane = Number.isInteger(count) && count >= 0 && count <= most;
  assertHarmless(sane, `${count} of ${most} items were moved`);
}

/** Each item is one: nothing was read where the ring has no memory. */
function checkItems(into: Slots<unknown>, count: number, codec: Codec, memoryBytes: number): void {
  checkCount(count, into.length / codec.width);
  for (let i = 0; i < count * codec.width; i++) {
    const item = into[i];
    if (item instanceof Uint8Array) {
      assertHarmless(
        item.length <= memoryBytes,
        `a record of ${item.length} bytes came out of ${memoryBytes}`,
      );
    } else if (!Number.isInteger(item)) throw new Harm(`${String(item)} came out as an item`);
  }
}
