/** The page of a conformance run: one HTML file that needs nothing else. */
import type { ConformanceResults } from "../schema.ts";
import { failures, knownFailures, withoutVerdict } from "./conformance/failures.ts";
import { matrix, matrixData } from "./conformance/matrix.ts";
import { conformance, counted } from "./conformance/model.ts";
import { equivalentTable, mutantTable, rulesList } from "./conformance/rules.ts";
import { adapterTallies, outcomeSentence, summary } from "./conformance/summary.ts";
import { dateline, environmentSection, plate } from "./parts/environment.ts";
import { markup } from "./html.ts";
import { page } from "./layout.ts";
import { listed } from "./parts/runtimes.ts";

export function conformancePage(results: ConformanceResults): Promise<string> {
  const { environment, complete, mutants, equivalents = [] } = results;
  const model = conformance(results);
  const rules = model.groups.flatMap((group) => group.rules).length;
  return page({
    title: `ringproof conformance, ${environment.date.slice(0, 10)}, ${environment.commit}`,
    kind: "conformance",
    heading: `${counted(model.adapters.length, "adapter")} held to ${counted(rules, "rule")} on ${
      listed(model.runtimes.map(({ label }) => label))
    }`,
    subheading: dateline(environment),
    lead: [
      outcomeSentence(model, mutants, equivalents),
      !complete && interrupted,
      plate(environment),
    ],
    sections: [
      {
        id: "summary",
        heading: "Summary",
        note: "A skip is a capability that an adapter does not claim; its reason is below.",
        body: summary(model, mutants),
      },
      {
        id: "failures",
        heading: "Failures",
        note: "Each with a command that reproduces exactly this verdict.",
        body: failures(model),
      },
      {
        id: "known",
        heading: "Known failures",
        note:
          "Faults of published packages and of platforms. One that does not happen fails the run.",
        body: knownFailures(model),
      },
      { id: "verdicts", heading: "Verdicts", body: matrix(model), broad: true },
      { id: "open", heading: "Skips and unknowns", body: withoutVerdict(model) },
      {
        id: "rules",
        heading: "Rules",
        note: "What every ring is held to, why, and where that comes from.",
        body: rulesList(model),
      },
      {
        id: "mutants",
        heading: "Mutants",
        note: "Rings broken on purpose: the proof that the rules can fail.",
        body: [mutantTable(model, mutants), equivalentTable(model, equivalents)],
      },
      environmentSection(environment, model.runtimes),
    ],
    charts: {
      scripts: ["conformance.js"],
      data: { ...matrixData(model), tallies: adapterTallies(model) },
    },
  });
}

const interrupted =
  markup`<p class="notice"><b>Interrupted.</b> The run ended before every rule was tried.
What is here is valid; verdicts that are missing are marked “not run”.</p>`;
