/** Numbers as people read them: three digits and a prefix. The exact ones stand beside them. */

import type { Unit } from "../../schema.ts";

/** Whether the smaller of two values is the better one. */
export const lessIsBetter: Readonly<Record<Unit, boolean>> = {
  "items/s": false,
  "bytes/s": false,
  "ns": true,
  "bytes/op": true,
  "%": true,
};

/** What a chart or a table of it shows. */
export const measureOf: Readonly<Record<Unit, string>> = {
  "items/s": "Items per second, more is better",
  "bytes/s": "Bytes per second, more is better",
  "ns": "Time, less is better",
  "bytes/op": "Bytes allocated per operation, less is better",
  "%": "Processor time, percent of one core, less is better",
};

/** "412 M items/s", "8.21 µs". */
export function scaled(value: number, unit: Unit): string {
  const { digits, prefix } = short(value, unit);
  return `${digits} ${prefix}${unit === "ns" ? "" : unit}`;
}

/** As `scaled` without what a column's head says: "412 M", "8.21 µs". */
export function brief(value: number, unit: Unit): string {
  const { digits, prefix } = short(value, unit);
  return `${digits} ${prefix}`.trimEnd();
}

/** "398–431 M"; both prefixes where they differ. */
export function span(low: number, high: number, unit: Unit): string {
  const [from, to] = [short(low, unit), short(high, unit)];
  if (from.prefix === to.prefix) return `${from.digits}–${to.digits} ${to.prefix}`.trimEnd();
  return `${brief(low, unit)} – ${brief(high, unit)}`;
}

/** "412,345,678 items/s", "8,214.5 ns". */
export function exact(value: number, unit: Unit): string {
  return `${value.toLocaleString("en-US", { maximumFractionDigits: 1 })} ${unit}`;
}

/** How many times as fast one is as the other, no finer than such runs can tell: "14.2", "0.71". */
export function times(factor: number): string {
  const rounded = Number(factor.toPrecision(3));
  if (rounded >= 100) return rounded.toLocaleString("en-US");
  return rounded < 1 ? factor.toPrecision(2) : rounded.toFixed(1);
}

/** "15.5 GiB" */
export function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toPrecision(3)} GiB`;
}

type Steps = readonly (readonly [number, string])[];

const rates: Steps = [[1e9, "G "], [1e6, "M "], [1e3, "k "], [1, ""]];
const steps: Readonly<Record<Unit, Steps>> = {
  "items/s": rates,
  "bytes/s": rates,
  "ns": [[1e9, "s"], [1e6, "ms"], [1e3, "µs"], [1, "ns"]],
  "bytes/op": [[1, ""]],
  "%": [[1, ""]],
};
/** Below this, no gauge of ours tells a value from none. */
const LEAST = 0.001;

function short(value: number, unit: Unit): { digits: string; prefix: string } {
  if (value < LEAST) {
    return { digits: value === 0 ? "0" : `< ${LEAST}`, prefix: steps[unit].at(-1)![1] };
  }
  // Rounded first, so that 999,999 is 1.00 M and not 1000 k.
  const rounded = Number(value.toPrecision(3));
  const [step, prefix] = steps[unit].find(([least]) => rounded >= least) ?? steps[unit].at(-1)!;
  const size = rounded / step;
  return { digits: size < 1000 ? size.toPrecision(3) : size.toLocaleString("en-US"), prefix };
}
