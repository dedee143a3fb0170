/** The ends on worker threads of their own, while this one sleeps. */
import { Worker } from "node:worker_threads";
import type { Case } from "../cases/case.ts";
import type { Contender } from "../cell/contender.ts";
import type { Job } from "../cell/job.ts";
import { newBarrier } from "./barrier.ts";
import { Mismatch } from "./numbering.ts";
import type { Measured } from "./pace.ts";

export interface Assignment {
  readonly job: Job;
  /** Its index among the case's parts; 0 is the lead. */
  readonly part: number;
  readonly at: unknown;
  readonly barrier: SharedArrayBuffer;
}

/** What a worker has to say, once. An error's class would not survive the way. */
export type Message =
  | { readonly kind: "measured" } & Measured
  | { readonly kind: "home" }
  | { readonly kind: "fault"; readonly mismatch: boolean; readonly message: string };

export async function runWorkers(job: Job, contender: Contender, work: Case): Promise<Measured> {
  await contender.open(work, job.params);
  const parts = work.parts(job.params);
  const seats = contender.seats();
  const barrier = newBarrier(parts.length);
  const { promise, resolve, reject } = Promise.withResolvers<Measured>();
  const workers: Worker[] = [];
  const start = (part: number) => {
    const { at, transfer = [] } = part === 0 ? seats.lead : seats.follow;
    const assignment: Assignment = { job, part, at, barrier };
    const worker = new Worker(new URL("./end.ts", import.meta.url), {
      workerData: assignment,
      transferList: [...transfer],
    });
    workers.push(worker);
    let spoke = false;
    worker.on("message", (message: Message) => {
      spoke = true;
      if (message.kind === "measured") resolve(message);
      if (message.kind === "fault") {
        reject(message.mismatch ? new Mismatch(message.message) : new Error(message.message));
      }
    });
    worker.on("error", reject);
    worker.on("exit", (code) => {
      if (!spoke) reject(new Error(`the thread of part ${part} ended early (${code})`));
    });
  };
  for (let part = parts.length - 1; part >= 0; part--) start(part);
  try {
    return await promise;
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
