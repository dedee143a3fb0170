/** One case after the other: a chart, and beside it the table of what the chart shows. */
import type { Cell } from "../../schema.ts";
import { type Content, type Html, markup } from "../html.ts";
import { listed, type RuntimeColumn } from "../parts/runtimes.ts";
import { table } from "../parts/table.ts";
import { brief, exact, measureOf, span } from "../parts/units.ts";
import { type Case, type Figure, type Kind, kinds, measured, type Row } from "./model.ts";

export function figures(each: Case, runtimes: readonly RuntimeColumn[]): Html[] {
  return each.figures.map((figure) => {
    const { id, params } = figure;
    const ofQuantiles = figure.quantiles.length > 0;
    const title = params || each.name;
    const label = `Chart of ${each.name}, ${title}; its data are in the table that follows.`;
    return markup`<article class="figure${
      ofQuantiles && " quantiles"
    }" id="${id}" aria-labelledby="${id}-heading">
<h3 id="${id}-heading"${params === "" && markup` class="visually-hidden"`}>${title}</h3>
<div class="chart" data-figure="${id}"><canvas role="img" aria-label="${label}"></canvas></div>
<div class="data">${ofQuantiles ? quantileTable(figure, runtimes) : valueTable(figure, runtimes)}
${notes(figure, runtimes)}</div>
</article>
`;
  });
}

function valueTable(figure: Figure, runtimes: readonly RuntimeColumn[]): Html {
  const row = ({ adapter, family, cells }: Row) =>
    markup`<tr data-adapter="${adapter}">${name(adapter, family)}${
      cells.map((cell, at) => valueCell(cell, runtimes[at]!.id))
    }</tr>\n`;
  return table({
    id: figure.id,
    caption: `${measureOf[figure.unit]}: ${spreadNote(figure)}`,
    style: "measures",
    heads: [
      "Adapter",
      ...runtimes.map(({ id, label }) =>
        markup`<th scope="col" data-runtime="${id}">${label}</th>`
      ),
    ],
    body: byKind(figure, runtimes.length + 1, row),
  });
}

function valueCell(cell: Cell | undefined, runtime: string): Html {
  if (!measured(cell)) {
    return markup`<td data-runtime="${runtime}" class="none">${statusOf(cell)}</td>`;
  }
  return markup`<td data-runtime="${runtime}" data-value="${cell.value}" title="${exactly(cell)}">${
    median(cell)
  }</td>`;
}

function name(adapter: string, family: string): Html {
  return markup`<th scope="row"><code>${adapter}</code> <small>${family}</small></th>`;
}

function spreadNote({ rows }: Figure): string {
  const several = rows.some(({ cells }) => cells.some((cell) => (cell?.runs.length ?? 0) > 1));
  return several ? "median and spread of the runs" : "one run each, so without a spread";
}

function quantileTable(figure: Figure, runtimes: readonly RuntimeColumn[]): Html {
  const { quantiles } = figure;
  const row = ({ adapter, family, cells }: Row) =>
    runtimes.map(({ id, label }, at) =>
      markup`<tr data-adapter="${adapter}" data-runtime="${id}">${
        name(adapter, family)
      }<td>${label}</td>${quantileCells(cells[at], quantiles)}</tr>\n`
    );
  return table({
    id: figure.id,
    caption: `Time, less is better: quantiles, and ${spreadNote(figure)}`,
    style: "measures",
    heads: ["Adapter", "Runtime", ...quantiles, "median"],
    body: byKind(figure, quantiles.length + 3, row),
  });
}

function quantileCells(cell: Cell | undefined, quantiles: readonly string[]): Content {
  if (!measured(cell)) {
    return markup`<td class="none" colspan="${quantiles.length + 1}">${statusOf(cell)}</td>`;
  }
  const values = quantiles.map((name) => {
    const value = cell.percentiles?.[name];
    return value === undefined
      ? markup`<td class="none">–</td>`
      : markup`<td data-value="${value}" title="${exact(value, "ns")}">${brief(value, "ns")}</td>`;
  });
  return [
    values,
    markup`<td data-value="${cell.value}" title="${exactly(cell)}">${median(cell)}</td>`,
  ];
}

const kindNames: Readonly<Record<Kind, string>> = {
  ring: "Rings",
  peer: "Peers",
  reference: "References",
};

function byKind(figure: Figure, columns: number, content: (row: Row) => Content): Content {
  return kinds.map((kind) => {
    const rows = figure.rows.filter((row) => row.kind === kind);
    const name = markup`<th scope="rowgroup" colspan="${columns}">${kindNames[kind]}</th>`;
    return rows.length > 0 &&
      markup`<tbody class="${kind}"><tr class="group">${name}</tr>\n${rows.map(content)}</tbody>\n`;
  });
}

/** Why cells have no value, and what is to be known of those that have: each reason once. */
function notes(figure: Figure, runtimes: readonly RuntimeColumn[]): Content {
  const cells = figure.rows.flatMap(({ cells }) => cells.filter((cell) => cell !== undefined));
  const alike = Map.groupBy(
    cells.filter(({ reason }) => reason),
    ({ status, reason }) => JSON.stringify([status, reason]),
  );
  const note = (same: readonly Cell[]) => {
    const { status, reason } = same[0]!;
    const what = status === "ok" ? "*" : markup`<b>${status}:</b>`;
    return markup`<li>${what} ${reason} (${whose(same, runtimes)})</li>\n`;
  };
  return alike.size > 0 && markup`<ul class="notes">${[...alike.values()].map(note)}</ul>`;
}

/** "spsc on Deno and Bun; duplex on Node" */
function whose(cells: readonly Cell[], runtimes: readonly RuntimeColumn[]): Content {
  const label = ({ runtime }: Cell) => runtimes.find(({ id }) => id === runtime)?.label ?? runtime;
  return [...Map.groupBy(cells, ({ adapter }) => adapter)].map(([adapter, same], at) =>
    markup`${at > 0 && "; "}<code>${adapter}</code> on ${listed(same.map(label))}`
  );
}

function statusOf(cell: Cell | undefined): string {
  return cell?.status ?? "not run";
}

/** The median, an asterisk if there is something to be known of it, and the spread if there is one. */
function median({ value, unit, runs, reason }: Cell): Html {
  const spread = runs.length > 1 &&
    markup` <small>${span(Math.min(...runs), Math.max(...runs), unit)}</small>`;
  return markup`<b>${brief(value ?? NaN, unit)}</b>${reason && markup`<sup>*</sup>`}${spread}`;
}

/** Every exact number behind a cell, for its title. */
function exactly({ value, unit, runs }: Cell): string {
  return `median ${exact(value ?? NaN, unit)}; runs: ${
    runs.map((run) => exact(run, unit)).join(", ")
  }`;
}
