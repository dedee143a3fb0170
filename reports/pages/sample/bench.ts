/** A bench run as the bench would write it: nine adapters and two references on three runtimes. */
import type { BenchResults, Cell, Claim } from "../../schema.ts";
import { sampleAdapters, sampleEnvironment, sequence } from "./environment.ts";

export function sampleBench(): BenchResults {
  const random = sequence(7);
  const cells = cases.flatMap(({ name, params, unit, gain, quantiles }) =>
    contenders.flatMap((contender) =>
      sampleEnvironment.runtimes.map(({ runtime }): Cell => {
        const { speed, ...who } = contender;
        const base = speed * 1e6 * (runtime === "bun" ? 1.18 : runtime === "node" ? 0.93 : 1);
        const rate = base * (who.adapter === "message_channel" ? 1 : gain);
        const value = measure[unit](rate) * (0.8 + random() * 0.4);
        const runs = Array.from({ length: 5 }, () => value * (0.94 + random() * 0.12));
        const percentiles = quantiles && {
          p50: value,
          p90: value * (1.4 + random()),
          p99: value * (4 + random() * 6),
          "p99.9": value * (20 + random() * 60),
        };
        const cell = {
          ...who,
          ends: places[who.family],
          runtime,
          case: name,
          params,
          unit,
          value,
          runs,
          percentiles,
        };
        return { ...cell, status: "ok", ...troubles(cell) };
      })
    )
  );
  return {
    schema: "ringproof/bench@1",
    environment: sampleEnvironment,
    complete: true,
    cells,
    cases: { throughput: "items a second that arrive, verified" },
    claims: sampleClaims,
  };
}

/** From a made-up rate to a made-up value. */
const measure: Readonly<Record<Cell["unit"], (rate: number) => number>> = {
  "items/s": (rate) => rate,
  "bytes/s": (rate) => 4 * rate,
  "ns": (rate) => 2e9 / Math.sqrt(rate * 30),
  "bytes/op": (rate) => (rate < 1e7 ? 24 : 0),
  "%": (rate) => 1e6 / rate,
};

const sampleClaims: Claim[] = [
  {
    claim: "spsc batch=64 / ringbuf_js batch=1",
    unit: "×",
    limit: "≥ 10",
    standings: [
      { runtime: "bun", value: 31.4, met: true },
      { runtime: "deno", value: 8.1, met: false, note: "spsc: five threads on eight cores" },
    ],
  },
  {
    claim: "memory of every ring",
    unit: "bytes/op",
    limit: "≤ 0.1",
    standings: [{ runtime: "node", value: 0, met: true, note: "futex_ring: the most, of 7 rings" }],
  },
  { claim: "spsc:push / spsc", unit: "×", standings: [{ runtime: "bun", value: 2.5 }] },
];

/** Where the ends of each family's rings stand. */
const places = {
  channel: "task",
  locking: "workers",
  atomics: "workers",
  audio: "device",
  network: "processes",
} as const satisfies Record<string, Cell["ends"]>;

const contenders = [
  ...sampleAdapters,
  { adapter: "bare_loop", family: "atomics", kind: "reference", speed: 41 },
  { adapter: "array_shift", family: "channel", kind: "reference", speed: 9 },
] as const;

interface SampleCase {
  readonly name: string;
  readonly params: Cell["params"];
  readonly unit: Cell["unit"];
  readonly gain: number;
  readonly quantiles?: true;
}

const cases: readonly SampleCase[] = [
  { name: "throughput", params: { batch: 1, capacity: 4096 }, unit: "items/s", gain: 1 },
  { name: "throughput", params: { batch: 64, capacity: 4096 }, unit: "items/s", gain: 22 },
  { name: "throughput", params: { batch: 512, capacity: 4096 }, unit: "items/s", gain: 34 },
  { name: "three_producers", params: { capacity: 4096 }, unit: "items/s", gain: 0.4 },
  { name: "wake_up", params: { capacity: 4096 }, unit: "ns", gain: 1 },
  { name: "payload", params: { bytes: 65_536 }, unit: "bytes/s", gain: 90 },
  { name: "memory", params: {}, unit: "bytes/op", gain: 1 },
  { name: "idle", params: {}, unit: "%", gain: 1 },
  { name: "latency", params: { load: "50 %" }, unit: "ns", gain: 1, quantiles: true },
  { name: "latency", params: { load: "80 %" }, unit: "ns", gain: 0.3, quantiles: true },
];

/** One cell of every status, and one that is good but has something to be known of it. */
function troubles(
  { adapter, runtime, case: name }: Pick<Cell, "adapter" | "runtime" | "case">,
): Partial<Cell> {
  const none = { value: null, runs: [], percentiles: undefined };
  if (adapter === "duplex" && runtime === "node") {
    return {
      ...none,
      status: "unavailable",
      reason: "no C compiler found: cc, gcc and clang are not on PATH",
    };
  }
  if (adapter === "ringbuf_js" && name === "three_producers") {
    return { ...none, status: "unavailable", reason: "takes one producer" };
  }
  if (adapter === "message_channel" && runtime === "bun" && name === "throughput") {
    return {
      ...none,
      status: "invalid",
      reason: "received 999,744 of 1,000,000 items; the first missing is 4,096",
    };
  }
  if (adapter === "websocket" && runtime === "deno" && name === "latency") {
    return { ...none, status: "failed", reason: "no line from the child for 30 s" };
  }
  if (adapter === "futex_ring" && name === "wake_up") {
    return { reason: "five threads on eight cores" };
  }
  return {};
}
