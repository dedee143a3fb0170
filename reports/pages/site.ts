/** The front page of a site of reports: what there is, newest first. */
import type { BenchResults, ConformanceResults } from "../schema.ts";
import { levels, tally } from "./conformance/model.ts";
import { when } from "./parts/environment.ts";
import { type Html, markup } from "./html.ts";
import { page } from "./layout.ts";
import { listed, runtimeColumns } from "./parts/runtimes.ts";
import { table } from "./parts/table.ts";

export type AnyResults = BenchResults | ConformanceResults;

export interface SiteEntry {
  /** The report's file, beside the front page. */
  readonly file: string;
  readonly results: AnyResults;
}

export function sitePage(entries: readonly SiteEntry[]): Promise<string> {
  const newestFirst = entries.toSorted((one, other) =>
    other.results.environment.date.localeCompare(one.results.environment.date)
  );
  return page({
    title: "ringproof reports",
    kind: "reports",
    heading: "Ring buffers, proved and measured",
    subheading: `${entries.length} ${entries.length === 1 ? "report" : "reports"}`,
    lead: undefined,
    sections: [{
      id: "reports",
      heading: "Reports",
      broad: true,
      body: table({
        id: "list",
        caption: "Every report is one file that needs nothing else",
        style: "plain reports",
        sortable: false,
        heads: ["Report", "Outcome", "Date", "Commit", "Machine", "Runtimes"],
        body: markup`<tbody>${newestFirst.map(row)}</tbody>`,
      }),
    }],
  });
}

function row({ file, results }: SiteEntry): Html {
  const { environment } = results;
  const { date, commit, cpu, cores } = environment;
  const runtimes = runtimeColumns(environment, []).map(({ label }) => label);
  const kind = results.schema === "ringproof/bench@1" ? "Benchmark" : "Conformance";
  return markup`<tr><th scope="row"><a href="${file}">${kind}</a></th><td>${outcome(results)}</td>
<td>${when(date)}</td><td><code>${commit}</code></td><td>${cpu}, ${cores} cores</td>
<td>${listed(runtimes)}</td></tr>
`;
}

function outcome(results: AnyResults): string {
  const cut = results.complete ? "" : ", interrupted";
  if (results.schema === "ringproof/bench@1") {
    const measured = results.cells.filter(({ status }) => status === "ok").length;
    return `${measured} of ${results.cells.length} cells measured${cut}`;
  }
  const scores = levels.map((wanted) => {
    const { pass, fail, unknown } = tally(results.verdicts.filter(({ level }) => level === wanted));
    return `${wanted}: ${pass} pass, ${fail} fail, ${unknown} unknown`;
  });
  return scores.join("; ") + cut;
}
