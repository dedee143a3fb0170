/** The story in figures: what the fastest ring of each place reaches, and what that is beside others. */
import type { Cell, Unit } from "../../schema.ts";
import { type Content, type Html, markup } from "../html.ts";
import { listed, type RuntimeColumn } from "../parts/runtimes.ts";
import { table } from "../parts/table.ts";
import { brief, exact, scaled, times } from "../parts/units.ts";
import {
  type Bench,
  type Case,
  factor,
  fastest,
  type Figure,
  inWords,
  type Kind,
  measured,
  ownParams,
  type Place,
  placeInWords,
  places,
  type Row,
} from "./model.ts";

export function summary({ runtimes, cases }: Bench): Html {
  const bench = { runtimes, cases: cases.filter(({ figures }) => isSpeed(figures[0]!.unit)) };
  const tiles = bench.cases.flatMap((each) =>
    places.map((place) => tile(each, place, bench.runtimes))
  );
  return markup`${tiles.some(Boolean) && markup`<ul class="tiles">${tiles}</ul>`}
${fastestTable(bench)}`;
}

/** Whether it makes sense to say that one is so many times as fast as another. */
function isSpeed(unit: Unit): boolean {
  return unit !== "bytes/op" && unit !== "%";
}

/** The fastest ring of a place on one runtime, and what it is held against. */
interface Pair {
  readonly label: string;
  readonly ring: Cell;
  /** The fastest peer, or without one reference, at the ring's parameters if there is one. */
  readonly other: Cell | undefined;
}

/** Only where there is something to hold a ring against; the table has the others. */
function tile(each: Case, place: Place, runtimes: readonly RuntimeColumn[]): Content {
  const all = each.figures.flatMap(({ rows }) => rows.flatMap(({ cells }) => cells));
  const cells = all.filter(measured);
  const pairs = runtimes.flatMap((runtime) =>
    pair(runtime, cells.filter((cell) => cell.ends === place))
  );
  const stories = Map.groupBy(pairs, (found) => story(found, cells).text);
  const told = [...stories.values()].map((same) => {
    const where = stories.size > 1 && `${listed(same.map(({ label }) => label))}: `;
    return markup`<p>${where}${story(same[0]!, cells)}</p>\n`;
  });
  return pairs.some(({ other }) => other) &&
    markup`<li><h3><a href="#${each.id}">${each.name}</a> ${placeInWords[place]}</h3>
<dl>${pairs.map(figureOf)}</dl>
${told}</li>
`;
}

function figureOf({ label, ring, other }: Pair): Html {
  const figure = other
    ? markup`${times(factor(ring, other))}<small> ×</small>`
    : brief(ring.value ?? NaN, ring.unit);
  return markup`<div><dt>${label}</dt><dd>${figure}</dd></div>`;
}

function pair({ id, label }: RuntimeColumn, cells: readonly Cell[]): Pair[] {
  const here = cells.filter(({ runtime }) => runtime === id);
  const ring = fastest(here.filter(({ kind }) => kind === "ring"));
  if (!ring) return [];
  const of = (kind: Kind) => here.filter((cell) => cell.kind === kind && cell.unit === ring.unit);
  const others = of("peer").length > 0 ? of("peer") : of("reference");
  const alike = others.filter(({ params }) => inWords(params) === inWords(ring.params));
  return [{ label, ring, other: fastest(alike) ?? fastest(others) }];
}

/** "spsc at batch 64 beside the fastest peer, ringbuf_js item at a time" */
function story({ ring, other }: Pair, cells: readonly Cell[]): Html {
  const at = (cell: Cell) => {
    const params = inWords(ownParams(cell, cells));
    if (params === "") return "";
    return params.startsWith("item at a time") ? ` ${params}` : ` at ${params}`;
  };
  if (!other) return markup`<code>${ring.adapter}</code>${at(ring)}`;
  const differently = inWords(other.params) !== inWords(ring.params) && at(other);
  return markup`<code>${ring.adapter}</code>${
    at(ring)
  } beside the fastest ${other.kind}, <code>${other.adapter}</code>${differently}`;
}

function fastestTable({ runtimes, cases }: Bench): Html {
  const rows = cases.flatMap((each) =>
    each.figures.flatMap((figure) => places.map((place) => fastestRow(each, figure, place)))
  );
  return table({
    id: "fastest",
    caption: "The fastest ring of every case and place, and how many times as fast it is as the " +
      "fastest peer and reference there at the same parameters",
    style: "fastest",
    sortable: false,
    heads: ["Case", "Ends", ...runtimes.map(({ label }) => label)],
    body: markup`<tbody>${rows}</tbody>`,
  });
}

function fastestRow(each: Case, figure: Figure, place: Place): Content {
  const rows = figure.rows.filter((row) => row.ends === place);
  if (rows.every(({ kind }) => kind !== "ring")) return undefined;
  const link = markup`<a href="#${figure.id}">${each.name}</a> <span>${figure.params}</span>`;
  const cells = rows[0]!.cells.map((_, at) => fastestCell(rows, at));
  return markup`<tr><th scope="row">${link}</th><td>${placeInWords[place]}</td>${cells}</tr>\n`;
}

function fastestCell(rows: readonly Row[], at: number): Html {
  const best = (kind: Kind) =>
    fastest(rows.filter((row) => row.kind === kind).map(({ cells }) => cells[at]));
  const ring = best("ring");
  if (!ring) return markup`<td class="none">none measured</td>`;
  const value = ring.value ?? NaN;
  const beside = [best("peer"), best("reference")].map((other) =>
    other &&
    markup` <span class="ratio">${
      times(factor(ring, other))
    } × <code>${other.adapter}</code></span>`
  );
  return markup`<td title="${exact(value, ring.unit)}"><b>${
    scaled(value, ring.unit)
  }</b> <code>${ring.adapter}</code><br>${beside}</td>`;
}
