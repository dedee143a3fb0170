import { test } from "node:test";
import { assertEquals, assertMatch } from "@std/assert";
import { registry } from "../../impls/registry.ts";
import type { Cell } from "../../reports/schema.ts";
import { cases } from "../cases/all.ts";
import { directs } from "../directs.ts";
import { selectEntrants } from "../entrants.ts";
import { describe, makePlan } from "../plan.ts";
import { claims, isClaimed, sentence, standings } from "./claims.ts";

const cell = (over: Partial<Cell>): Cell => ({
  adapter: "bounded",
  family: "channel",
  kind: "ring",
  runtime: "bun",
  case: "awaited",
  params: { batch: 1 },
  unit: "items/s",
  value: over.runs?.[0] ?? 1,
  runs: [1],
  status: "ok",
  ...over,
});
const standingOf = (claim: string, cells: Cell[]) =>
  standings(cells).find((one) => one.claim.startsWith(claim))?.standings;

test("every claim rests on cells that are measured", async () => {
  const { cells } = makePlan(await selectEntrants({}), ["bun"], cases);
  const claimed = new Set(
    cells.filter(isClaimed).map(({ entrant, work, params }) =>
      `${entrant.name} ${describe(work.name, params)}`
    ),
  );
  const names = [...Object.keys(registry), ...directs.map(({ name }) => name)];
  for (const claim of claims) {
    if ("every" in claim) continue;
    for (const { adapter, case: work, params } of [claim.over, claim.under]) {
      for (const name of typeof adapter === "string" ? [adapter] : adapter.of) {
        assertEquals(names.includes(name), true, name);
        assertEquals(claimed.has(`${name} ${describe(work, params)}`), true, sentence(claim));
      }
    }
  }
});

test("of several the fastest is what a ring is held against", () => {
  const cells = [
    cell({ runs: [12, 20] }),
    cell({ adapter: "ts_chan", kind: "peer", runs: [1, 1] }),
    cell({ adapter: "effect_queue", kind: "peer", runs: [3, 4] }),
    cell({ adapter: "thi_ng_csp", kind: "peer", runs: [], value: null, status: "failed" }),
  ];
  const found = standingOf("bounded awaited batch=1 / the fastest channel package", cells);
  assertEquals(found, [{ runtime: "bun", value: 4.5, met: true, note: undefined }]);
});

test("what is to be known of a cell is to be known of the ratio", () => {
  const atoms = { family: "atomics", adapter: "leader_follower" } as const;
  const cells = [
    cell({
      ...atoms,
      case: "topology",
      params: { shape: "diamond" },
      reason: "4 threads on 2 cores",
    }),
    cell({ ...atoms, case: "throughput", params: { batch: 64 }, runs: [4] }),
  ];
  assertEquals(standingOf("leader_follower topology shape=diamond", cells), [
    { runtime: "bun", value: 0.25, met: false, note: "leader_follower: 4 threads on 2 cores" },
  ]);
});

test("why a claim is missed is said where it is missed, and nowhere else", () => {
  const noteOn = (runtime: string, ns: number) => {
    const wakeup = { runtime, case: "wakeup", params: {}, unit: "ns" } as const;
    const cells = [
      cell({ ...wakeup, adapter: "spsc", runs: [ns] }),
      cell({ ...wakeup, adapter: "message_channel", kind: "peer", runs: [100] }),
    ];
    return standingOf("spsc wakeup", cells)![0]!.note;
  };
  assertMatch(noteOn("bun@1.4.5", 90) ?? "", /^the kernel takes as long to wake a thread/);
  assertEquals(noteOn("bun", 40), undefined);
});

test("a claim whose cells were not measured stands nowhere", () => {
  assertEquals(standings([cell({ runs: [12] })]), []);
});
