/** Prose as rules write it: `names of code` stand between backticks. */
import { type Content, markup } from "../html.ts";

export function prose(text: string): Content {
  return text.split("`").map((part, at) => at % 2 === 1 ? markup`<code>${part}</code>` : part);
}
