// @ts-check
/// <reference lib="dom" />
/** Horizontal bars, one row an adapter and one lane a runtime, on a logarithmic or a linear scale. */
import { fill, laneGap, laneHeight, laneOf, lanesPlugin, spans, toneOf } from "./lanes.js";
import { style, tooltipColours } from "./page.js";

/**
 * @typedef {import("./lanes.js").BarRow} BarRow
 * @typedef {import("./lanes.js").Runtime} Runtime
 * @typedef {import("./lanes.js").Shown} Shown
 * @typedef {"items/s" | "bytes/s" | "ns" | "bytes/op" | "%"} Unit
 * @typedef {{ id: string, unit: Unit, rows: BarRow[] }} Figure
 */

const rowGap = 9;
const axisHeight = 34;

/** @param {Shown} shown */
export function barsHeight({ rows, runtimes }) {
  return rows.length * (runtimes.length * laneHeight + rowGap) + axisHeight;
}

/**
 * @param {Figure} figure
 * @param {Shown} shown
 * @returns {import("chart.js").ChartConfiguration<"bar", ([number, number] | number | null)[], string>}
 */
export function barsConfig(figure, shown) {
  const { rows, runtimes, scale } = shown;
  const { least, most } = extent(rows, runtimes, scale);
  return {
    type: "bar",
    data: {
      labels: rows.map(({ adapter }) => adapter),
      datasets: runtimes.map(({ at, runtime }) => dataset(rows, at, runtime, runtimes.length)),
    },
    options: {
      animation: false,
      indexAxis: "y",
      maintainAspectRatio: false,
      layout: { padding: { right: spans(rows) ? 126 : 72 } }, // room for the labels
      interaction: { mode: "nearest", axis: "y", intersect: false },
      scales: { x: valueAxis(figure.unit, scale, least, most), y: adapterAxis(rows) },
      plugins: {
        legend: { display: false },
        tooltip: {
          ...tooltipColours(),
          callbacks: {
            title: ([item]) => item ? rows[item.dataIndex]?.adapter ?? "" : "",
            label: (item) => {
              const lane = laneOf(shown, item.datasetIndex, item.dataIndex);
              return [item.dataset.label ?? "", ...lane?.detail ?? ["not run"]];
            },
          },
        },
      },
    },
    plugins: [lanesPlugin(figure.id, shown)],
  };
}

/**
 * @param {BarRow[]} rows
 * @param {number} at
 * @param {Runtime} runtime
 * @param {number} count of runtimes
 */
function dataset(rows, at, runtime, count) {
  const tone = toneOf(runtime);
  return {
    label: runtime.label,
    data: rows.map(({ lanes }) => {
      const lane = lanes[at];
      if (!lane || lane.value === null) return null;
      return lane.marks.length > 0
        ? /** @type {[number, number]} */ ([lane.low, lane.high])
        : lane.value;
    }),
    // Of a bar that spans quantiles drawLane() draws what there is to see.
    backgroundColor: rows.map(({ kind }) => spans(rows) ? "transparent" : fill(kind, tone)),
    borderColor: spans(rows) ? "transparent" : tone,
    borderWidth: 1,
    borderSkipped: false,
    categoryPercentage: 1 - rowGap / (count * laneHeight + rowGap),
    barPercentage: 1 - laneGap / laneHeight,
    minBarLength: 2,
  };
}

/**
 * A logarithmic scale starts at a decade; either kind ends at the next 1, 2 or 5 of one.
 * @param {BarRow[]} rows
 * @param {Shown["runtimes"]} runtimes
 * @param {string} scale
 */
function extent(rows, runtimes, scale) {
  const lanes = rows.flatMap(({ lanes }) => runtimes.map(({ at }) => lanes[at]))
    .filter((lane) => lane && lane.value !== null);
  // Nothing at all has no place on a logarithmic scale, where such a bar is as short as can be.
  const low = Math.min(...lanes.map((lane) => lane?.low || Infinity));
  const high = Math.max(...lanes.map((lane) => lane?.high ?? 0));
  if (high === 0) return { least: 1, most: 10 };
  const decade = 10 ** Math.floor(Math.log10(high));
  return {
    least: scale === "linear" ? 0 : 10 ** Math.floor(Math.log10(low * 0.8)),
    most: decade * ([1, 2, 5].find((step) => high <= step * decade) ?? 10),
  };
}

/**
 * @param {Unit} unit
 * @param {"logarithmic" | "linear"} scale
 * @param {number} min
 * @param {number} max
 */
function valueAxis(unit, scale, min, max) {
  return {
    type: scale,
    min,
    max,
    border: { color: style("rule") },
    grid: { color: style("hairline"), tickColor: style("rule") },
    title: {
      display: true,
      text: unit === "ns" ? "time" : unit,
      align: /** @type {const} */ ("end"),
      color: style("muted"),
      padding: 0,
    },
    /** @param {import("chart.js").Scale} axis */
    afterBuildTicks: (axis) => {
      if (scale === "logarithmic") axis.ticks = decades(min, max);
    },
    ticks: {
      color: style("muted"),
      maxRotation: 0,
      /** @param {string | number} value */
      callback: (value) => tick(Number(value), unit),
    },
  };
}

/**
 * Ticks at the decades, and between them too where there are hardly any.
 * @param {number} min
 * @param {number} max
 */
function decades(min, max) {
  const steps = max / min < 200 ? [1, 2, 5] : [1];
  const ticks = [];
  for (let decade = Math.floor(Math.log10(min)); 10 ** decade <= max; decade++) {
    for (const step of steps) ticks.push({ value: step * 10 ** decade });
  }
  return ticks.filter(({ value }) => value >= min && value <= max);
}

/**
 * @param {number} value
 * @param {Unit} unit
 */
function tick(value, unit) {
  const prefixes = unit === "ns"
    ? [[1e9, "s"], [1e6, "ms"], [1e3, "µs"], [1, "ns"]]
    : unit.endsWith("/s")
    ? [[1e9, "G"], [1e6, "M"], [1e3, "k"]]
    : [];
  const [step, prefix] = prefixes.find(([least]) => value >= Number(least)) ??
    [1, unit === "ns" ? "ns" : ""];
  return `${Number((value / Number(step)).toPrecision(3))} ${prefix}`.trimEnd();
}

/** @param {BarRow[]} rows */
function adapterAxis(rows) {
  return {
    border: { color: style("rule") },
    grid: { display: false },
    ticks: {
      autoSkip: false,
      font: { family: style("mono"), size: 11 },
      /** @param {{ index: number }} context */
      color: ({ index }) => style(rows[index]?.kind === "ring" ? "ink" : "muted"),
      /** @param {string | number} _ @param {number} index */
      callback: (_, index) => {
        const name = rows[index]?.adapter ?? "";
        return name.length > 18 ? `${name.slice(0, 17)}…` : name;
      },
    },
  };
}
