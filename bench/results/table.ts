/** Results as text, at most 80 columns wide: a table a case, entrants down and runtimes across. */
import type { Cell } from "../../reports/schema.ts";
import { claims, sentence, standing } from "./claims.ts";
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

/** Three digits with the unit that keeps them short: "512 M/s", "1.23 µs". */
export function scaled(value: number, unit: Cell["unit"]): string {
  const steps = unit === "ns" ? ["ns", "µs", "ms", "s"] : ["/s", "k/s", "M/s", "G/s"];
  const digits = Number(value.toPrecision(3));
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
  const rows = claims.map((claim) => {
    const found = runtimes.map((runtime) => standing(claim, cells, runtime));
    if (found.every((one) => one === undefined)) return "";
    const limit = claim.atLeast === undefined ? `≤ ${claim.atMost}` : `≥ ${claim.atLeast}`;
    const shown = found.map((one) =>
      one === undefined ? "–" : `${one.ratio.toPrecision(3)} ${one.met ? "✓" : "✗"}`
    );
    return row(`  ${sentence(claim)}`, []) + row(`    claimed ${limit}`, shown);
  }).join("");
  return rows && row("ratios", runtimes) + rows;
}

function row(head: string, columns: readonly string[]): string {
  const width = Math.floor((WIDTH - NAME_WIDTH) / Math.max(1, columns.length));
  const cells = columns.map((text) => text.slice(0, width - 1).padStart(width)).join("");
  return `${head.padEnd(columns.length ? NAME_WIDTH : 0)}${cells}`.trimEnd() + "\n";
}
