/**
 * The rounds: each runs its cells once, in an order of its own, one fresh process at a time. What
 * slows the machine down for a while so falls on all cells alike, and not on one of them.
 */
import { runProcess } from "../runner/process.ts";
import { invocation, type Runtime } from "../runner/runtimes.ts";
import { type Job, type Outcome, outcome } from "./cell/job.ts";
import { allocationEnvironment } from "./harness/allocation.ts";
import type { Timing } from "./harness/pace.ts";
import type { PlannedCell } from "./plan.ts";
import { generator, shuffled } from "./stats/shuffle.ts";

export interface Schedule {
  readonly cells: readonly PlannedCell[];
  /** Processes that a cell is run in, one a round. */
  roundsOf(cell: PlannedCell): number;
  readonly timing: Timing;
  readonly runtimes: readonly Runtime[];
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Whether there is nothing more to find out about a cell. */
  settled(cell: PlannedCell): boolean;
  /** Called for each run; without an outcome when the cell was settled already. */
  onRun(cell: PlannedCell, outcome: Outcome | undefined): void;
}

/** Milliseconds that a cell may take beside warm-up and measurement: start, stalls, a busy machine. */
const GRACE_MS = 20_000;

/** Resolves when all is done, or soon after the signal has aborted. */
export async function runSchedule(schedule: Schedule): Promise<void> {
  const random = generator(schedule.seed);
  for (let round = 0;; round++) {
    const cells = schedule.cells.filter((cell) => schedule.roundsOf(cell) > round);
    if (cells.length === 0) return;
    for (const cell of shuffled(cells, random)) {
      if (schedule.signal.aborted) return;
      if (schedule.settled(cell)) {
        schedule.onRun(cell, undefined);
        continue;
      }
      const found = await runOnce(cell, schedule);
      if (found) schedule.onRun(cell, found);
    }
  }
}

/** The outcome of one process; undefined when it was aborted. */
async function runOnce(
  { entrant, runtime, work, params }: PlannedCell,
  { runtimes, timing, signal }: Schedule,
): Promise<Outcome | undefined> {
  const job: Job = {
    ref: entrant.ref,
    direct: entrant.direct,
    case: work.name,
    params: { ...params },
    timing,
  };
  const silenceMs = GRACE_MS + timing.warmUpMs + 2 * timing.measureMs;
  let answer: Outcome | undefined;
  const script = new URL("./cell/main.ts", import.meta.url);
  const end = await runProcess({
    ...invocation(runtimes.find(({ id }) => id === runtime)!, script, [JSON.stringify(job)]),
    env: work.gauge === "allocation" ? allocationEnvironment : {},
    onLine: (line) => answer = parsed(line) ?? answer,
    silenceMs,
    signal,
  });
  if (end.how === "aborted") return undefined;
  if (end.how === "silent") return failed(`no answer within ${silenceMs} ms`);
  if (answer && end.code === 0) return answer;
  const last = end.stderr.trim().split("\n").at(-1) ?? "";
  return failed(`its process ended early (${end.signal ?? `code ${end.code}`}): ${last}`);
}

/** An outcome, or undefined for what else a ring's code may print. */
function parsed(line: string): Outcome | undefined {
  try {
    return outcome.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

function failed(reason: string): Outcome {
  return { status: "failed", reason };
}
