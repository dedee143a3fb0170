/** Results as the files that other programs read; each a pure function to text. */
import type { ConformanceResults } from "../../reports/schema.ts";
import { badges } from "./badge.ts";
import { ctrf } from "./ctrf.ts";
import { junit } from "./junit.ts";
import { tap } from "./tap.ts";

export const reporters = {
  junit,
  tap,
  ctrf,
  json: (results) => `${JSON.stringify(results, null, 1)}\n`,
} as const satisfies Record<string, (results: ConformanceResults) => string>;

/** Files by their path within the folder of the run. */
type Files = Readonly<Record<string, string>>;

/** "json" is written in every run. */
const files = {
  json: (results) => ({ "results.json": reporters.json(results) }),
  junit: (results) => ({ "junit.xml": reporters.junit(results) }),
  tap: (results) => ({ "results.tap": reporters.tap(results) }),
  ctrf: (results) => ({ "ctrf.json": reporters.ctrf(results) }),
  badge: (results) =>
    Object.fromEntries(
      Object.entries(badges(results)).map(([name, text]) => [`badges/${name}`, text]),
    ),
} as const satisfies Record<string, (results: ConformanceResults) => Files>;

export type ReporterName = keyof typeof files;
export const reporterNames = Object.keys(files) as ReporterName[];

/** What these reporters write of a run. */
export function reported(results: ConformanceResults, names: readonly ReporterName[]): Files {
  return Object.assign({}, ...names.map((name) => files[name](results)));
}
