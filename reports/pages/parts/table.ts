/** A table that scrolls by itself where it is wider than the page, reachable by keyboard. */
import { type Content, type Html, markup } from "../html.ts";

export interface Table {
  /** Unique in the page. */
  readonly id: string;
  readonly caption: Content;
  /** Of the style sheet. */
  readonly style: string;
  /** The heads of its columns: texts, or whole cells. */
  readonly heads: readonly (string | Html)[];
  /** Its rows, or several bodies of them. */
  readonly body: Content;
  /** Whether the page's script may let the reader sort it; on by default. */
  readonly sortable?: boolean;
}

export function table({ id, caption, style, heads, body, sortable = true }: Table): Html {
  return markup`<div class="scroll" role="region" tabindex="0" aria-labelledby="${id}-caption">
<table class="${style}"${sortable && markup` data-sortable`}>
<caption id="${id}-caption"><span>${caption}</span></caption>
<thead><tr>${heads.map(head)}</tr></thead>
${body}</table></div>
`;
}

function head(content: string | Html): Html {
  return typeof content === "string" ? markup`<th scope="col">${content}</th>` : content;
}
