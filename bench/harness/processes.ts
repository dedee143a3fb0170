/**
 * Two ends in two processes: the lead here, the follow in a child of the same runtime. Orders go to
 * its standard input, answers come from its standard output, a line of JSON each.
 */
import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { createInterface } from "node:readline";
import { z } from "zod";
import { runtimeName } from "../../impls/shared/runtime.ts";
import { invocation } from "../../runner/runtimes.ts";
import type { Case } from "../cases/case.ts";
import type { Contender } from "../cell/contender.ts";
import { type Job, job } from "../cell/job.ts";
import { Mismatch } from "./numbering.ts";
import { type Measured, pace, type Partner } from "./pace.ts";

/** The first order. */
export const seating = z.object({ job, at: z.unknown() });
/** Every other order: a run. */
export const release = z.object({ first: z.number(), count: z.number() });
export const answer = z.union([
  z.object({ sum: z.number() }),
  z.object({ fault: z.string(), mismatch: z.boolean() }),
]);

export async function runProcesses(
  job: Job,
  contender: Contender,
  work: Case,
): Promise<Measured> {
  await contender.open(work, job.params);
  const { file, args } = invocation(
    { name: runtimeName, path: process.execPath },
    new URL("./far_end.ts", import.meta.url),
    [],
  );
  const child = spawn(file, args, { stdio: ["pipe", "pipe", "inherit"] });
  try {
    const far = new FarEnd(child);
    far.order({ job, at: contender.seats().follow.at });
    const lead = await contender.lead(work, job.params, []);
    const paced = await Promise.race([pace(lead, far, job.timing), far.failure]);
    return { timed: paced, score: lead.score?.() };
  } finally {
    child.kill("SIGKILL");
  }
}

class FarEnd implements Partner {
  readonly failure: Promise<never>;
  readonly #child: ChildProcess;
  #sum = Promise.withResolvers<number>();

  constructor(child: ChildProcess) {
    this.#child = child;
    const { promise, reject } = Promise.withResolvers<never>();
    promise.catch(() => {}); // it may come when nobody waits any more
    this.failure = promise;
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`the far end's process ended early (${code})`)));
    // The child may be gone before an order reaches it; its exit says so.
    child.stdin!.on("error", () => {});
    createInterface({ input: child.stdout! }).on("line", (line) => {
      const said = parsed(line);
      if (said === undefined) return;
      if ("sum" in said) this.#sum.resolve(said.sum);
      else reject(said.mismatch ? new Mismatch(said.fault) : new Error(said.fault));
    });
  }

  order(order: unknown): void {
    this.#child.stdin!.write(`${JSON.stringify(order)}\n`);
  }

  release(first: number, count: number): void {
    this.#sum = Promise.withResolvers<number>();
    this.order({ first, count });
  }

  settled(): Promise<number> {
    return Promise.race([this.#sum.promise, this.failure]);
  }
}

/** An answer, or undefined for what else a ring's code may print. */
function parsed(line: string): z.infer<typeof answer> | undefined {
  try {
    return answer.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
