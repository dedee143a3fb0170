/** The end of a run: the files that hold its results, and the exit code that sums them up. */
import { join } from "node:path";
import { benchPage } from "../../reports/pages/bench.ts";
import { type BenchResults, benchResults } from "../../reports/schema.ts";
import { exitCode } from "../../runner/command.ts";
import { writeFileAtomic } from "../../runner/files.ts";

/** Writes both files into the folder and returns their paths. */
export async function writeResults(results: BenchResults, folder: string): Promise<string[]> {
  const json = join(folder, "results.json"), page = join(folder, "index.html");
  await writeFileAtomic(json, JSON.stringify(benchResults.parse(results), undefined, 1) + "\n");
  await writeFileAtomic(page, await benchPage(results));
  return [json, page];
}

/**
 * `required`: whether an adapter that is unavailable leaves the run without an answer. What a peer
 * gets wrong is found out about the peer, and no failure of this run.
 */
export function verdict({ cells, complete }: BenchResults, required: boolean): number {
  const ours = cells.filter(({ kind }) => kind !== "peer");
  const some = (...statuses: string[]) => ours.some(({ status }) => statuses.includes(status));
  if (some("invalid", "failed")) return exitCode.failure;
  if (!complete || (required && some("unavailable"))) return exitCode.inconclusive;
  return exitCode.good;
}
