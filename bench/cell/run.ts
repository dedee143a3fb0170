/** Does one job, wherever the ends of what it measures must stand. */
import { availableParallelism } from "node:os";
import { RingError } from "../../impls/errors.ts";
import { caseNamed } from "../cases/all.ts";
import type { Case } from "../cases/case.ts";
import type { Contender, Place } from "./contender.ts";
import { allocationOf } from "../harness/allocation.ts";
import { Mismatch } from "../harness/numbering.ts";
import type { Measured } from "../harness/pace.ts";
import { runProcesses } from "../harness/processes.ts";
import { runSolo } from "../harness/solo.ts";
import { runTask } from "../harness/task.ts";
import { runWorkers } from "../harness/workers.ts";
import type { Job, Outcome } from "./job.ts";
import { loadContender } from "./load.ts";

const MS_PER_SECOND = 1000;

export async function runCell(job: Job): Promise<Outcome> {
  const work = caseNamed(job.case);
  const contender = await loadContender(job);
  const reason = await contender.unavailable();
  if (reason !== undefined) return { status: "unavailable", reason };
  try {
    const { timed, score, note } = await measured(job, contender, work);
    const { items, ms, steady } = timed;
    return {
      status: "ok",
      ends: placeOf(work, contender),
      value: score?.value ?? items / ms * MS_PER_SECOND * (work.weight ?? 1),
      percentiles: score?.percentiles,
      steady,
      note,
    };
  } catch (error) {
    return fault(error);
  } finally {
    await contender.dispose();
  }
}

/** A loop of both ends is one task's, however far the ring reaches. */
function placeOf({ gauge }: Case, { place }: Contender): Place {
  return gauge === "allocation" ? "task" : place;
}

interface Noted extends Measured {
  /** What to know about it. */
  readonly note?: string;
}

async function measured(job: Job, contender: Contender, work: Case): Promise<Noted> {
  const { params, timing } = job;
  const place = placeOf(work, contender);
  if (place === "processes") return await runProcesses(job, contender, work);
  if (place === "workers") {
    const note = crowded(work.parts(params).length);
    return { ...await runWorkers(job, contender, work), note };
  }
  await contender.open(work, params);
  const pass = await contender.solo(work, params);
  if (pass && work.gauge === "allocation") return await allocationOf(pass);
  if (pass) return { timed: await runSolo(pass, timing) };
  const lead = await contender.lead(work, params, []);
  const follow = await contender.follow(work, params, 1, []);
  const timed = await runTask(work, lead, follow, timing);
  const note = work.solo && "awaited: an item that was written is not there at once";
  return { timed, score: lead.score?.(), note };
}

/** What to know of threads that share cores. */
function crowded(threads: number): string | undefined {
  const cores = availableParallelism();
  return threads > cores ? `${threads} threads on ${cores} cores` : undefined;
}

function fault(error: unknown): Outcome {
  if (error instanceof Mismatch) return { status: "invalid", reason: error.message };
  const unavailable = error instanceof RingError && error.code === "RING_UNAVAILABLE";
  return {
    status: unavailable ? "unavailable" : "failed",
    reason: error instanceof Error ? error.message : String(error),
  };
}
