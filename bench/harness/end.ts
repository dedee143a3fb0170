/** One end of a cell on a worker thread: joins what the cell has opened, and plays its part. */
import { parentPort, workerData } from "node:worker_threads";
import { caseNamed } from "../cases/all.ts";
import { loadContender } from "../cell/load.ts";
import { Barrier } from "./barrier.ts";
import { timed } from "./pace.ts";
import type { Assignment, Message } from "./workers.ts";

async function play({ job, part, at, barrier: memory }: Assignment): Promise<Message> {
  const work = caseNamed(job.case);
  const parts = work.parts(job.params);
  const contender = await loadContender(job);
  await contender.attach(at);
  const barrier = new Barrier(memory, contender.turning);
  const after: number[] = [];
  for (const other of parts[part]!.after ?? []) after.push(await barrier.idOf(other));
  if (part > 0) {
    const follow = await contender.follow(work, job.params, part, after);
    barrier.join(part, contender.readerId);
    await barrier.follow(part, follow);
    return { kind: "home" };
  }
  const lead = await contender.lead(work, job.params, after);
  const others = await barrier.lead(parts);
  const measured = await timed(work, lead, others, job.timing);
  others.end();
  return { kind: "measured", timed: measured, score: lead.score?.() };
}

const message = await play(workerData as Assignment).catch((error: Error): Message => ({
  kind: "fault",
  mismatch: error.name === "Mismatch",
  message: error.message,
}));
parentPort!.postMessage(message);
