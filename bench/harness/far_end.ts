/** The follow of a cell whose ends are two processes: does as its standard input says. */
import process from "node:process";
import { createInterface } from "node:readline";
import type { z } from "zod";
import { caseNamed } from "../cases/all.ts";
import type { Follow } from "../cases/case.ts";
import { loadContender } from "../cell/load.ts";
import { type answer, release, seating } from "./processes.ts";

/** Joins as the first line says; every further line is a run. */
async function obey(lines: AsyncIterable<string>): Promise<void> {
  let follow: Follow | undefined;
  for await (const line of lines) {
    const order = JSON.parse(line);
    if (follow === undefined) {
      const { job, at } = seating.parse(order);
      const work = caseNamed(job.case);
      const contender = await loadContender(job);
      await contender.attach(at);
      follow = await contender.follow(work, job.params, 1, []);
    } else {
      const { first, count } = release.parse(order);
      say({ sum: await follow.run(first, count) });
    }
  }
}

function say(what: z.infer<typeof answer>): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

await obey(createInterface({ input: process.stdin })).catch((error: Error) =>
  say({ fault: error.message, mismatch: error.name === "Mismatch" })
);
