// @ts-check
/// <reference lib="dom" />
/**
 * What the script of every page needs. layout.ts joins the files of this folder into one inlined
 * module, each after those that it imports, so their top-level names must differ.
 */

/** Errors and the number of charts drawn stand on the root element, for tests and for a look. */
const root = document.documentElement;
addEventListener("error", (event) => {
  root.dataset.errors = `${root.dataset.errors ?? ""}${event.message}\n`;
});
addEventListener("securitypolicyviolation", (event) => {
  root.dataset.errors = `${root.dataset.errors ?? ""}blocked: ${event.violatedDirective}\n`;
});
root.classList.add("scripted");

/** Chart.js, which stands in the page before this script. */
export const { Chart } = /** @type {{ Chart: typeof import("chart.js").Chart }} */ (
  /** @type {unknown} */ (globalThis)
);

/**
 * The data that the page carries.
 * @returns {any}
 */
export function pageData() {
  return JSON.parse(byId("data").textContent ?? "");
}

/** @param {string} id */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no element #${id}`);
  return element;
}

/**
 * A colour or font of the style sheet, as it is now.
 * @param {string} name
 */
export function style(name) {
  return getComputedStyle(root).getPropertyValue(`--${name}`).trim();
}

/** A tooltip stands out by being the page's colours the other way round. */
export function tooltipColours() {
  return {
    backgroundColor: style("ink"),
    titleColor: style("paper"),
    bodyColor: style("paper"),
    displayColors: false,
  };
}

/**
 * Calls back when the colours change: the reader's scheme does, or the page goes to paper, which is
 * always white.
 * @param {() => void} redraw
 */
export function onColourChange(redraw) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  addEventListener("beforeprint", () => {
    root.dataset.paper = "";
    redraw();
  });
  addEventListener("afterprint", () => {
    delete root.dataset.paper;
    redraw();
  });
}

/** @type {Set<string>} */
const drawn = new Set();
/**
 * Counts a chart that has really been drawn.
 * @param {string} id
 */
export function chartDrawn(id) {
  drawn.add(id);
  root.dataset.charts = `${drawn.size} drawn`;
}

/**
 * Says something to those who do not see it.
 * @param {string} text
 */
function announce(text) {
  byId("announcement").textContent = text;
}

/** Every column head of a sortable table becomes a button that sorts the rows of each of its groups. */
export function makeSortable() {
  for (const table of document.querySelectorAll("table[data-sortable]")) {
    const heads = [...table.querySelectorAll("thead th")];
    for (const head of heads) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const ascending = head.getAttribute("aria-sort") !== "ascending";
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
        sortRows(table, heads.indexOf(head), ascending);
      });
    }
  }
}

/**
 * Rows without a value stay last either way.
 * @param {Element} table
 * @param {number} column
 * @param {boolean} ascending
 */
function sortRows(table, column, ascending) {
  /** @param {Element} row */
  const key = (row) => {
    const cell = /** @type {HTMLElement | undefined} */ (row.children[column]);
    if (!cell || cell.classList.contains("none")) return undefined;
    return cell.dataset.value === undefined ? cell.textContent ?? "" : Number(cell.dataset.value);
  };
  for (const body of table.querySelectorAll("tbody")) {
    const rows = [...body.children].filter((row) => !row.classList.contains("group"));
    rows.sort((one, other) => {
      const [a, b] = [key(one), key(other)];
      if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
      const order = typeof a === "number" && typeof b === "number"
        ? a - b
        : String(a).localeCompare(String(b));
      return ascending ? order : -order;
    });
    body.append(...rows);
  }
}

/**
 * Copies a text; where the browser forbids that, selects it for the reader to copy.
 * @param {HTMLElement} source
 */
async function copyText(source) {
  try {
    await navigator.clipboard.writeText(source.textContent ?? "");
    announce("Copied");
    return true;
  } catch {
    getSelection()?.selectAllChildren(source);
    announce("Selected; copy it with the keyboard");
    return false;
  }
}

/** A copy button behind every command; one listener serves those that come later too. */
document.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest("button.copy") : null;
  const source = button?.previousElementSibling;
  if (!button || !(source instanceof HTMLElement)) return;
  const before = button.textContent;
  button.textContent = await copyText(source) ? "copied" : "selected";
  setTimeout(() => button.textContent = before, 1500);
});
