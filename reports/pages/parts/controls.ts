/** What the reader may choose in a page. It needs the page's script, so the script unhides it. */
import { type Content, type Html, markup } from "../html.ts";

export function controls(label: string, groups: Readonly<Record<string, Content>>): Html {
  return markup`<form class="controls" id="controls" aria-label="${label}" hidden>
${
    Object.entries(groups).map(([legend, fields]) =>
      markup`<fieldset><legend>${legend}</legend>${fields}</fieldset>\n`
    )
  }</form>
`;
}

export function choice(
  { type = "checkbox", name, value, label, checked = true }: {
    readonly type?: "checkbox" | "radio";
    readonly name: string;
    readonly value: string;
    readonly label: Content;
    readonly checked?: boolean;
  },
): Html {
  return markup`<label><input type="${type}" name="${name}" value="${value}"${
    checked && markup` checked`
  }> ${label}</label> `;
}

export function search(name: string, label: string): Html {
  return markup`<label><span class="visually-hidden">${label}</span>
<input type="search" name="${name}" placeholder="${label}" autocomplete="off" spellcheck="false"></label>`;
}
