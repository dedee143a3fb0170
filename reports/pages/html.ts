/**
 * HTML by a tagged template: whatever is interpolated is text, and escaped, unless it is Html itself.
 * Adapter names, reasons and commands come from outside, and this is the only way into a page.
 */

/** What may stand in a page as it is. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** undefined and false leave nothing behind, so that `condition && markup` reads well. */
export type Content = Html | string | number | undefined | false | readonly Content[];

/** Not called html: formatters lay that out anew, and white space between inline elements shows. */
export function markup(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  let text = parts[0] ?? "";
  values.forEach((value, at) => text += rendered(value) + (parts[at + 1] ?? ""));
  return new Html(text);
}

/** Data for a page's script. No "<" is left, so nothing in it can end the element. */
export function jsonScript(id: string, data: unknown): Html {
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
  return new Html(`<script type="application/json" id="${escape(id)}">${json}</script>`);
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function rendered(content: Content): string {
  if (content === undefined || content === false) return "";
  if (content instanceof Html) return content.text;
  if (typeof content === "object") return content.map(rendered).join("");
  return escape(String(content));
}
