// @ts-check
/// <reference lib="dom" />
/** The benchmark page: draws its charts, and lets the reader choose what charts and tables show. */
import { barsConfig, barsHeight } from "./bars.js";
import { byId, Chart, makeSortable, onColourChange, pageData, style } from "./page.js";

/** @type {{ runtimes: import("./lanes.js").Runtime[], figures: import("./bars.js").Figure[] }} */
const data = pageData();
const controls = /** @type {HTMLFormElement} */ (byId("controls"));
/** @type {Map<string, import("chart.js").Chart<"bar", ([number, number] | number | null)[], string>>} */
const charts = new Map();

controls.hidden = false;
controls.addEventListener("input", show);
controls.addEventListener("submit", (event) => event.preventDefault());
onColourChange(draw);
makeSortable();
draw();

function show() {
  const { runtimes, kinds, wanted } = choice();
  for (const element of elements("[data-runtime]")) {
    element.hidden = !runtimes.has(element.dataset.runtime ?? "");
  }
  for (const row of elements("[data-adapter]")) {
    const other = row.dataset.runtime !== undefined && !runtimes.has(row.dataset.runtime);
    row.hidden = other || !row.dataset.adapter?.includes(wanted);
  }
  for (const body of elements(".measures tbody")) body.hidden = !kinds.has(body.className);
  draw();
}

function draw() {
  const { runtimes, kinds, wanted, scale } = choice();
  Chart.defaults.font.family = style("sans");
  Chart.defaults.font.size = 11;
  for (const figure of data.figures) {
    const shown = {
      rows: figure.rows.filter(({ kind, adapter }) => kinds.has(kind) && adapter.includes(wanted)),
      runtimes: data.runtimes
        .map((runtime, at) => ({ runtime, at }))
        .filter(({ runtime }) => runtimes.has(runtime.id)),
      scale,
    };
    const canvas = document.querySelector(`[data-figure="${figure.id}"] canvas`);
    if (!(canvas instanceof HTMLCanvasElement) || !canvas.parentElement) continue;
    charts.get(figure.id)?.destroy();
    canvas.parentElement.style.height = `${barsHeight(shown)}px`;
    charts.set(figure.id, new Chart(canvas, barsConfig(figure, shown)));
  }
}

function choice() {
  const values = new FormData(controls);
  return {
    runtimes: new Set(values.getAll("runtime").map(String)),
    kinds: new Set(values.getAll("kind").map(String)),
    wanted: String(values.get("adapter") ?? "").trim(),
    scale: values.get("scale") === "linear"
      ? /** @type {const} */ ("linear")
      : /** @type {const} */ ("logarithmic"),
  };
}

/**
 * @param {string} selector
 * @returns {Iterable<HTMLElement>}
 */
function elements(selector) {
  return document.querySelectorAll(selector);
}
