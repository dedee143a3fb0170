/**
 * What this project says of its rings: ratios of two cells of one run, and bounds that every ring
 * keeps. A claim without a limit is none: it is a ratio that is worth seeing.
 */
import type { Cell, Claim as Standings } from "../../reports/schema.ts";
import { describe, type PlannedCell } from "../plan.ts";
import { ratio } from "../stats/ratio.ts";

export type Claim = Ratio | Bound;

interface Limits {
  readonly atLeast?: number;
  readonly atMost?: number;
  /** What is known of why it is missed where it is, by the runtime's name. */
  readonly otherwise?: Readonly<Record<string, string>>;
}

interface Ratio extends Limits {
  readonly over: Point;
  readonly under: Point;
}

/** Of every ring's cell of this case. */
interface Bound extends Limits {
  readonly every: string;
  /** Rings that it is not claimed of. */
  readonly but?: readonly string[];
}

interface Point {
  /** Of several the fastest, which then go by a name of their own. */
  readonly adapter: string | { readonly called: string; readonly of: readonly string[] };
  readonly case: string;
  readonly params: Readonly<Record<string, number | string>>;
}

const throughput = (adapter: string, batch: number): Point => ({
  adapter,
  case: "throughput",
  params: { batch },
});
/** What JavaScript lacks, where C++ has it. */
const NO_RELEASE_STORE =
  "an Atomics.store waits until the cache lines that were filled before it have come, which C++'s " +
  "release store leaves to the processor; bare_loop, inlined by hand, is no faster";
const RELAXED_COPY =
  "V8 copies to and from shared memory word by word, C++ by vectors; bare_loop is no faster";
const IN_STEP =
  "item by item two threads settle into one of two paces, in step or apart, which differ by half";
const TWO_CORES =
  "a payload is copied in on one core and out on another, and the second copy fetches it from the " +
  "first one's cache: 0.7 to 1 by the machine";
const KERNEL_WAKES = "the kernel takes as long to wake a thread, whoever asks: see bare_loop";
const onEveryRuntime = (why: string) => ({ bun: why, deno: why, node: why });

const latency = (adapter: string): Point => ({ adapter, case: "latency", params: {} });
const wakeup = (adapter: string): Point => ({ adapter, case: "wakeup", params: {} });
const payload = (adapter: string): Point => ({
  adapter,
  case: "payload",
  params: { bytes: 65_536 },
});
const awaited = (adapter: Point["adapter"]): Point => ({
  adapter,
  case: "awaited",
  params: { batch: 1 },
});
const shape = (adapter: string, shape: string): Point => ({
  adapter,
  case: "topology",
  params: { shape },
});

const channelPackage = {
  called: "the fastest channel package",
  of: ["ts_chan", "thi_ng_csp", "effect_queue", "async_mutex_npm"],
};

export const claims: readonly Claim[] = [
  { over: throughput("spsc:push", 1), under: throughput("ringbuf_js", 1), atLeast: 3 },
  { over: throughput("spsc:push", 1), under: throughput("naive_loop", 1), atLeast: 5 },
  { over: throughput("spsc", 64), under: throughput("ringbuf_js", 1), atLeast: 10 },
  { over: throughput("spsc", 64), under: throughput("ringbuf_js", 64), atLeast: 1 },
  { over: throughput("spsc", 64), under: throughput("message_channel", 1), atLeast: 100 },
  { over: throughput("bare_loop", 64), under: throughput("spsc", 64), atMost: 1.15 },
  {
    over: throughput("spsc", 64),
    under: throughput("cpp_ring", 64),
    atLeast: 0.8,
    otherwise: onEveryRuntime(NO_RELEASE_STORE),
  },
  {
    over: throughput("spsc", 512),
    under: throughput("cpp_ring", 512),
    atLeast: 0.8,
    otherwise: { deno: RELAXED_COPY, node: RELAXED_COPY },
  },
  ...[1, 64].map((batch) => ({
    over: throughput("leader_follower", batch),
    under: throughput("spsc", batch),
    atLeast: 0.7,
    otherwise: batch === 1 ? onEveryRuntime(IN_STEP) : {},
  })),
  {
    over: shape("leader_follower_many", "3:1"),
    under: throughput("leader_follower", 64),
    atLeast: 0.5,
  },
  {
    over: shape("leader_follower", "diamond"),
    under: throughput("leader_follower", 64),
    atLeast: 0.5,
  },
  ...[1, 64].map((batch) => ({
    over: throughput("mpmc", batch),
    under: throughput("spsc", batch),
    atLeast: 0.4,
  })),
  ...[1, 64].map((batch) => ({
    over: throughput("futex_ring", batch),
    under: throughput("message_channel", batch),
    atLeast: 5,
  })),
  { over: awaited("bounded"), under: awaited(channelPackage), atLeast: 3 },
  { over: latency("spsc"), under: latency("cpp_ring"), atMost: 1.5 },
  { over: latency("spsc:push"), under: latency("cpp_ring"), atMost: 1.5 },
  {
    over: wakeup("spsc"),
    under: wakeup("message_channel"),
    atMost: 0.5,
    otherwise: onEveryRuntime(KERNEL_WAKES),
  },
  { over: wakeup("spsc"), under: wakeup("bare_loop"), atMost: 1.15 },
  {
    over: payload("spsc"),
    under: payload("memcpy"),
    atLeast: 0.8,
    otherwise: onEveryRuntime(TWO_CORES),
  },
  // What these two pass an item through is the platform's, which allocates for each.
  { every: "memory", but: ["streams", "message_port"], atMost: 0.2 },
  { every: "idle", atMost: 1 },
  // What the contract costs, where a ring has an interface of its own.
  ...["spsc", "mpmc", "broadcast"].map((ring) => ({
    over: throughput(`${ring}:push`, 1),
    under: throughput(ring, 1),
  })),
  ...[1, 64].map((batch) => ({
    over: throughput("simple_pair", batch),
    under: throughput("leader_follower", batch),
  })),
  { over: awaited("bounded:send"), under: awaited("bounded") },
];

