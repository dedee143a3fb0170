/** A verdict that is to be seen as it falls, in a line. */
import type { Verdict } from "../../reports/schema.ts";
import { mark, type Painter } from "./marks.ts";

export function failureLine(
  { adapter, runtime, rule, level, reason }: Verdict,
  paint: Painter,
  columns = 80,
): string {
  const text = `${adapter} ${runtime} ${rule} ${reason.split("\n")[0]}`;
  const room = columns - 2;
  const cut = text.length <= room ? text : `${text.slice(0, room - 1)}…`;
  return `${paint(level === "MUST" ? mark.fail : mark.unmet)} ${cut}`;
}
