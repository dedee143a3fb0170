// @ts-check
/// <reference lib="dom" />
/** The conformance page: draws its chart, filters the matrix, and shows what is behind a verdict. */
import {
  byId,
  Chart,
  chartDrawn,
  makeSortable,
  onColourChange,
  pageData,
  style,
  tooltipColours,
} from "./page.js";

/**
 * @typedef {"pass" | "fail" | "known" | "skip" | "unknown"} Outcome
 * @typedef {{ verdict: Outcome, reason: string, seed: number, repro: string, ms: number }} VerdictCell
 * @typedef {{ id: string, level: string, sentence: string, cells: (VerdictCell | null)[] }} MatrixRule
 * @typedef {{ adapter: string } & Record<Outcome, number>} AdapterTally
 */

/**
 * @type {{ adapters: string[], runtimes: { id: string, label: string }[], rules: MatrixRule[],
 *   tallies: AdapterTally[] }}
 */
const data = pageData();
/** From the left: what matters first starts at zero, where it can be compared. */
const outcomes = /** @type {const} */ (["fail", "unknown", "known", "pass", "skip"]);
const glyphs = { fail: "✗", unknown: "?", known: "~", pass: "✓", skip: "–" };

const matrix = /** @type {HTMLTableElement} */ (byId("matrix"));
const controls = /** @type {HTMLFormElement} */ (byId("controls"));
const detail = /** @type {HTMLDialogElement} */ (byId("detail"));
const rows = /** @type {HTMLTableRowElement[]} */ ([...matrix.querySelectorAll("tr[data-rule]")]);
/** @type {import("chart.js").Chart | undefined} */
let chart;

makeSortable();
makeExplorable();
addEventListener("resize", fit);
fit();
controls.hidden = false;
controls.addEventListener("input", filter);
controls.addEventListener("submit", (event) => event.preventDefault());
byId("detail-close").addEventListener("click", () => detail.close());
onColourChange(draw);
draw();

function draw() {
  const canvas = document.querySelector('[data-figure="adapters"] canvas');
  if (!(canvas instanceof HTMLCanvasElement) || !canvas.parentElement) return;
  Chart.defaults.font.family = style("sans");
  Chart.defaults.font.size = 11;
  canvas.parentElement.style.height = `${data.tallies.length * 24 + 34}px`;
  chart?.destroy();
  chart = new Chart(canvas, {
    type: "bar",
    data: {
      labels: data.tallies.map(({ adapter }) => adapter),
      datasets: outcomes.map((outcome) => ({
        label: outcome,
        data: data.tallies.map((tally) => tally[outcome] || null),
        ...fill(outcome),
        barPercentage: 0.8,
        categoryPercentage: 0.9,
      })),
    },
    options: {
      animation: false,
      indexAxis: "y",
      maintainAspectRatio: false,
      interaction: { mode: "index", axis: "y", intersect: false },
      scales: {
        x: {
          stacked: true,
          border: { color: style("rule") },
          grid: { color: style("hairline") },
          ticks: { color: style("muted") },
        },
        y: {
          stacked: true,
          border: { color: style("rule") },
          grid: { display: false },
          ticks: {
            autoSkip: false,
            color: style("ink"),
            font: { family: style("mono"), size: 11 },
          },
        },
      },
      plugins: { legend: { display: false }, tooltip: tooltipColours() },
    },
    plugins: [{ id: "counts", afterDatasetsDraw: drawCounts }],
  });
}

/** @param {Outcome} outcome */
function fill(outcome) {
  return outcome === "skip"
    ? { backgroundColor: style("raised"), borderColor: style("rule"), borderWidth: 1 }
    : outcome === "pass"
    ? { backgroundColor: style("pass-fill") }
    : { backgroundColor: style(outcome), minBarLength: 3 };
}

/**
 * The count stands in its segment, and the glyph before it says which that is without the colour.
 * @param {import("chart.js").Chart} chart
 */
function drawCounts(chart) {
  const { ctx } = chart;
  ctx.save();
  ctx.font = `600 10px ${style("sans")}`;
  ctx.textBaseline = "middle";
  ctx.textAlign = "center";
  outcomes.forEach((outcome, dataset) => {
    ctx.fillStyle = outcome === "skip" ? style("muted") : style(`${outcome}-ink`);
    data.tallies.forEach((tally, row) => {
      const bar = chart.getDatasetMeta(dataset).data[row];
      if (!bar || tally[outcome] === 0) return;
      const { x, y, base } = bar.getProps(["x", "y", "base"], true);
      const text = `${glyphs[outcome]} ${tally[outcome]}`;
      if (ctx.measureText(text).width + 4 < x - base) ctx.fillText(text, (x + base) / 2, y + 0.5);
    });
  });
  ctx.restore();
  chartDrawn("adapters");
}

