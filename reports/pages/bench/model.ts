/**
 * The cells of a bench run as the page shows them: a case has one figure for each set of parameters,
 * a figure has a row for each adapter, and a row a cell for each runtime.
 *
 * Cells are held against each other only where their ends stood alike: between two tasks of one
 * thread an item has a shorter way than between two threads, and there than between two processes.
 */
import { type BenchResults, type Cell, family, place, type Unit } from "../../schema.ts";
import { type RuntimeColumn, runtimeColumns } from "../parts/runtimes.ts";
import { lessIsBetter } from "../parts/units.ts";

export const kinds = ["ring", "peer", "reference"] as const;
export type Kind = typeof kinds[number];

export const families = family.options;
export type Family = typeof families[number];

export const places = place.options;
export type Place = typeof places[number];

/** Where the ends of a cell stood, in words. */
export const placeInWords: Readonly<Record<Place, string>> = {
  task: "between tasks",
  device: "at a device",
  workers: "between threads",
  processes: "between processes",
};

export interface Bench {
  readonly runtimes: readonly RuntimeColumn[];
  readonly cases: readonly Case[];
}

export interface Case {
  /** For an element's id: unique in the page. */
  readonly id: string;
  readonly name: string;
  /** What it measures, in a sentence without its full stop; empty when the results do not say. */
  readonly summary: string;
  /** Parameters that all its figures share, in words; empty when there are none. */
  readonly shared: string;
  readonly figures: readonly Figure[];
}

export interface Figure {
  readonly id: string;
  /** Its own parameters in words; empty when the case has one figure. */
  readonly params: string;
  readonly unit: Unit;
  /** The quantiles that any of its cells has, in order: "p50", "p99". Empty but for latency. */
  readonly quantiles: readonly string[];
  /** Rings first, then peers, then references; family by family, and in each the fastest first. */
  readonly rows: readonly Row[];
}

export interface Row {
  readonly adapter: string;
  readonly family: Family;
  readonly kind: Kind;
  readonly ends: Place | undefined;
  /** One a runtime, in the order of the columns; undefined where none was measured. */
  readonly cells: readonly (Cell | undefined)[];
}

export function bench(results: BenchResults): Bench {
  const runtimes = runtimeColumns(
    results.environment,
    results.cells.map(({ runtime }) => runtime),
  );
  const cases = [...Map.groupBy(results.cells, (cell) => cell.case)];
  return {
    runtimes,
    cases: cases.map(([name, cells], at) => ({
      ...caseOf(`case-${at + 1}`, name, cells, runtimes),
      summary: capitalized(results.cases?.[name] ?? ""),
    })),
  };
}

/** How many times as fast `one` is as `other`, whichever way their unit counts. */
export function factor(one: Cell, other: Cell): number {
  const [mine, theirs] = [one.value ?? NaN, other.value ?? NaN];
  return lessIsBetter[one.unit] ? theirs / mine : mine / theirs;
}

export function fastest(cells: readonly (Cell | undefined)[]): Cell | undefined {
  return cells.filter(measured)
    .reduce<Cell | undefined>(
      (best, cell) => best && factor(best, cell) >= 1 ? best : cell,
      undefined,
    );
}

export function measured(cell: Cell | undefined): cell is Cell & { value: number } {
  return cell?.status === "ok" && cell.value !== null;
}

/** "batch 64, capacity 4096"; a batch of one is what the field calls an item at a time. */
export function inWords(params: Cell["params"]): string {
  return Object.entries(params)
    .map(([name, value]) =>
      name === "batch" && value === 1 ? "item at a time" : `${spaced(name)} ${value}`
    )
    .join(", ");
}

/** Names of cases and parameters as words. */
export function spaced(name: string): string {
  return name.replace(/[_-]+/g, " ");
}

export function capitalized(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

/** The parameters of a cell that not all cells of its case share. */
export function ownParams(cell: Cell, all: readonly Cell[]): Cell["params"] {
  return Object.fromEntries(
    Object.entries(cell.params).filter(([name, value]) =>
      all.some(({ params }) => params[name] !== value)
    ),
  );
}

function caseOf(
  id: string,
  name: string,
  cells: readonly Cell[],
  runtimes: readonly RuntimeColumn[],
): Omit<Case, "summary"> {
  const own = (cell: Cell) => inWords(ownParams(cell, cells));
  const figures = [
    ...Map.groupBy(cells, (cell) => JSON.stringify([own(cell), cell.unit])).values(),
  ];
  const first = cells[0]!;
  const shared = Object.entries(first.params)
    .filter(([key, value]) => cells.every(({ params }) => params[key] === value));
  return {
    id,
    name: capitalized(spaced(name)),
    shared: inWords(Object.fromEntries(shared)),
    figures: figures.map((group, at) => ({
      id: `${id}-${at + 1}`,
      params: own(group[0]!),
      unit: group[0]!.unit,
      quantiles: quantiles(group),
      rows: rows(group, runtimes),
    })),
  };
}

function rows(cells: readonly Cell[], runtimes: readonly RuntimeColumn[]): Row[] {
  const adapters = [...Map.groupBy(cells, ({ adapter, kind }) => JSON.stringify([adapter, kind]))];
  return adapters
    .map(([, group]) => ({
      adapter: group[0]!.adapter,
      family: group[0]!.family,
      kind: group[0]!.kind,
      ends: group.find(({ ends }) => ends)?.ends,
      cells: runtimes.map(({ id }) => group.find(({ runtime }) => runtime === id)),
    }))
    .sort((one, other) =>
      kinds.indexOf(one.kind) - kinds.indexOf(other.kind) ||
      families.indexOf(one.family) - families.indexOf(other.family) ||
      faster(fastest(one.cells), fastest(other.cells))
    );
}

/** Orders the fastest first and what was not measured last. */
function faster(one: Cell | undefined, other: Cell | undefined): number {
  if (!one || !other) return one ? -1 : other ? 1 : 0;
  return factor(other, one) - 1;
}

function quantiles(cells: readonly Cell[]): string[] {
  const names = new Set(cells.flatMap(({ percentiles }) => Object.keys(percentiles ?? {})));
  const position = (name: string) => {
    const percent = Number(name.replace(/^p/, ""));
    return Number.isNaN(percent) ? 100 : percent; // "max"
  };
  return [...names].sort((one, other) => position(one) - position(other));
}
