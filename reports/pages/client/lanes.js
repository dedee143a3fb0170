// @ts-check
/// <reference lib="dom" />
/**
 * What Chart.js has no notion of: the spread of the runs, quantiles, the label at each bar's end, and
 * the lines between rings, peers and references.
 */
import { chartDrawn, style } from "./page.js";

/**
 * @typedef {{ id: string, label: string, letter: string, name: string, shade: number }} Runtime
 * @typedef {{ value: number | null, low: number, high: number, marks: { name: string, value: number }[],
 *   label: string, detail: string[] }} Lane
 * @typedef {{ adapter: string, kind: string, lanes: (Lane | null)[] }} BarRow
 * @typedef {{ rows: BarRow[], runtimes: { at: number, runtime: Runtime }[],
 *   scale: "logarithmic" | "linear" }} Shown
 */

export const laneHeight = 12;
export const laneGap = 2;

/**
 * @param {string} id
 * @param {Shown} shown
 * @returns {import("chart.js").Plugin<"bar">}
 */
export function lanesPlugin(id, shown) {
  return {
    id: "lanes",
    beforeDatasetsDraw: (chart) => drawDividers(chart, shown.rows),
    afterDatasetsDraw(chart) {
      shown.rows.forEach(({ kind }, row) =>
        shown.runtimes.forEach(({ runtime }, dataset) => {
          const lane = laneOf(shown, dataset, row);
          const y = chart.getDatasetMeta(dataset).data[row]?.y;
          if (lane && y !== undefined) drawLane(chart, lane, y, kind, runtime);
        })
      );
      chartDrawn(id);
    },
  };
}

/** @param {Runtime} runtime */
export function toneOf({ name, shade }) {
  return style(name) + (["", "a6", "66"][shade] ?? "40");
}

/**
 * Rings are solid, peers tinted, references outlined.
 * @param {string} kind
 * @param {string} tone
 */
export function fill(kind, tone) {
  return kind === "ring" ? tone : kind === "peer" ? `${tone.slice(0, 7)}40` : style("paper");
}

/**
 * Whether bars span quantiles, and do not start at zero.
 * @param {BarRow[]} rows
 */
export function spans(rows) {
  return rows.some(({ lanes }) => lanes.some((lane) => (lane?.marks.length ?? 0) > 0));
}

/**
 * @param {Shown} shown
 * @param {number} dataset
 * @param {number} row
 */
export function laneOf(shown, dataset, row) {
  const at = shown.runtimes[dataset]?.at;
  return at === undefined ? null : shown.rows[row]?.lanes[at] ?? null;
}

/**
 * @param {import("chart.js").Chart} chart
 * @param {Lane} lane
 * @param {number} y
 * @param {string} kind
 * @param {Runtime} runtime
 */
function drawLane({ ctx, scales, chartArea }, lane, y, kind, runtime) {
  const x = scales.x;
  if (!x) return;
  ctx.save();
  ctx.lineWidth = 1;
  let end = chartArea.left;
  if (lane.value !== null) {
    const points = (lane.marks.length > 0
      ? lane.marks.map(({ value }) => value)
      : [lane.low, lane.high])
      .map((value) => x.getPixelForValue(value));
    if (lane.marks.length > 0) drawQuantiles(ctx, points, y, toneOf(runtime), kind);
    else drawSpread(ctx, points, y);
    end = Math.max(...points);
  }
  ctx.font = `10px ${style("sans")}`;
  ctx.textBaseline = "middle";
  ctx.fillStyle = style("muted");
  ctx.fillText(`${runtime.letter}  ${lane.label}`, end + 6, y + 0.5);
  ctx.restore();
}

/**
 * A block between the two lowest, a line from there to the highest, and a stroke at each.
 * @param {CanvasRenderingContext2D} ctx
 * @param {number[]} points
 * @param {number} y
 * @param {string} tone
 * @param {string} kind
 */
function drawQuantiles(ctx, points, y, tone, kind) {
  const [first = 0, second = first] = points;
  const half = (laneHeight - laneGap) / 2;
  ctx.strokeStyle = tone;
  ctx.fillStyle = fill(kind, tone);
  ctx.beginPath();
  ctx.moveTo(first, y);
  ctx.lineTo(Math.max(...points), y);
  for (const point of points) strokeAt(ctx, point, y, half);
  ctx.stroke();
  ctx.fillRect(first, y - half, second - first, 2 * half);
  ctx.strokeRect(first, y - half, second - first, 2 * half);
}

/**
 * The least and the greatest of the runs.
 * @param {CanvasRenderingContext2D} ctx
 * @param {number[]} points
 * @param {number} y
 */
function drawSpread(ctx, [low = 0, high = 0], y) {
  if (high - low < 3) return;
  ctx.strokeStyle = style("ink");
  ctx.beginPath();
  ctx.moveTo(low, y);
  ctx.lineTo(high, y);
  strokeAt(ctx, low, y, 2.5);
  strokeAt(ctx, high, y, 2.5);
  ctx.stroke();
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x
 * @param {number} y
 * @param {number} reach
 */
function strokeAt(ctx, x, y, reach) {
  ctx.moveTo(x, y - reach);
  ctx.lineTo(x, y + reach);
}

/**
 * @param {import("chart.js").Chart} chart
 * @param {BarRow[]} rows
 */
function drawDividers({ ctx, scales, chartArea }, rows) {
  const y = scales.y;
  if (!y) return;
  ctx.save();
  ctx.strokeStyle = style("rule");
  ctx.beginPath();
  rows.forEach(({ kind }, at) => {
    if (at === 0 || rows[at - 1]?.kind === kind) return;
    const between = Math.round((y.getPixelForValue(at - 1) + y.getPixelForValue(at)) / 2) + 0.5;
    ctx.moveTo(0, between);
    ctx.lineTo(chartArea.right, between);
  });
  ctx.stroke();
  ctx.restore();
}
