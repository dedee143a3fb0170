/** The totals, MUST and SHOULD apart, and what each adapter got. */
import type { Equivalent, Mutant } from "../../schema.ts";
import { type Content, type Html, markup } from "../html.ts";
import { table } from "../parts/table.ts";
import {
  type Conformance,
  counted,
  glyphs,
  levels,
  outcome,
  outcomes,
  type Tally,
  tally,
} from "./model.ts";

/** The outcome in a sentence, for the top of the page. */
export function outcomeSentence(
  { verdicts }: Conformance,
  mutants: readonly Mutant[],
  equivalents: readonly Equivalent[],
): Html {
  const of = (wanted: string) => verdicts.filter(({ level }) => level === wanted);
  const [must, should] = [tally(of("MUST")), tally(of("SHOULD"))];
  const survivors = mutants.filter(({ killed }) => !killed).length;
  const rejected = equivalents.filter(({ passed }) => !passed).length;
  const failing = of("MUST").filter(({ verdict }) => verdict === "fail");
  const adapters = counted(new Set(failing.map(({ adapter }) => adapter)).size, "adapter");
  const worst = must.fail + survivors + rejected > 0
    ? "fail"
    : must.unknown > 0
    ? "unknown"
    : "pass";
  const first = must.fail > 0
    ? markup`<b>${counted(must.fail, "MUST verdict")} failed</b>, in ${adapters}`
    : markup`<b>No MUST verdict failed</b>`;
  const more = [
    must.unknown > 0 && `; ${counted(must.unknown, "MUST verdict")} unknown`,
    should.fail > 0 && `; ${counted(should.fail, "SHOULD verdict")} failed`,
    must.known + should.known > 0 && `; ${counted(must.known + should.known, "known failure")}`,
    survivors > 0 && `; ${counted(survivors, "mutant")} survived`,
    rejected > 0 && `; ${counted(rejected, "equivalent")} rejected`,
  ];
  return markup`<p class="outcome"><span class="badge ${worst}" aria-hidden="true">${
    glyphs[worst]
  }</span><span>${first}${more}.</span></p>
`;
}

export function summary(model: Conformance, mutants: readonly Mutant[]): Html {
  return markup`<div class="totals-row">${totals(model)}${score(mutants)}</div>
<div class="figure"><div class="chart" data-figure="adapters"><canvas role="img"
aria-label="Chart of the verdicts of every adapter; its data are in the table that follows."></canvas></div>
<div class="data">${adapterTable(model)}</div></div>`;
}

/** What the chart draws: one row an adapter. */
export function adapterTallies({ adapters, verdicts }: Conformance) {
  return adapters.map(({ name }) => ({
    adapter: name,
    ...tally(verdicts.filter(({ adapter }) => adapter === name)),
  }));
}

function totals({ verdicts }: Conformance): Html {
  const rows = levels.map((of) => {
    const all = verdicts.filter(({ level }) => level === of);
    const counts = tally(all);
    const cells = outcomes.map((name) =>
      markup`<td class="number ${name}${counts[name] === 0 && " zero"}">${count(counts[name])}</td>`
    );
    return markup`<tr><th scope="row">${of}</th>${cells}<td class="number all">${
      count(all.length)
    }</td></tr>\n`;
  });
  return markup`<table class="totals"><caption class="visually-hidden">Verdicts by level</caption>
<thead><tr><td></td>${
    outcomes.map((name) => markup`<th scope="col" class="number">${outcome(name)}</th>`)
  }<th scope="col" class="number">all</th></tr></thead>
<tbody>${rows}</tbody></table>
`;
}

function score(mutants: readonly Mutant[]): Html | undefined {
  if (mutants.length === 0) return undefined;
  const killed = mutants.filter((mutant) => mutant.killed).length;
  return markup`<dl class="score"><dt>Mutants killed, of rings broken on purpose</dt>
<dd>${killed} <small>of ${mutants.length}</small></dd></dl>
`;
}

function adapterTable({ adapters, verdicts }: Conformance): Html {
  const rows = adapters.map(({ name, family }) => {
    const of = verdicts.filter(({ adapter }) => adapter === name);
    const { known, skip, unknown } = tally(of);
    const cells = [
      levels.map((level) => scored(tally(of.filter((one) => one.level === level)))),
      cell(known),
      cell(unknown),
      cell(skip),
    ];
    return markup`<tr><th scope="row"><code>${name}</code></th><td>${family}</td>${cells}</tr>\n`;
  });
  return table({
    id: "adapters",
    caption: "Verdicts by adapter, over all runtimes",
    style: "measures",
    heads: [
      "Adapter",
      "Family",
      ...levels.flatMap((level) => [
        numberHead(level),
        numberHead(markup`<span class="visually-hidden">${level} </span>fail`),
      ]),
      ...["known", "unknown", "skip"].map(numberHead),
    ],
    body: markup`<tbody>${rows}</tbody>`,
  });
}

function numberHead(head: Content): Html {
  return markup`<th scope="col" class="number">${head}</th>`;
}

/** How many of those that apply are met, and how many fail. */
function scored({ pass, fail, known, unknown }: Tally): Content {
  const all = pass + fail + known + unknown;
  return [
    markup`<td class="number" data-value="${pass}">${count(pass)}<small>/${
      count(all)
    }</small></td>`,
    cell(fail, fail > 0),
  ];
}

function cell(number: number, strong = false): Html {
  return markup`<td class="number" data-value="${number}">${
    strong ? markup`<strong>${count(number)}</strong>` : count(number)
  }</td>`;
}

function count(number: number): string {
  return number.toLocaleString("en-US");
}
