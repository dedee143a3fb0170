/** What did not pass: every failure in full, and the others by their reason. */
import type { Verdict } from "../../schema.ts";
import { type Content, type Html, markup } from "../html.ts";
import { prose } from "../parts/prose.ts";
import { listed } from "../parts/runtimes.ts";
import { table } from "../parts/table.ts";
import { type Conformance, counted, glyphs, outcome } from "./model.ts";

export function failures(model: Conformance): Content {
  return byAdapter(model, "fail", (of) => {
    const byRule = [...Map.groupBy(of, ({ rule }) => rule).values()];
    return byRule.map((same) => failure(model, same));
  });
}

/** By what is known of them: one root often fails many rules. */
export function knownFailures(model: Conformance): Content {
  return byAdapter(
    model,
    "known",
    (of) =>
      [...Map.groupBy(of, ({ known }) => known ?? "")].map(([known, same]) => {
        const byRule = [...Map.groupBy(same, ({ rule }) => rule).values()];
        return markup`<p><b>${where(model, same)}:</b> ${known}.</p>
<details><summary>${counted(byRule.length, "rule")}: ${distinct(same, "rule")}</summary>
${byRule.map((some) => failure(model, some))}</details>
`;
      }),
  );
}

function byAdapter(
  { adapters, verdicts }: Conformance,
  outcome: "fail" | "known",
  body: (of: readonly Verdict[]) => Content,
): Content {
  const failed = verdicts.filter(({ verdict }) => verdict === outcome);
  if (failed.length === 0) return markup`<p>None.</p>`;
  return adapters.map(({ name }) => {
    const of = failed.filter(({ adapter }) => adapter === name);
    return of.length > 0 && markup`<div class="failing">
<h3><code>${name}</code> <small>${counted(of.length, "failure")}</small></h3>
${body(of)}</div>
`;
  });
}

/** One rule that one adapter fails, on one runtime or several. */
function failure(model: Conformance, verdicts: readonly Verdict[]): Html {
  const { rule, level, verdict } = verdicts[0]!;
  const text = model.groups.flatMap(({ rules }) => rules).find(({ id }) => id === rule);
  const reasons = [...Map.groupBy(verdicts, ({ reason }) => reason)];
  return markup`<article class="failure">
<h4><span class="glyph ${verdict}" aria-hidden="true">${
    glyphs[verdict]
  }</span> <a href="#rule-${rule}">${rule}</a>
<small>${level}</small> ${prose(text?.sentence ?? "")}</h4>
${
    reasons.map(([reason, same]) =>
      markup`<p><b>${where(model, same)}:</b> ${reason}</p>\n${
        same[0]!.trace && markup`<pre class="trace">${same[0]!.trace}</pre>\n`
      }${same.map(reproduction)}`
    )
  }</article>
`;
}

function reproduction({ repro }: Verdict): Html {
  return markup`<p class="repro"><code>${repro}</code><button type="button" class="copy">copy</button></p>\n`;
}

/** Skips come in hundreds and for few reasons, so the reasons are the rows. */
export function withoutVerdict(model: Conformance): Html {
  const open = model.verdicts.filter(({ verdict }) => verdict === "skip" || verdict === "unknown");
  if (open.length === 0) return markup`<p>None.</p>`;
  const byReason = Map.groupBy(open, ({ verdict, reason }) => JSON.stringify([verdict, reason]));
  const rows = [...byReason.values()].sort((one, other) =>
    rank(one) - rank(other) || other.length - one.length
  );
  return table({
    id: "reasons",
    caption: "Skipped and unknown verdicts by reason",
    style: "plain",
    heads: [
      "Verdict",
      "Reason",
      markup`<th scope="col" class="number">Count</th>`,
      "Rules",
      "Adapters",
      "Runtimes",
    ],
    body: markup`<tbody>${
      rows.map((same) =>
        markup`<tr><td>${outcome(same[0]!.verdict)}</td><th scope="row">${same[0]!.reason}</th>
<td class="number" data-value="${same.length}">${same.length}</td><td>${distinct(same, "rule")}</td>
<td>${distinct(same, "adapter")}</td><td>${where(model, same)}</td></tr>
`
      )
    }</tbody>`,
  });
}

/** What nobody could decide comes before what nobody asked for. */
function rank(verdicts: readonly Verdict[]): number {
  return verdicts[0]!.verdict === "unknown" ? 0 : 1;
}

function distinct(verdicts: readonly Verdict[], field: "rule" | "adapter"): Content {
  const names = [...new Set(verdicts.map((verdict) => verdict[field]))];
  return names.map((name, at) => markup`${at > 0 && ", "}<code>${name}</code>`);
}

function where({ runtimes }: Conformance, verdicts: readonly Verdict[]): string {
  const named = runtimes.filter(({ id }) => verdicts.some(({ runtime }) => runtime === id));
  return listed(named.map(({ label }) => label));
}
