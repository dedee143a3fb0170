/** What the page's script draws: the figures as plain numbers, with their labels made here. */
import type { Cell, Unit } from "../../schema.ts";
import type { RuntimeColumn } from "../parts/runtimes.ts";
import { brief, exact, span } from "../parts/units.ts";
import { type Bench, type Kind, measured } from "./model.ts";

export interface ChartData {
  readonly runtimes: readonly RuntimeColumn[];
  readonly figures: readonly ChartFigure[];
}

export interface ChartFigure {
  readonly id: string;
  readonly unit: Unit;
  readonly rows: readonly {
    readonly adapter: string;
    readonly kind: Kind;
    readonly lanes: readonly (Lane | null)[];
  }[];
}

export interface Lane {
  /** Where the bar ends; null when there is only a status to show. */
  readonly value: number | null;
  /** The spread of the runs or, where there are marks, of the quantiles. */
  readonly low: number;
  readonly high: number;
  /** Quantiles, from the least. */
  readonly marks: readonly { readonly name: string; readonly value: number }[];
  /** At the bar's end. */
  readonly label: string;
  /** Lines of the tooltip. */
  readonly detail: readonly string[];
}

export function chartData({ runtimes, cases }: Bench): ChartData {
  return {
    runtimes,
    figures: cases.flatMap(({ figures }) =>
      figures.map(({ id, unit, rows }) => ({
        id,
        unit,
        rows: rows.map(({ adapter, kind, cells }) => ({ adapter, kind, lanes: cells.map(lane) })),
      }))
    ),
  };
}

function lane(cell: Cell | undefined): Lane | null {
  if (!cell) return null;
  if (!measured(cell)) {
    const detail = [cell.status, ...(cell.reason ? [cell.reason] : [])];
    return { value: null, low: 0, high: 0, marks: [], label: cell.status, detail };
  }
  const marks = Object.entries(cell.percentiles ?? {})
    .map(([name, value]) => ({ name, value }))
    .filter(({ value }) => value > 0)
    .sort((one, other) => one.value - other.value);
  const points = marks.length > 0 ? marks.map(({ value }) => value) : [cell.value, ...cell.runs];
  const runs = cell.runs.length > 1
    ? [
      `${
        span(Math.min(...cell.runs), Math.max(...cell.runs), cell.unit)
      } over ${cell.runs.length} runs`,
    ]
    : [];
  return {
    value: cell.value,
    low: Math.min(...points),
    high: Math.max(...points),
    marks,
    label: marks.length > 1
      ? `${brief(Math.min(...points), "ns")} – ${brief(Math.max(...points), "ns")}`
      : brief(cell.value, cell.unit),
    detail: [
      exact(cell.value, cell.unit),
      ...runs,
      ...marks.map(({ name, value }) => `${name} ${exact(value, "ns")}`),
    ],
  };
}
