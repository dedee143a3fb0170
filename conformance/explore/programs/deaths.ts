/** Threads that pass numbers through a ring behind the contract while one of them dies. */
import type { Adapter, Capabilities, EndOptions, Handle } from "../../../impls/contract.ts";
import { loadAdapter } from "../../../impls/load.ts";
import { codecFor } from "../../harness/items.ts";
import { program } from "../program.ts";

export interface DeathArgs {
  /** For loadAdapter(). */
  readonly ref: string;
  readonly capacity: number;
  readonly producers: number;
  readonly consumers: number;
  /** Numbers that each producer writes. */
  readonly items: number;
  readonly batch: number;
  /**
   * Who may die.
   *
   * any       everybody; calls do not wait, and an end gives up after a few that did nothing
   * producer  the first one; consumers block until they have all that the other ones write
   * consumer  the first one; the producer blocks until all is accepted, and closes the ring
   */
  readonly mortal: "any" | "producer" | "consumer";
}

interface Shared {
  readonly handle: Handle;
}

/** Calls in a row that did nothing, after which an end gives up. */
const PATIENCE = 2;
const LEFT_ALONE_MS = 10_000;

export default program<Shared, DeathArgs>({
  async setup({ ref, capacity }) {
    const adapter = await loadAdapter(ref);
    const { handle } = await adapter.open({ capacity });
    return { handle: handle! };
  },
  async threads(args) {
    const adapter = await loadAdapter(args.ref);
    return namesOf(args).map((_, thread) =>
      thread < args.producers
        ? ({ handle }) => produce(adapter, args, handle, thread)
        : ({ handle }) => consume(adapter, args, handle)
    );
  },
  names: namesOf,
  mortal(args) {
    if (args.mortal === "any") return namesOf(args).map((_, thread) => thread);
    return [args.mortal === "producer" ? 0 : args.producers];
  },
  async check(outcomes, _shared, args, dead) {
    const { capabilities } = await loadAdapter(args.ref);
    judge(outcomes as Outcome[], capabilities, args, dead);
  },
});

/** What a producer was told is accepted, what a consumer got; null of the dead. */
type Outcome = readonly number[] | null;

function namesOf({ producers, consumers }: DeathArgs): string[] {
  return [
    ...Array.from({ length: producers }, (_, i) => `producer ${i}`),
    ...Array.from({ length: consumers }, (_, i) => `consumer ${i}`),
  ];
}

async function produce(
  adapter: Adapter<unknown>,
  { items, batch, mortal }: DeathArgs,
  handle: Handle,
  index: number,
): Promise<number[]> {
  const codec = codecFor(adapter.capabilities);
  const ring = await adapter.attach(handle);
  const writer = await ring.writer(parking(adapter));
  const first = 1 + index * items;
  // The mortal one may live, and find nobody there any more who makes room.
  const limit = mortal === "producer" && index === 0 ? LEFT_ALONE_MS : undefined;
  const accepted: number[] = [];
  await untilLost(async () => {
    for (let idle = 0; accepted.length < items && idle < PATIENCE;) {
      const size = Math.min(batch, items - accepted.length);
      const values = Array.from({ length: size }, (_, i) => first + accepted.length + i);
      const some = codec.encode(values);
      const count = mortal === "any" ? writer.tryWrite(some) : writer.writeSync!(some, limit);
      idle = count === 0 ? idle + 1 : 0;
      accepted.push(...values.slice(0, count));
    }
    if (mortal === "consumer") await ring.close();
  });
  return accepted;
}

async function consume(
  adapter: Adapter<unknown>,
  { producers, items, batch, mortal }: DeathArgs,
  handle: Handle,
): Promise<number[]> {
  const codec = codecFor(adapter.capabilities);
  const reader = await (await adapter.attach(handle)).reader(parking(adapter));
  const into = codec.buffer(batch);
  const got: number[] = [];
  const owed = mortal === "producer" ? (producers - 1) * items : Infinity;
  const hasAll = () => got.filter((value) => value > items).length === owed;
  await untilLost(() => {
    for (let idle = 0; idle < PATIENCE && !hasAll() && !reader.done;) {
      const count = mortal === "any" ? reader.tryRead(into) : reader.readSync!(into);
      idle = count === 0 ? idle + 1 : 0;
      got.push(...codec.decode(into, count));
    }
  });
  return got;
}

/** Sleeping takes fewer steps than spinning does. */
const parking = ({ capabilities }: Adapter<unknown>): EndOptions =>
  capabilities.strategies ? { waiting: "park" } : {};

/** A ring may say that it is lost, of which that is the end. */
async function untilLost(act: () => void | Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if ((error as { code?: unknown }).code !== "RING_LOST") throw error;
  }
}

/** Throws what is wrong with what came out. */
function judge(
  outcomes: readonly Outcome[],
  { delivery, overflow }: Capabilities,
  { producers, consumers, items }: DeathArgs,
  dead: readonly number[],
): void {
  const accepted = outcomes.slice(0, producers);
  const got = outcomes.slice(producers);
  const said = () =>
    outcomes.map((values, i) => dead.includes(i) ? "dead" : values!.join(" ") || "nothing");
  const fail = (what: string) => {
    const [into, out] = [said().slice(0, producers), said().slice(producers)];
    throw new Error(
      `${what}: of ${items} a producer, ${into.join(" | ")} became ${out.join(" | ")}`,
    );
  };
  for (const values of got) {
    if (!values) continue;
    if (values.some((value) => !(value >= 1 && value <= producers * items))) {
      fail("an item was invented");
    }
    for (let i = 0; i < producers; i++) {
      const own = values.filter((value) => Math.ceil(value / items) === i + 1);
      if (own.some((value, at) => at > 0 && value <= own[at - 1]!)) {
        fail("an item came twice, or overtook another");
      }
      const written = accepted[i];
      if (written && own.some((value) => !written.includes(value))) {
        fail("an item came that was never accepted");
      }
      // One consumer alone, or each one, is owed all of them from the first that it got.
      const whole = overflow === "wait" && (consumers === 1 || delivery === "broadcast");
      if (whole && own.length > 0 && own.at(-1)! - own[0]! + 1 !== own.length) {
        fail("an item is missing between others");
      }
    }
  }
  const all = got.flatMap((values) => values ?? []);
  if (delivery === "queue" && new Set(all).size < all.length) fail("an item went to two consumers");
}
