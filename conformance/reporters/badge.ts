/**
 * A badge for each adapter on each runtime, as an SVG of its own: "MUST 54/54 · SHOULD 5/6", of the
 * rules that apply. Each level has its colour, so that a SHOULD hides no MUST and spoils none.
 */
import type { ConformanceResults, Verdict } from "../../reports/schema.ts";
import { applying, counted, type Counts, levels } from "./score.ts";
import { escapeXml } from "./xml.ts";

/** By the name of their file, without a folder. */
export function badges({ verdicts, complete }: ConformanceResults): Record<string, string> {
  const suites = Map.groupBy(verdicts, ({ adapter, runtime }) => `${adapter}-${runtime}`);
  return Object.fromEntries(
    [...suites].map(([name, of]) => [`${name}.svg`, badge(of, complete)]),
  );
}

interface Field {
  readonly text: string;
  /** The same for whoever hears it. */
  readonly spoken: string;
  readonly colour: string;
}

/** Dark enough, each of them, for white letters (WCAG 2, AA). */
const colours = {
  name: "#3d454c",
  pass: "#2f7a5a",
  fail: "#b3261e",
  doubt: "#8a6100",
  none: "#5c656d",
} as const;

function badge(verdicts: readonly Verdict[], complete: boolean): string {
  const { adapter, runtime } = verdicts[0]!;
  const counts = counted(verdicts);
  const scored = levels.filter((level) => applying(counts[level]) > 0)
    .map((level) => score(level, counts[level]));
  const fields = complete && scored.length > 0
    ? scored
    : [plain(complete ? "not tried" : "interrupted")];
  return svg([
    { text: adapter, spoken: `${adapter} on ${runtime}`, colour: colours.name },
    { text: runtime, spoken: "", colour: colours.none },
    ...fields,
  ]);
}

function score(level: Verdict["level"], counts: Counts): Field {
  const all = applying(counts);
  return {
    text: `${level} ${counts.pass}/${all}`,
    spoken: `${level} ${counts.pass} of ${all}`,
    colour: counts.fail > 0 && level === "MUST"
      ? colours.fail
      : counts.pass < all
      ? colours.doubt
      : colours.pass,
  };
}

function plain(text: string): Field {
  return { text, spoken: text, colour: colours.none };
}

const HEIGHT = 20;
/** Pixels a character at 11 pixels, about; `textLength` makes it exact in whatever font there is. */
const CHARACTER = 6.3;
const PADDING = 7;

function svg(fields: readonly Field[]): string {
  const spoken = fields.map((field) => field.spoken).filter((text) => text !== "").join(", ");
  let left = 0;
  const boxes = fields.map(({ text, colour }) => {
    const length = Math.round(text.length * CHARACTER);
    const at = left, width = length + 2 * PADDING;
    left += width;
    return `<rect x="${at}" width="${width}" height="${HEIGHT}" fill="${colour}"/>` +
      `<text x="${at + PADDING}" y="14" textLength="${length}">${escapeXml(text)}</text>\n`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left}" height="${HEIGHT}" role="img" ` +
    `aria-labelledby="title">\n<title id="title">${escapeXml(spoken)}</title>\n` +
    `<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">\n` +
    `${boxes.join("")}</g>\n</svg>\n`;
}
