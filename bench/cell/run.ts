/** Does one job, wherever the two ends of what it measures must stand. */
import { RingError } from "../../impls/errors.ts";
import { caseNamed } from "../cases/all.ts";
import type { Case } from "../cases/case.ts";
import type { Contender } from "./contender.ts";
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
    const { timed, score } = await measured(job, contender, work);
    const { items, ms, steady } = timed;
    return {
      status: "ok",
      ends: contender.place,
      value: score?.value ?? items / ms * MS_PER_SECOND,
      percentiles: score?.percentiles,
      steady,
    };
  } catch (error) {
    return fault(error);
  } finally {
    await contender.dispose();
  }
}

async function measured(job: Job, contender: Contender, work: Case): Promise<Measured> {
  const { params, timing } = job;
  if (contender.place === "workers") return await runWorkers(job, contender, work);
  if (contender.place === "processes") return await runProcesses(job, contender, work);
  await contender.open(work);
  if (work.solo && contender.solo) {
    return { timed: await runSolo(await contender.solo(work, params), timing) };
  }
  const lead = await contender.lead(work, params);
  const follow = await contender.follow(work, params);
  return { timed: await runTask(lead, follow, timing), score: lead.score?.() };
}

function fault(error: unknown): Outcome {
  if (error instanceof Mismatch) return { status: "invalid", reason: error.message };
  const unavailable = error instanceof RingError && error.code === "RING_UNAVAILABLE";
  return {
    status: unavailable ? "unavailable" : "failed",
    reason: error instanceof Error ? error.message : String(error),
  };
}
