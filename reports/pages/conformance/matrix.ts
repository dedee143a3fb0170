/** Every verdict at once: rules down, adapters across, and each adapter's runtimes side by side. */
import type { RuleText, Verdict } from "../../schema.ts";
import { choice, controls, search } from "../parts/controls.ts";
import { type Content, type Html, markup } from "../html.ts";
import { prose } from "../parts/prose.ts";
import { type Conformance, glyphs, levels } from "./model.ts";

export function matrix(model: Conformance): Html {
  const { adapters, runtimes, groups } = model;
  const columns = adapters.length * runtimes.length;
  const letters = runtimes.map(({ label, letter }) => `${letter} = ${label}`).join(", ");
  return markup`${selection(model)}
<div class="scroll" role="region" tabindex="0" aria-labelledby="matrix-caption" id="matrix-scroll">
<table class="matrix" id="matrix"><caption id="matrix-caption"><span>${letters}.
✓ pass, ✗ fail, ~ known failure, – skip, ? unknown, · not run. <span class="scripted-only">Enter or a click on a
verdict shows its reason, seed and reproduction.</span></span></caption>
<colgroup></colgroup>${adapters.map(() => markup`<colgroup span="${runtimes.length}"></colgroup>`)}
${head(model)}
${
    groups.map(({ name, rules }) =>
      markup`<tbody><tr class="group"><th scope="rowgroup" colspan="${
        columns + 1
      }"><span>${name}</span></th></tr>
${rules.map((rule) => row(model, rule))}</tbody>
`
    )
  }</table></div>
${detail}`;
}

/** What the page's script looks up when a cell is chosen: by rule, then by column. */
export function matrixData({ adapters, runtimes, groups, at }: Conformance) {
  const cells = (rule: string) =>
    adapters.flatMap(({ name }) =>
      runtimes.map(({ id }) => {
        const found = at(rule, name, id);
        if (!found) return null;
        const { verdict, seed, repro, ms } = found;
        return { verdict, reason: reasonOf(found), seed, repro, ms };
      })
    );
  return {
    adapters: adapters.map(({ name }) => name),
    runtimes: runtimes.map(({ id, label }) => ({ id, label })),
    rules: groups.flatMap(({ rules }) =>
      rules.map(({ id, level, sentence }) => ({ id, level, sentence, cells: cells(id) }))
    ),
  };
}

function head({ adapters, runtimes }: Conformance): Html {
  const letters = runtimes.map(({ label, letter }) =>
    markup`<th scope="col" abbr="${label}" title="${label}">${letter}</th>`
  );
  return markup`<thead><tr><th scope="col" rowspan="2" class="corner">Rule</th>${
    adapters.map(({ name }) =>
      markup`<th scope="colgroup" colspan="${runtimes.length}"><code>${breakable(name)}</code></th>`
    )
  }</tr>
<tr>${adapters.map(() => letters)}</tr></thead>`;
}

function row({ adapters, runtimes, at }: Conformance, { id, level, sentence }: RuleText): Html {
  return markup`<tr data-rule="${id}"><th scope="row"><a href="#rule-${id}">${id}</a>${
    level === "SHOULD" && markup` <small>SHOULD</small>`
  } <span title="${sentence}">${prose(sentence)}</span></th>${
    adapters.map(({ name }) => runtimes.map((runtime) => cell(at(id, name, runtime.id))))
  }</tr>
`;
}

function cell(found: Verdict | undefined): Html {
  if (!found) return markup`<td class="none">·<i>not run</i></td>`;
  const { verdict } = found;
  const reason = reasonOf(found);
  const title = reason !== "" && markup` title="${reason}"`;
  return markup`<td class="${verdict}"${title}>${glyphs[verdict]}<i>${verdict}</i></td>`;
}

function reasonOf({ reason, known }: Verdict): string {
  return known === undefined ? reason : `${known}: ${reason}`;
}

/** A name that may be broken where its words meet. */
function breakable(name: string): Content {
  return name.split(/(?<=[_-])/).map((word) => markup`${word}<wbr>`);
}

function selection({ runtimes }: Conformance): Html {
  return controls("What the matrix shows", {
    Runtimes: runtimes.map(({ id, label, letter }) =>
      choice({ name: "runtime", value: id, label: markup`${label} <small>${letter}</small>` })
    ),
    Level: levels.map((level) => choice({ name: "level", value: level, label: level })),
    Rows: [
      choice({
        name: "troubled",
        value: "yes",
        label: "only with a failure or an unknown",
        checked: false,
      }),
      search("rule", "rule contains"),
    ],
  });
}

/** Filled in by the script for the cell that was chosen. */
const detail = markup`<dialog id="detail" aria-labelledby="detail-heading">
<h3 id="detail-heading"></h3>
<p id="detail-sentence"></p>
<dl class="facts"><div><dt>Verdict</dt><dd id="detail-verdict"></dd></div>
<div><dt>Seed</dt><dd id="detail-seed"></dd></div><div><dt>Took</dt><dd id="detail-ms"></dd></div></dl>
<p id="detail-reason"></p>
<p class="repro"><code id="detail-repro"></code><button type="button" class="copy">copy</button></p>
<p><button type="button" id="detail-close">Close</button></p>
</dialog>`;
