/**
 * The frame of every page: one file that holds its style, scripts and data, and that its own
 * Content-Security-Policy forbids to load anything or to run any script but these.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type Content, Html, jsonScript, markup } from "./html.ts";

export interface Page {
  /** The document's title, as a browser's tab shows it. */
  readonly title: string;
  /** What kind of report this is, beside the name of the suite. */
  readonly kind: string;
  readonly heading: string;
  /** One line under the heading. */
  readonly subheading: Content;
  /** What stands between the heading and the sections. */
  readonly lead: Content;
  readonly sections: readonly Section[];
  /** What draws the charts; a page without one has no script at all. */
  readonly charts?: {
    /** Files of client/ besides page.js, each after those that it imports. */
    readonly scripts: readonly string[];
    readonly data: unknown;
  };
}

export interface Section {
  readonly id: string;
  readonly heading: string;
  /** A sentence or two under the heading: how to read what is beside it. */
  readonly note?: Content;
  readonly body: Content;
  /** Needs the whole width: the heading stands above the body and not beside it. */
  readonly broad?: boolean;
  /** What stands above this section and, on a wide screen, stays in sight below it. */
  readonly above?: Content;
}

const styles = ["base.css", "figures.css", "verdicts.css", "matrix.css", "print.css"];

export async function page(content: Page): Promise<string> {
  const style = (await Promise.all(styles.map(clientFile))).join("\n");
  const scripts = content.charts ? await scriptTexts(content.charts.scripts) : [];
  return markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(scripts)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${content.title}</title>
<link rel="icon" href="data:,">
<style>${new Html(style)}</style>
</head>
<body>
<a class="skip-link" href="#main">Skip to the report</a>
<header class="masthead">
<p class="mark">${ringMark} ringproof <span>${content.kind}</span></p>
<h1>${content.heading}</h1>
<p class="dateline">${content.subheading}</p>
${content.lead}
${
    content.sections.length > 1 &&
    markup`<nav aria-label="Sections">${content.sections.map(link)}</nav>`
  }
</header>
<main id="main" tabindex="-1">
${content.sections.map(section)}
</main>
<p class="visually-hidden" role="status" id="announcement"></p>
${content.charts && jsonScript("data", content.charts.data)}
${scripts.map((text) => new Html(`<script type="module">${text}</script>\n`))}
</body>
</html>
`.text;
}

function link({ id, heading }: Section): Html {
  return markup`<a href="#${id}">${heading}</a> `;
}

function section({ id, heading, note, body, above, broad }: Section): Html {
  return markup`${above}<section id="${id}" aria-labelledby="${id}-heading"${
    broad && markup` class="broad"`
  }>
<div class="rail"><h2 id="${id}-heading">${heading}</h2>${note && markup`<p>${note}</p>`}</div>
<div class="body">${body}</div>
</section>
`;
}

/** A ring with a gap, its head and its tail. */
const ringMark = markup`<svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
<path d="M12 3a9 9 0 1 1-7.8 4.5" fill="none" stroke="currentColor" stroke-width="2.5"/>
<circle cx="12" cy="3" r="2.6"/><circle cx="4.2" cy="7.5" r="2.6" class="tail"/></svg>`;

/** By hash, so that a script which found its way into the text would not run. */
function policy(scripts: readonly string[]): string {
  const hashes = scripts.map((text) =>
    `'sha256-${createHash("sha256").update(text).digest("base64")}'`
  );
  return [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    `script-src ${hashes.length > 0 ? hashes.join(" ") : "'none'"}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** Chart.js, and the files of client/ joined into one module. */
async function scriptTexts(names: readonly string[]): Promise<string[]> {
  const chart = new URL("../../node_modules/chart.js/dist/chart.umd.min.js", import.meta.url);
  // The page names nothing that a browser could ask for, source maps included.
  const library = (await text(chart)).replace(/\n\/\/# sourceMappingURL=\S*\s*$/, "\n");
  const files = await Promise.all(["page.js", ...names].map(clientFile));
  const texts = [library, files.map(withoutModuleSyntax).join("\n")];
  if (texts.some((script) => /<\/script|<!--/i.test(script))) {
    throw new Error("a script to be inlined contains a sequence that would end its element");
  }
  return texts;
}

function withoutModuleSyntax(source: string): string {
  return source.replace(/^import [^;]*? from "[^"]*";\n/gm, "").replace(/^export /gm, "");
}

function clientFile(name: string): Promise<string> {
  return text(new URL(`client/${name}`, import.meta.url));
}

/** With the line ends that an HTML parser makes of any others, or the hashes would not match. */
async function text(file: URL): Promise<string> {
  return (await readFile(file, "utf8")).replaceAll("\r\n", "\n");
}
