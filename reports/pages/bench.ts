/** The page of a bench run: one HTML file that needs nothing else. */
import type { BenchResults } from "../schema.ts";
import { chartData } from "./bench/charts.ts";
import { claimsSection } from "./bench/claims.ts";
import { figures } from "./bench/figures.ts";
import { type Bench, bench, capitalized, type Case, kinds } from "./bench/model.ts";
import { summary } from "./bench/summary.ts";
import { choice, controls, search } from "./parts/controls.ts";
import { dateline, environmentSection, plate } from "./parts/environment.ts";
import { type Html, markup } from "./html.ts";
import { page } from "./layout.ts";
import { listed } from "./parts/runtimes.ts";
import { lessIsBetter } from "./parts/units.ts";

export function benchPage(results: BenchResults): Promise<string> {
  const { environment, complete, claims = [] } = results;
  const model = bench(results);
  const { runtimes } = model;
  return page({
    title: `ringproof benchmark, ${environment.date.slice(0, 10)}, ${environment.commit}`,
    kind: "benchmark",
    heading: `${contenders(results)} measured on ${listed(runtimes.map(({ label }) => label))}`,
    subheading: dateline(environment),
    lead: [plate(environment), !complete && interrupted],
    sections: [
      {
        id: "summary",
        heading: "Summary",
        note:
          "How many times as fast the fastest ring is as the fastest peer whose ends stand alike, in " +
          "this run on this machine; beside a reference where there is no peer. Peers are published " +
          "packages and platform facilities, references bare loops.",
        body: model.cases.length > 0 ? summary(model) : "Nothing was measured.",
      },
      ...claims.length > 0 ? [claimsSection(claims, runtimes)] : [],
      ...model.cases.map((each, at) => ({
        above: at === 0 && selection(model),
        id: each.id,
        heading: each.name,
        note: note(each),
        body: figures(each, runtimes),
      })),
      environmentSection(environment, runtimes),
    ],
    charts: model.cases.length > 0
      ? { scripts: ["lanes.js", "bars.js", "bench.js"], data: chartData(model) }
      : undefined,
  });
}

/** "7 rings, 2 peers and 1 reference" */
function contenders({ cells }: BenchResults): string {
  return listed(kinds.flatMap((kind) => {
    const of = cells.filter((cell) => cell.kind === kind);
    const count = new Set(of.map(({ adapter }) => adapter)).size;
    return count > 0 ? [`${count} ${kind}${count === 1 ? "" : "s"}`] : [];
  })) || "Nothing";
}

const interrupted =
  markup`<p class="notice"><b>Interrupted.</b> The run ended before everything that was asked for was
measured. What is here is valid; what is missing is marked “not run” or absent.</p>`;

/** What charts and tables show, and the legend of all charts. */
function selection({ runtimes, cases }: Bench): Html {
  const rows = cases.flatMap(({ figures }) => figures.flatMap((figure) => figure.rows));
  const present = kinds.filter((kind) => rows.some((row) => row.kind === kind));
  const swatch = (style: string) =>
    markup`<span class="swatch ${style}" aria-hidden="true"></span>`;
  return controls("What charts and tables show", {
    Runtimes: runtimes.map(({ id, label, letter, name, shade }) =>
      choice({
        name: "runtime",
        value: id,
        label: markup`${swatch(`${name} shade-${shade}`)} ${label} <small>${letter}</small>`,
      })
    ),
    Adapters: [
      present.map((kind) =>
        choice({ name: "kind", value: kind, label: markup`${swatch(kind)} ${kind}s` })
      ),
      search("adapter", "name contains"),
    ],
    Scale: ["logarithmic", "linear"].map((value, at) =>
      choice({ type: "radio", name: "scale", value, label: value, checked: at === 0 })
    ),
  });
}

function note({ summary, shared, figures }: Case): string {
  const measure = figures.some(({ quantiles }) => quantiles.length > 0)
    ? "Blocks reach from the first quantile to the second, lines on to the last, with a stroke at " +
      "each; further left is better."
    : `Bars end at the median of the runs, lines span the runs; ${
      figures[0] && lessIsBetter[figures[0].unit] ? "shorter" : "longer"
    } is better.`;
  return [summary, capitalized(shared), measure.replace(/\.$/, "")].filter(Boolean)
    .map((sentence) => `${sentence}.`).join(" ");
}
