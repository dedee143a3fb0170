/** What the rounds have found, and what that makes of each cell. */
import type { Cell } from "../../reports/schema.ts";
import type { Outcome } from "../cell/job.ts";
import type { PlannedCell } from "../plan.ts";
import { median } from "../stats/median.ts";

export class Ledger {
  readonly #outcomes = new Map<PlannedCell, Outcome[]>();

  add(cell: PlannedCell, outcome: Outcome): void {
    this.#outcomes.set(cell, [...this.#outcomes.get(cell) ?? [], outcome]);
  }

  /** A cell that went wrong once is wrong: there is nothing more to find out about it. */
  settled(cell: PlannedCell): boolean {
    return this.#outcomes.get(cell)?.some(({ status }) => status !== "ok") ?? false;
  }

  /** Those of `planned`, in that order, of which there is something to say. */
  results(planned: readonly PlannedCell[]): Cell[] {
    return planned.flatMap((cell) => {
      const outcomes = this.#outcomes.get(cell);
      return outcomes ? [result(cell, outcomes)] : [];
    });
  }
}

function result(cell: PlannedCell, outcomes: readonly Outcome[]): Cell {
  const { entrant, runtime, work, params } = cell;
  const wrong = outcomes.find(({ status }) => status !== "ok");
  const runs = outcomes.flatMap(({ value }) => value ?? []);
  return {
    adapter: entrant.name,
    family: entrant.family,
    kind: entrant.kind,
    ends: outcomes.find(({ ends }) => ends)?.ends,
    runtime,
    case: work.name,
    params,
    unit: work.unit,
    value: wrong ? null : median(runs),
    runs,
    status: wrong?.status ?? "ok",
    reason: wrong ? wrong.reason ?? "no reason was given" : remarks(outcomes),
    percentiles: wrong ? undefined : middle(outcomes),
  };
}

/** What is to be known of a good value. */
function remarks(outcomes: readonly Outcome[]): string | undefined {
  const notes = [...new Set(outcomes.flatMap(({ note }) => note ?? []))];
  const unsteady = outcomes.filter(({ steady }) => steady === false).length;
  if (unsteady > 0) {
    notes.push(`the warm-up had not settled in ${unsteady} of ${outcomes.length} runs`);
  }
  return notes.length > 0 ? notes.join("; ") : undefined;
}

/** Each percentile's median over the runs, where every run had the samples for it. */
function middle(outcomes: readonly Outcome[]): Record<string, number> | undefined {
  const all = outcomes.flatMap(({ percentiles }) => percentiles ? [percentiles] : []);
  if (all.length === 0) return undefined;
  const names = Object.keys(all[0]!).filter((name) => all.every((one) => name in one));
  return Object.fromEntries(names.map((name) => [name, median(all.map((one) => one[name]!))]));
}
