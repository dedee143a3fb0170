/** One end of a cell on a worker thread: joins what the cell has opened, and plays its part. */
import { parentPort, workerData } from "node:worker_threads";
import { caseNamed } from "../cases/all.ts";
import { loadContender } from "../cell/load.ts";
import { Barrier, followBarrier } from "./barrier.ts";
import { pace } from "./pace.ts";
import type { Assignment, Message } from "./workers.ts";

async function play({ job, role, at, barrier }: Assignment): Promise<Message> {
  const work = caseNamed(job.case);
  const contender = await loadContender(job);
  await contender.attach(at);
  if (role === "follow") {
    await followBarrier(barrier, await contender.follow(work, job.params));
    return { kind: "home" };
  }
  const lead = await contender.lead(work, job.params);
  const partner = new Barrier(barrier);
  const timed = await pace(lead, partner, job.timing);
  partner.end();
  return { kind: "measured", timed, score: lead.score?.() };
}

const message = await play(workerData as Assignment).catch((error: Error): Message => ({
  kind: "fault",
  mismatch: error.name === "Mismatch",
  message: error.message,
}));
parentPort!.postMessage(message);
