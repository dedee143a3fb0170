/** The spec itself, and the mutants that show that it can tell a broken ring from a good one. */
import type { Equivalent, Mutant, RuleText } from "../../schema.ts";
import { type Content, type Html, markup } from "../html.ts";
import { prose } from "../parts/prose.ts";
import { listed } from "../parts/runtimes.ts";
import { table } from "../parts/table.ts";
import { type Conformance, glyphs, outcomes, tally } from "./model.ts";

export function rulesList(model: Conformance): Html[] {
  return model.groups.map(({ name, rules }) =>
    markup`<div class="rules"><h3>${name}</h3>
${rules.map((rule) => article(model, rule))}</div>
`
  );
}

function article({ verdicts }: Conformance, { id, level, sentence, why, source }: RuleText): Html {
  const counts = tally(verdicts.filter(({ rule }) => rule === id));
  const met = outcomes.filter((name) => counts[name] > 0);
  const results = met.map((name) =>
    markup`<span class="count"><span class="glyph ${name}" aria-hidden="true">${
      glyphs[name]
    }</span> ${counts[name]} ${name}</span> `
  );
  return markup`<article class="rule" id="rule-${id}" aria-label="${id}">
<p class="name"><b>${id}</b> <small>${level}</small></p>
<div><p>${prose(sentence)}</p>
<p class="why">${prose(why)}${source !== "" && ` Source: ${source}.`}</p></div>
<p>${met.length > 0 ? results : markup`<b>Untested.</b>`}</p>
</article>
`;
}

/** One row a mutant, by rule; those that survived first, since each is a hole in the spec. */
export function mutantTable({ runtimes, groups }: Conformance, mutants: readonly Mutant[]): Html {
  if (mutants.length === 0) return markup`<p>None were run.</p>`;
  const order = groups.flatMap(({ rules }) => rules.map(({ id }) => id));
  const place = (same: readonly Mutant[]) => order.indexOf(same[0]!.rule);
  const byMutant = Map.groupBy(
    mutants,
    ({ mutant, rule, adapter }) => JSON.stringify([mutant, rule, adapter]),
  );
  const rows = [...byMutant.values()].sort((one, other) =>
    Number(allKilled(one)) - Number(allKilled(other)) || place(one) - place(other)
  );
  return table({
    id: "mutants-table",
    caption: "Each is an edit of a ring that the rule beside it must reject",
    style: "plain mutants",
    heads: [
      "Mutant",
      "Rule",
      "Ring",
      ...runtimes.map(({ label }) => label),
      "What killed it, or what it survived",
    ],
    body: markup`<tbody>${
      rows.map((same) => {
        const { mutant, rule, adapter } = same[0]!;
        const fates = runtimes.map(({ id }) => fate(same.find(({ runtime }) => runtime === id)));
        return markup`<tr><th scope="row">${mutant}</th><td><a href="#rule-${rule}">${rule}</a></td>
<td><code>${adapter}</code></td>${fates}<td>${reasons(same)}</td></tr>
`;
      })
    }</tbody>`,
  });
}

/** Edits that change nothing, which every rule must pass: those that one fails come first. */
export function equivalentTable(
  { runtimes }: Conformance,
  equivalents: readonly Equivalent[],
): Html | undefined {
  if (equivalents.length === 0) return undefined;
  const byEdit = Map.groupBy(
    equivalents,
    ({ equivalent, adapter }) => JSON.stringify([equivalent, adapter]),
  );
  const good = (same: readonly Equivalent[]) => same.every(({ passed }) => passed);
  const rows = [...byEdit.values()].sort((one, other) => Number(good(one)) - Number(good(other)));
  return table({
    id: "equivalents-table",
    caption: "Equivalents: each is an edit that changes nothing, which no rule may reject",
    style: "plain mutants",
    heads: ["Equivalent", "Ring", ...runtimes.map(({ label }) => label), "What it fails"],
    body: markup`<tbody>${
      rows.map((same) => {
        const fates = runtimes.map(({ id }) => {
          const one = same.find(({ runtime }) => runtime === id);
          return outcomeCell(one && { good: one.passed, word: one.passed ? "passed" : "failed" });
        });
        return markup`<tr><th scope="row">${same[0]!.equivalent}</th>
<td><code>${same[0]!.adapter}</code></td>${fates}<td>${reasons(same)}</td></tr>
`;
      })
    }</tbody>`,
  });
}

function fate(mutant: Mutant | undefined): Html {
  return outcomeCell(
    mutant && { good: mutant.killed, word: mutant.killed ? "killed" : "survived" },
  );
}

function outcomeCell(outcome: { readonly good: boolean; readonly word: string } | undefined): Html {
  if (!outcome) return markup`<td class="none">not run</td>`;
  return outcome.good
    ? markup`<td><span class="glyph pass" aria-hidden="true">✓</span> ${outcome.word}</td>`
    : markup`<td><span class="glyph fail" aria-hidden="true">✗</span> <b>${outcome.word}</b></td>`;
}

function reasons(tried: readonly { readonly reason: string; readonly runtime: string }[]): Content {
  const alike = Map.groupBy(tried.filter(({ reason }) => reason !== ""), ({ reason }) => reason);
  return [...alike].map(([reason, same]) => {
    const where = alike.size > 1 && `${listed(same.map(({ runtime }) => runtime))}: `;
    return markup`<p>${where}${reason}</p>`;
  });
}

function allKilled(mutants: readonly Mutant[]): boolean {
  return mutants.every(({ killed }) => killed);
}
