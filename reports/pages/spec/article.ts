/** One requirement: what it asks, of whom, how that is tested, and what shows that the test can fail. */
import type { Mutant, Verdict } from "../../schema.ts";
import { counted, glyphs, outcomes, tally } from "../conformance/model.ts";
import { type Content, type Html, markup } from "../html.ts";
import { prose } from "../parts/prose.ts";
import { listed, type RuntimeColumn } from "../parts/runtimes.ts";
import type { Requirement } from "../spec.ts";

/** What a run found. */
export interface Scores {
  readonly runtimes: readonly RuntimeColumn[];
  readonly verdicts: readonly Verdict[];
  readonly mutants: readonly Mutant[];
}

/** Each technique that a rule may name, in words. */
export const techniqueWords: Readonly<Record<string, string>> = {
  sequential: "calls one after the other, each answer compared",
  model: "random calls, held against a model of the ring",
  history: "real threads or processes, and a check of what all of them saw",
  exploration: "chosen schedules, step by step, with race detection",
  fault: "something is killed, cut or delayed",
  fuzz: "input that nobody should send",
};

export function article(requirement: Requirement, scores: Scores | undefined): Html {
  const { id, level, sentence, why, source, technique = [], untested } = requirement;
  return markup`<article class="rule" id="rule-${id}" aria-label="${id}">
<p class="name"><b>${id}</b> <small>${level}</small></p>
<div><p>${prose(sentence)}</p>
<p class="why">${prose(why)} Source: ${source}.${
    technique.length > 0 && ` Technique: ${listed(technique)}.`
  }</p>
${untested === undefined && [scope(requirement), mutantList(requirement, scores)]}</div>
<div>${
    untested === undefined
      ? score(requirement, scores)
      : markup`<p><b>Untested:</b> ${untested}.</p>`
  }</div>
</article>
`;
}

function scope({ appliesTo, exempt }: Requirement): Html {
  const all = appliesTo.length + exempt.reduce((sum, { adapters }) => sum + adapters.length, 0);
  if (exempt.length === 0) return markup`<p class="why">Applies to every ring.</p>\n`;
  return markup`<details><summary>Applies to ${appliesTo.length} of ${
    counted(all, "ring")
  }</summary>
<p>${names(appliesTo)}</p>
<ul>${
    exempt.map(({ reason, adapters }) => markup`<li>not where ${reason}: ${names(adapters)}</li>`)
  }</ul></details>
`;
}

function mutantList({ mutants }: Requirement, scores: Scores | undefined): Html {
  if (mutants.length === 0) return markup`<p class="why"><b>No mutant.</b></p>\n`;
  return markup`<details><summary>${counted(mutants.length, "mutant")}</summary>
<ul>${
    mutants.map(({ name, adapter }) =>
      markup`<li>${name} <small>(an edit of <code>${adapter}</code>)</small>${
        scores && fate(scores.mutants.filter(({ mutant }) => mutant === name), scores)
      }</li>\n`
    )
  }</ul></details>
`;
}

/** "killed on Deno and Bun: of 8 items 7 went in"; each reason once. */
function fate(tried: readonly Mutant[], { runtimes }: Scores): Content {
  if (tried.length === 0) return ": not run";
  const alike = Map.groupBy(tried, ({ killed, reason }) => JSON.stringify([killed, reason]));
  return [...alike.values()].map((same, at) => {
    const { killed, reason } = same[0]!;
    const where = runtimes.filter(({ id }) => same.some(({ runtime }) => runtime === id));
    const how = killed ? "killed" : markup`<b>survived</b>`;
    return markup`${at === 0 ? ": " : "; "}${how} on ${
      listed(where.map(({ label }) => label))
    } <span
class="why">(${reason})</span>`;
  });
}

/** Verdicts and mutants of the run, for this requirement alone. */
function score({ id, mutants }: Requirement, scores: Scores | undefined): Content {
  if (!scores) return undefined;
  const counts = tally(scores.verdicts.filter(({ rule }) => rule === id));
  const met = outcomes.filter((name) => counts[name] > 0);
  const tried = scores.mutants.filter(({ rule, mutant }) =>
    rule === id && mutants.some(({ name }) => name === mutant)
  );
  const killed = tried.filter((mutant) => mutant.killed).length;
  return [
    markup`<p>${
      met.length === 0
        ? "Not run."
        : met.map((name) =>
          markup`<span class="count"><span class="glyph ${name}" aria-hidden="true">${
            glyphs[name]
          }</span> ${counts[name]} ${name}</span> `
        )
    }</p>`,
    tried.length > 0 && markup`<p class="count">mutants killed: ${killed} of ${tried.length}</p>`,
  ];
}

function names(adapters: readonly string[]): Content {
  return adapters.map((name, at) => markup`${at > 0 && ", "}<code>${name}</code>`);
}
