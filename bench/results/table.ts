/** Results as text, at most 80 columns wide: a table a case, entrants down and runtimes across. */
import type { Cell } from "../../reports/schema.ts";
import { standings } from "./claims.ts";
import { cases } from "../cases/all.ts";
import { describe } from "../plan.ts";

const WIDTH = 80, NAME_WIDTH = 38, LEAST_COLUMN = 14;
const COLUMNS = Math.floor((WIDTH - NAME_WIDTH) / LEAST_COLUMN);

/** All tables, then the ratios, then what went wrong. */
export function tables(cells: readonly Cell[]): string {
  const groups = Map.groupBy(cells, (cell) => describe(cell.case, cell.params));
  const titles = cases.flatMap(({ name, params }) => params.map((one) => describe(name, one)));
  const runtimes = [...new Set(cells.map(({ runtime }) => runtime))];
  const parts = [];
  for (let start = 0; start < runtimes.length; start += COLUMNS) {
    const columns = runtimes.slice(start, start + COLUMNS);
    for (const title of titles) parts.push(table(title, groups.get(title) ?? [], columns));
    parts.push(ratios(cells, columns));
  }
  const wrong = cells.filter(({ status }) => status !== "ok").map((cell) =>
    `${cell.adapter} · ${cell.runtime} · ${describe(cell.case, cell.params)}: ` +
    `${cell.status}: ${cell.reason}\n`
  );
  return [...parts, wrong.join("")].filter((part) => part !== "").join("\n");
}

/** Steps of a thousand, from the least that is shown. */
const prefixes: Readonly<Record<Cell["unit"], readonly string[]>> = {
  "items/s": ["/s", "k/s", "M/s", "G/s"],
  "bytes/s": ["B/s", "kB/s", "MB/s", "GB/s"],
  "ns": ["ns", "µs", "ms", "s"],
  "bytes/op": ["B/op"],
  "%": ["%"],
};

/** Three digits with the unit that keeps them short: "512 M/s", "1.23 µs". */
export function scaled(value: number, unit: Cell["unit"]): string {
  const steps = prefixes[unit];
  const digits = Number(value.toPrecision(3));
  if (digits < 0.001) return `${digits === 0 ? "0" : "≈ 0"} ${steps[0]}`;
  if (digits < 0.1) return `${digits.toPrecision(2)} ${steps[0]}`;
  const step = Math.min(steps.length - 1, Math.max(0, Math.floor(Math.log10(digits) / 3)));
  return `${(digits / 1000 ** step).toPrecision(3)} ${steps[step]}`;
}

function table(title: string, group: readonly Cell[], runtimes: readonly string[]): string {
  if (group.length === 0) return "";
  const found = (adapter: string, runtime: string) =>
    group.find((cell) => cell.adapter === adapter && cell.runtime === runtime);
  const shown = (cell: Cell | undefined) =>
    cell === undefined ? "–" : cell.value === null ? cell.status : scaled(cell.value, cell.unit);
  return row(title, runtimes) +
    [...new Set(group.map(({ adapter }) => adapter))].map((adapter) =>
      row(`  ${adapter}`, runtimes.map((runtime) => shown(found(adapter, runtime))))
    ).join("");
}

function ratios(cells: readonly Cell[], runtimes: readonly string[]): string {
  const rows = standings(cells).map(({ claim, unit, limit, standings }) => {
    const shown = runtimes.map((runtime) => {
      const found = standings.find((one) => one.runtime === runtime);
      if (!found) return "–";
      const value = unit === "×" ? times(found.value) : scaled(found.value, unit);
      return found.met === undefined ? value : `${value} ${found.met ? "✓" : "✗"}`;
    });
    if (shown.every((one) => one === "–")) return "";
    return row(`  ${claim}`, []) + row(limit ? `    claimed ${limit}` : "", shown);
  }).join("");
  return rows && row("claims", runtimes) + rows;
}

/** Three digits, and all before the point. */
function times(ratio: number): string {
  return ratio < 1000 ? ratio.toPrecision(3) : Math.round(ratio).toString();
}

function row(head: string, columns: readonly string[]): string {
  const width = Math.floor((WIDTH - NAME_WIDTH) / Math.max(1, columns.length));
  const cells = columns.map((text) => text.slice(0, width - 1).padStart(width)).join("");
  return `${head.padEnd(columns.length ? NAME_WIDTH : 0)}${cells}`.trimEnd() + "\n";
}
