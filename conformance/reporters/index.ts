/** Results as the files that other programs read; each a pure function to text. */
import type { ConformanceResults } from "../../reports/schema.ts";
import { junit } from "./junit.ts";
import { tap } from "./tap.ts";

export const reporters: Readonly<
  Record<"junit" | "tap" | "json", (results: ConformanceResults) => string>
> = {
  junit,
  tap,
  json: (results) => `${JSON.stringify(results, null, 2)}\n`,
};
