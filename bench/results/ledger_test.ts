import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { cell } from "../../reports/schema.ts";
import { cases } from "../cases/all.ts";
import type { Outcome } from "../cell/job.ts";
import { Ledger } from "./ledger.ts";
import { makePlan } from "../plan.ts";

const { cells } = makePlan(
  [{
    ref: "a",
    direct: false,
    name: "a",
    family: "channel",
    kind: "ring",
    unfit: () => undefined,
  }],
  ["bun"],
  cases,
);
const [first, second] = cells;

/** The result of the first cell after these outcomes. */
function after(...outcomes: Outcome[]) {
  const ledger = new Ledger();
  for (const outcome of outcomes) ledger.add(first!, outcome);
  return cell.parse(ledger.results(cells)[0]);
}

test("a cell's value is the median of its runs, which are all kept in order", () => {
  const { value, runs, status, reason } = after(
    { status: "ok", value: 30, steady: true },
    { status: "ok", value: 10, steady: true },
    { status: "ok", value: 20, steady: true },
  );
  assertEquals([value, runs, status, reason], [20, [30, 10, 20], "ok", undefined]);
});

test("runs whose warm-up had not settled are counted", () => {
  const { reason } = after(
    { status: "ok", value: 1, steady: false },
    { status: "ok", value: 1, steady: true },
  );
  assertEquals(reason, "the warm-up had not settled in 1 of 2 runs");
});

test("what is to be known of a good value is said once", () => {
  const crowded = { status: "ok", value: 1, note: "4 threads on 2 cores" } as const;
  assertEquals(after(crowded, crowded).reason, "4 threads on 2 cores");
  const both = after(crowded, { ...crowded, steady: false }).reason;
  assertEquals(both, "4 threads on 2 cores; the warm-up had not settled in 1 of 2 runs");
});

test("one wrong run makes the cell wrong, and settles it", () => {
  const { value, status, reason } = after(
    { status: "ok", value: 1 },
    { status: "invalid", reason: "item 3 should hold 3, holds 4" },
  );
  assertEquals([value, status, reason], [null, "invalid", "item 3 should hold 3, holds 4"]);

  const ledger = new Ledger();
  ledger.add(first!, { status: "ok", value: 1 });
  assertEquals(ledger.settled(first!), false);
  ledger.add(first!, { status: "failed", reason: "it ended" });
  assertEquals([ledger.settled(first!), ledger.settled(second!)], [true, false]);
});

test("percentiles are medians over the runs that all have them", () => {
  const { percentiles } = after(
    { status: "ok", value: 1, percentiles: { p50: 10, p90: 50 } },
    { status: "ok", value: 1, percentiles: { p50: 30, p90: 40 } },
    { status: "ok", value: 1, percentiles: { p50: 20 } },
  );
  assertEquals(percentiles, { p50: 20 });
});

test("a cell that was never run is not among the results", () => {
  const ledger = new Ledger();
  ledger.add(second!, { status: "ok", value: 1 });
  assertEquals(ledger.results(cells).map(({ params }) => params), [second!.params]);
});
