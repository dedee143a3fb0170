/** What a cell of the terminal's table shows: one character that needs no colour to be read. */
import type { Verdict } from "../../reports/schema.ts";

export interface Mark {
  readonly glyph: string;
  readonly means: string;
  /** SGR parameters (ECMA-48). */
  readonly sgr: string;
}

const pass: Mark = { glyph: "✓", means: "pass", sgr: "32" };
const fail: Mark = { glyph: "✗", means: "a MUST fails", sgr: "1;31" };
const unmet: Mark = { glyph: "!", means: "a SHOULD fails", sgr: "33" };
const unknown: Mark = { glyph: "?", means: "unknown", sgr: "1;33" };
const known: Mark = { glyph: "~", means: "a known failure", sgr: "36" };
const skip: Mark = { glyph: "–", means: "skip", sgr: "2" };
const none: Mark = { glyph: "·", means: "not run", sgr: "2" };

export const mark = { pass, fail, unmet, unknown, known, skip, none } as const;

/** The mark that a group of verdicts gets: the worst of theirs. */
export function worst(verdicts: readonly Verdict[]): Mark {
  const met = new Set(verdicts.map(markOf));
  return [fail, unknown, unmet, known, pass, skip].find((one) => met.has(one)) ?? none;
}

export type Painter = (mark: Mark) => string;

export function painter(colour: boolean): Painter {
  return ({ glyph, sgr }) => colour ? `\x1b[${sgr}m${glyph}\x1b[0m` : glyph;
}

function markOf({ verdict, level }: Verdict): Mark {
  return verdict === "fail" && level === "SHOULD" ? unmet : mark[verdict];
}
