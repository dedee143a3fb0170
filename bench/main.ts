/** `bench`: measures every ring on every runtime, and writes the results and their page. */
import { resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { exitCode, parse, run, UsageError } from "../runner/command.ts";
import { captureEnvironment } from "../runner/environment.ts";
import { onInterrupt } from "../runner/interrupt.ts";
import { Progress } from "../runner/progress.ts";
import { findRuntimes } from "../runner/runtimes.ts";
import { cases } from "./cases/all.ts";
import type { Case, Params } from "./cases/case.ts";
import { selectEntrants } from "./entrants.ts";
import type { Outcome } from "./cell/job.ts";
import { isClaimed, standings } from "./results/claims.ts";
import { Ledger } from "./results/ledger.ts";
import { command } from "./options.ts";
import { describe, labelOf, makePlan, type Plan, type PlannedCell, shard } from "./plan.ts";
import { type Profile, profiles } from "./profiles.ts";
import { verdict, writeResults } from "./results/write.ts";
import { runSchedule, type Schedule } from "./schedule.ts";
import { scaled, tables } from "./results/table.ts";

const defaultFolder = fileURLToPath(new URL("../reports/out/bench", import.meta.url));

async function main(): Promise<number> {
  const values = parse(command);
  const { seed, profile } = values;
  if (!Number.isSafeInteger(seed)) throw new UsageError(`--seed needs a whole number, got ${seed}`);
  const entrants = await selectEntrants(values);
  const planFor = (runtimes: readonly string[]) => {
    const plan = makePlan(entrants, runtimes, wanted(values.cases, profiles[profile]));
    return values.shard ? { ...plan, cells: shard(plan.cells, values.shard) } : plan;
  };
  if (values.list) {
    process.stdout.write(listing(planFor(values.runtimes)));
    return exitCode.good;
  }

  const signal = onInterrupt();
  const log = (line: string) => process.stderr.write(`${line}\n`);
  const runtimes = await findRuntimes(values.runtimes, values.runtime ?? [], log);
  const { cells } = planFor(runtimes.map(({ id }) => id));
  const environment = await captureEnvironment({ runtimes, seed, profile });
  const { rounds, otherRounds, timing } = profiles[profile];
  const named = Boolean(values.adapters ?? values.adapter);
  const roundsOf = (cell: PlannedCell) =>
    cell.work.gauge ? 1 : named || isClaimed(cell) ? rounds : otherRounds;
  const measured = await measure(
    { cells, roundsOf, timing, runtimes, seed, signal },
    values.verbose,
  );
  const complete = !signal.aborted;
  if (!complete && measured.length === 0) {
    log("interrupted before anything was measured: nothing was written");
    return exitCode.inconclusive;
  }
  const results = {
    schema: "ringproof/bench@1",
    environment,
    complete,
    cells: measured,
    cases: Object.fromEntries(cases.map(({ name, summary }) => [name, summary])),
    claims: standings(measured),
  } as const;
  const written = await writeResults(results, resolve(values.out ?? defaultFolder));
  process.stdout.write(`${tables(measured)}\n${written.join("\n")}\n`);
  if (!complete) log("interrupted: the results are valid, and not all that was asked for");
  return verdict(results, values.require || Boolean(process.env.CI));
}

/** Runs the schedule under a progress bar; results in the order of its cells. */
async function measure(schedule: Omit<Schedule, "settled" | "onRun">, verbose: boolean) {
  const { cells, roundsOf } = schedule;
  const ledger = new Ledger();
  const runs = cells.reduce((sum, cell) => sum + roundsOf(cell), 0);
  const progress = new Progress(runs, "bench");
  const onRun = (cell: PlannedCell, outcome: Outcome | undefined) => {
    const label = labelOf(cell);
    if (outcome) {
      ledger.add(cell, outcome);
      const { status, value, reason } = outcome;
      if (value === undefined) progress.say(`${label}: ${status}: ${reason}`);
      else if (verbose) progress.say(`${label}: ${scaled(value, cell.work.unit)}`);
    }
    progress.step(label);
  };
  try {
    await runSchedule({ ...schedule, settled: (cell) => ledger.settled(cell), onRun });
  } finally {
    progress.end();
  }
  return ledger.results(cells);
}

/** The cases that were named, or those of the profile, each with the parameters that it is for. */
function wanted(named: readonly string[] | undefined, profile: Profile): Case[] {
  if (named) return cases.filter(({ name }) => named.includes(name));
  const covers = (name: string, params: Params) =>
    profile.cases?.includes(describe(name, params)) ?? true;
  return cases
    .map((work) => ({ ...work, params: work.params.filter((one) => covers(work.name, one)) }))
    .filter(({ params }) => params.length > 0);
}

function listing({ cells, unfit }: Plan): string {
  const lines = [...cells.map(labelOf), ...unfit.map((line) => `not applicable: ${line}`)];
  return lines.map((line) => `${line}\n`).join("");
}

await run(main);