/** Where the matrix needs no scrolling of its own, its head sticks to the window instead. */
function fit() {
  const frame = byId("matrix-scroll");
  frame.classList.toggle("fits", matrix.offsetWidth <= frame.clientWidth);
}

function filter() {
  const values = new FormData(controls);
  const runtimes = data.runtimes.map(({ id }) => values.getAll("runtime").includes(id));
  const levels = values.getAll("level");
  const wanted = String(values.get("rule") ?? "").trim().toLowerCase();
  const shown = runtimes.filter(Boolean).length;
  const [names, letters] = matrix.tHead?.rows ?? [];
  for (const head of [...names?.cells ?? []].slice(1)) {
    head.hidden = shown === 0;
    head.colSpan = Math.max(shown, 1);
  }
  const groups = [...matrix.querySelectorAll("colgroup")].slice(1);
  for (const group of groups) group.span = Math.max(shown, 1);
  [...letters?.cells ?? []].forEach((cell, at) => cell.hidden = !runtimes[at % runtimes.length]);
  rows.forEach((row, at) => {
    const rule = data.rules[at];
    const visible = rule?.cells.filter((_, column) => runtimes[column % runtimes.length]) ?? [];
    const troubled = visible.some((cell) =>
      cell?.verdict === "fail" || cell?.verdict === "unknown"
    );
    row.hidden = !levels.includes(rule?.level ?? "") ||
      (values.has("troubled") && !troubled) ||
      !`${rule?.id} ${rule?.sentence}`.toLowerCase().includes(wanted);
    cellsOf(row).forEach((cell, column) => cell.hidden = !runtimes[column % runtimes.length]);
  });
  for (const body of matrix.tBodies) {
    body.hidden = [...body.rows].slice(1).every((row) => row.hidden);
  }
  fit();
}

/** The matrix becomes a grid: one stop for the tab key, arrows within, Enter for what is behind. */
function makeExplorable() {
  matrix.setAttribute("role", "grid");
  const first = rows[0] && cellsOf(rows[0])[0];
  if (first) first.tabIndex = 0;
  matrix.addEventListener("click", (event) => {
    const cell = event.target instanceof Element ? event.target.closest("td") : null;
    if (cell) choose(cell);
  });
  matrix.addEventListener("keydown", (event) => {
    const cell = event.target instanceof Element ? event.target.closest("td") : null;
    if (!cell) return;
    if (event.key === "Enter" || event.key === " ") choose(cell);
    else if (!move(cell, event.key)) return;
    event.preventDefault();
  });
}

/**
 * @param {HTMLTableCellElement} cell
 * @param {string} key
 */
function move(cell, key) {
  const row = /** @type {HTMLTableRowElement} */ (cell.parentElement);
  const across = cellsOf(row).filter(({ hidden }) => !hidden);
  const down = rows.filter(({ hidden }) => !hidden);
  const [x, y] = [across.indexOf(cell), down.indexOf(row)];
  /** @type {Record<string, [number, number]>} */
  const targets = {
    ArrowLeft: [x - 1, y],
    ArrowRight: [x + 1, y],
    ArrowUp: [x, y - 1],
    ArrowDown: [x, y + 1],
    Home: [0, y],
    End: [across.length - 1, y],
  };
  const target = targets[key];
  if (!target) return false;
  const next = down[target[1]];
  if (next) focusCell(cellsOf(next).filter(({ hidden }) => !hidden)[target[0]]);
  return true;
}

/** @param {HTMLTableCellElement | undefined} cell */
function focusCell(cell) {
  if (!cell) return;
  for (const other of matrix.querySelectorAll("td[tabindex]")) other.removeAttribute("tabindex");
  cell.tabIndex = 0;
  cell.focus();
}

/** @param {HTMLTableCellElement} cell */
function choose(cell) {
  const row = /** @type {HTMLTableRowElement} */ (cell.parentElement);
  const rule = data.rules[rows.indexOf(row)];
  const column = cellsOf(row).indexOf(cell);
  const found = rule?.cells[column];
  if (!rule || !found) return;
  focusCell(cell);
  const adapter = data.adapters[Math.floor(column / data.runtimes.length)];
  const runtime = data.runtimes[column % data.runtimes.length];
  byId("detail-heading").textContent = `${rule.id}, ${adapter} on ${runtime?.label}`;
  byId("detail-sentence").textContent = `${rule.level}: ${rule.sentence}`;
  byId("detail-verdict").textContent = `${glyphs[found.verdict]} ${found.verdict}`;
  byId("detail-seed").textContent = String(found.seed);
  byId("detail-ms").textContent = `${Math.round(found.ms).toLocaleString("en-US")} ms`;
  byId("detail-reason").textContent = found.reason;
  byId("detail-repro").textContent = found.repro;
  detail.showModal();
}

/** @param {HTMLTableRowElement} row */
function cellsOf(row) {
  return [...row.cells].slice(1);
}