/** Whether a claim rests on that cell, so that it is worth being measured well. */
export function isClaimed({ entrant, work, params }: PlannedCell): boolean {
  const points = claims.flatMap((claim) => "every" in claim ? [] : [claim.over, claim.under]);
  return points.some((point) =>
    namesOf(point).includes(entrant.name) &&
    describe(point.case, point.params) === describe(work.name, params)
  );
}

/** How every claim stands on every runtime that has its cells. */
export function standings(cells: readonly Cell[]): Standings[] {
  const runtimes = [...new Set(cells.map(({ runtime }) => runtime))];
  return claims.map((claim) => ({
    claim: sentence(claim),
    unit: "every" in claim ? unitOf(claim, cells) : "×",
    limit: limitOf(claim),
    standings: runtimes.flatMap((runtime) => {
      const found = standing(claim, cells.filter((cell) => cell.runtime === runtime));
      return found ? [{ runtime, ...found }] : [];
    }),
  })).filter(({ standings }) => standings.length > 0);
}

/** "spsc batch=64 / ringbuf_js batch=1", "memory of every ring but streams" */
export function sentence(claim: Claim): string {
  if ("every" in claim) {
    const { every, but = [] } = claim;
    return `${every} of every ring${but.length > 0 ? ` but ${but.join(", ")}` : ""}`;
  }
  return [claim.over, claim.under].map(({ adapter, case: work, params }) => {
    const name = typeof adapter === "string" ? adapter : adapter.called;
    return describe(work === "throughput" ? name : `${name} ${work}`, params);
  }).join(" / ");
}

type Standing = Omit<Standings["standings"][number], "runtime">;

/** Of one runtime's cells; undefined when one is missing. */
function standing(claim: Claim, cells: readonly Cell[]): Standing | undefined {
  const found = "every" in claim ? greatest(claim, cells) : ratioOf(claim, cells);
  if (!found) return undefined;
  const { value, cells: of } = found;
  const { atLeast = -Infinity, atMost = Infinity, otherwise } = claim;
  const met = limitOf(claim) === undefined ? undefined : value >= atLeast && value <= atMost;
  const [runtime = ""] = cells[0]!.runtime.split("@");
  // What is to be known of a cell stands beside it; here, where it may be why a claim is missed.
  const missed = met === false;
  const notes = [
    missed ? otherwise?.[runtime] : undefined,
    ...missed || "every" in claim ? of.map(remark) : [],
  ].filter((note) => note);
  return { value, met, note: notes.length > 0 ? notes.join("; ") : undefined };
}

const remark = ({ adapter, reason }: Pick<Cell, "adapter" | "reason">) =>
  reason && `${adapter}: ${reason}`;

function ratioOf({ over, under }: Ratio, cells: readonly Cell[]) {
  const above = cellOf(over, cells), below = cellOf(under, cells);
  return above && below && { value: ratio(above.runs, below.runs), cells: [above, below] };
}

function greatest({ every, but = [] }: Bound, cells: readonly Cell[]) {
  const all = cells.filter((cell) =>
    cell.case === every && cell.kind === "ring" && !but.includes(cell.adapter) && isGood(cell)
  );
  const most = all.toSorted((one, other) => other.value! - one.value!)[0];
  if (!most) return undefined;
  const { adapter, value } = most;
  return { value: value!, cells: [{ adapter, reason: `the most, of ${all.length} rings` }] };
}

function cellOf(point: Point, cells: readonly Cell[]): Cell | undefined {
  const names = namesOf(point), what = describe(point.case, point.params);
  return cells
    .filter((cell) =>
      names.includes(cell.adapter) && describe(cell.case, cell.params) === what && isGood(cell)
    )
    .toSorted((one, other) => other.value! - one.value!)[0];
}

function isGood({ status, value }: Cell): boolean {
  return status === "ok" && value !== null;
}

function namesOf({ adapter }: Point): readonly string[] {
  return typeof adapter === "string" ? [adapter] : adapter.of;
}

function unitOf({ every }: Bound, cells: readonly Cell[]): Cell["unit"] | "×" {
  return cells.find((cell) => cell.case === every)?.unit ?? "×";
}

function limitOf({ atLeast, atMost }: Claim): string | undefined {
  if (atLeast !== undefined) return `≥ ${atLeast}`;
  return atMost === undefined ? undefined : `≤ ${atMost}`;
}
