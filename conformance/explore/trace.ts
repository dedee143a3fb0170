/** An interleaving as text: a column for each thread, a line for each operation, its source beside. */
import type { TraceEntry } from "./session.ts";

/** Columns of one thread's text. */
const WIDTH = 34;
/** Steps that are shown of a long execution, which ends where it goes wrong: the last ones. */
const MOST_STEPS = 300;

/** `heads`: of the columns. */
export function traceText(entries: readonly TraceEntry[], heads: readonly string[]): string {
  const column = (text: string) => cut(text).padEnd(WIDTH);
  const lines = [`       ${heads.map(column).join(" ")} source`];
  const left = Math.max(0, entries.length - MOST_STEPS);
  const before = (entries[left]?.order ?? 1) - 1;
  if (before > 0) lines.push(`       … ${before} steps before these`);
  let last = "";
  for (const { order, thread, text, site } of entries.slice(left)) {
    const columns = heads.map((_, t) => column(t === thread ? text : "")).join(" ");
    const place = site ? `${site.file}:${site.line}` : "";
    const source = place === last || !site ? place : `${place}  ${site.source}`;
    last = place;
    lines.push(`${String(order).padStart(5)}  ${columns} ${source}`.trimEnd());
  }
  return lines.join("\n");
}

function cut(text: string): string {
  return text.length <= WIDTH ? text : `${text.slice(0, WIDTH - 1)}…`;
}
