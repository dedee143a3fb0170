/** The page of the spec itself: every requirement, what holds it, and what nothing tests yet. */
import type { ConformanceResults, RuleText } from "../schema.ts";
import { counted } from "./conformance/model.ts";
import { type Html, markup } from "./html.ts";
import { page, type Section } from "./layout.ts";
import { dateline } from "./parts/environment.ts";
import { runtimeColumns } from "./parts/runtimes.ts";
import { table } from "./parts/table.ts";
import { article, type Scores, techniqueWords } from "./spec/article.ts";

export interface Requirement extends RuleText {
  /** The rings that it is asked of, by their capabilities. */
  readonly appliesTo: readonly string[];
  /** Those that it is not asked of, and why. */
  readonly exempt: readonly { readonly reason: string; readonly adapters: readonly string[] }[];
  /** Rings broken on purpose that its rule must reject. */
  readonly mutants: readonly { readonly name: string; readonly adapter: string }[];
  /** Why no rule tests it; undefined where one does. */
  readonly untested?: string;
}

export interface Spec {
  readonly requirements: readonly Requirement[];
  /** Edits of rings that change nothing, which every rule must pass. */
  readonly equivalents: readonly { readonly name: string; readonly adapter: string }[];
  /** Of a run, for the scores. */
  readonly results?: ConformanceResults | undefined;
}

export function specPage({ requirements, equivalents, results }: Spec): Promise<string> {
  const tested = requirements.filter(({ untested }) => untested === undefined);
  const open = requirements.filter(({ untested }) => untested !== undefined);
  const mutants = tested.flatMap((requirement) => requirement.mutants);
  const scores = results && {
    runtimes: runtimeColumns(results.environment, []),
    verdicts: results.verdicts,
    mutants: results.mutants,
  };
  return page({
    title: "ringproof spec",
    kind: "spec",
    heading: `${counted(requirements.length, "requirement")} on a ring buffer`,
    subheading: results
      ? markup`Scores of the run of ${dateline(results.environment)}`
      : "Without scores: no run was at hand",
    lead:
      markup`<p>A ring is held to each requirement that its capabilities let apply. The tests have to
reject ${counted(mutants.length, "mutant")}, rings broken on purpose.</p>`,
    sections: [
      {
        id: "summary",
        heading: "Summary",
        body: [totals(requirements), techniques(requirements), sources()],
      },
      ...groups(tested, scores),
      open.length > 0 && {
        id: "untested",
        heading: "Untested",
        note: "Asked of rings, and tested by no rule yet.",
        body: markup`<div class="rules">${open.map((one) => article(one, scores))}</div>`,
      },
      {
        id: "equivalents",
        heading: "Equivalents",
        note: "Edits of rings that change nothing: a rule that rejects one asks too much.",
        body: equivalentList(equivalents, results),
      },
    ].filter((section) => section !== false),
  });
}

function groups(tested: readonly Requirement[], scores: Scores | undefined): Section[] {
  return [...Map.groupBy(tested, ({ group }) => group)].map(([name, all]) => ({
    id: `group-${name.toLowerCase().replaceAll(/\W+/g, "-")}`,
    heading: name,
    body: markup`<div class="rules">${all.map((one) => article(one, scores))}</div>`,
  }));
}

function equivalentList(
  equivalents: Spec["equivalents"],
  results: ConformanceResults | undefined,
): Html {
  const tried = results?.equivalents ?? [];
  return markup`<ul>${
    equivalents.map(({ name, adapter }) => {
      const fates = tried.filter(({ equivalent }) => equivalent === name);
      const bad = fates.filter(({ passed }) => !passed);
      return markup`<li>${name} <small>(an edit of <code>${adapter}</code>)</small>${
        fates.length > 0 && (bad.length === 0 ? ": passes" : markup`: <b>${bad[0]!.reason}</b>`)
      }</li>\n`;
    })
  }</ul>
`;
}

function totals(requirements: readonly Requirement[]): Html {
  const rows = (["MUST", "SHOULD"] as const).map((level) => {
    const all = requirements.filter((one) => one.level === level);
    const open = all.filter(({ untested }) => untested !== undefined).length;
    const mutants = all.flatMap((one) => one.mutants).length;
    return markup`<tr><th scope="row">${level}</th>${
      [all.length - open, open, mutants].map((number) =>
        markup`<td class="number${number === 0 && " zero"}">${number}</td>`
      )
    }</tr>\n`;
  });
  return markup`<div class="totals-row"><table class="totals"><caption class="visually-hidden">Requirements by level</caption>
<thead><tr><td></td>${
    ["tested", "untested", "mutants"].map((name) =>
      markup`<th scope="col" class="number">${name}</th>`
    )
  }</tr></thead><tbody>${rows}</tbody></table></div>
`;
}

/** How many requirements each technique tests: one may be tested by several. */
function techniques(requirements: readonly Requirement[]): Html {
  return table({
    id: "techniques",
    caption: "Techniques, and how many requirements each tests",
    style: "plain",
    sortable: false,
    heads: ["Technique", markup`<th scope="col" class="number">Requirements</th>`, "Is"],
    body: markup`<tbody>${
      Object.entries(techniqueWords).map(([name, words]) => {
        const count = requirements.filter(({ technique = [], untested }) =>
          untested === undefined && technique.includes(name)
        ).length;
        return markup`<tr><th scope="row">${name}</th><td class="number">${count}</td><td>${words}</td></tr>\n`;
      })
    }</tbody>`,
  });
}

/** The systems whose behaviour or faults requirements come from; others name the literature. */
const systems: Readonly<Record<string, string>> = {
  S0: "leaders and followers over slots that are allocated beforehand",
  S1: "servers that take in frames over WebSocket and forward them",
  S2: "buffers between an audio driver's callback and its program",
  S3: "bounded buffers: a channel that waits, a locked ring that answers at once",
  S4: "named rings of a data-acquisition system, in shared memory and over the network",
};

function sources(): Html {
  return table({
    id: "sources",
    caption: "Sources: the systems that requirements come from; others name the literature",
    style: "plain",
    sortable: false,
    heads: ["Source", "Is"],
    body: markup`<tbody>${
      Object.entries(systems).map(([name, words]) =>
        markup`<tr><th scope="row">${name}</th><td>${words}</td></tr>\n`
      )
    }</tbody>`,
  });
}
