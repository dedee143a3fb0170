/** The process of one cell: does the job in its first argument, and prints the outcome as a line. */
import process from "node:process";
import { say } from "../../runner/say.ts";
import { type Job, job, type Outcome } from "./job.ts";
import { runCell } from "./run.ts";

async function attempt(text: string | undefined): Promise<Outcome> {
  try {
    const given: Job = job.parse(JSON.parse(text ?? ""));
    return await runCell(given);
  } catch (error) {
    return { status: "failed", reason: error instanceof Error ? error.message : String(error) };
  }
}

// At once: threads that are still spinning must not keep the answer back.
say(JSON.stringify(await attempt(process.argv[2])));
process.exit(0);
