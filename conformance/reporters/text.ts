/** Text for terminals and files that are read line by line: one line, its width, and folded to one. */

/** On one line, without what a terminal or a parser would act on: control and format characters. */
export function oneLine(text: string): string {
  return text.toWellFormed().replace(/\s+/g, " ").replace(/[\p{Cc}\p{Cf}]/gu, "").trim();
}

/** Without what a terminal would act on; spaces stay as they are. */
export function plain(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\p{Cf}]/gu, "");
}

/** Columns on a terminal: none for marks that combine, two for the wide scripts and for emoji. */
export function width(text: string): number {
  let columns = 0;
  for (const character of text) {
    columns += combining.test(character) ? 0 : wide.test(character) ? 2 : 1;
  }
  return columns;
}

const combining = /^[\p{Mn}\p{Me}]$/u;
const wide =
  /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]$/u;

/** Padded with spaces to `columns`, or cut with an ellipsis. */
export function fit(text: string, columns: number): string {
  const missing = columns - width(text);
  if (missing >= 0) return text + " ".repeat(missing);
  let cut = "";
  for (const character of text) {
    if (width(cut + character) > columns - 1) break;
    cut += character;
  }
  return `${cut}…${" ".repeat(columns - 1 - width(cut))}`;
}

/** Lines of at most `columns`, broken at spaces; a longer word is broken where the line ends. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of oneLine(text).split(" ").flatMap((word) => pieces(word, columns))) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (width(longer) <= columns) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return line === "" ? lines : [...lines, line];
}

/** Items side by side, none of them broken unless it is longer than a line. */
export function wrapItems(items: readonly string[], columns: number): string[] {
  const lines: string[] = [];
  for (const item of items.map(oneLine)) {
    const longer = `${lines.at(-1) ?? ""}   ${item}`;
    if (lines.length > 0 && width(longer) <= columns) lines[lines.length - 1] = longer;
    else lines.push(...wrap(item, columns));
  }
  return lines;
}

/**
 * A command over several lines that a shell reads as one: broken with a backslash at spaces outside
 * of quotes. A single argument that is too long stays whole, since it has to work.
 */
export function wrapCommand(command: string, columns: number): string[] {
  const lines: string[] = [];
  for (const argument of oneLine(command).match(/(?:"[^"]*"|'[^']*'|\S)+/g) ?? []) {
    const last = lines.at(-1);
    if (last !== undefined && width(`${last} ${argument}`) <= columns - 2) {
      lines[lines.length - 1] = `${last} ${argument}`;
    } else {
      lines.push(last === undefined ? argument : `  ${argument}`);
    }
  }
  return lines.map((line, at) => at < lines.length - 1 ? `${line} \\` : line);
}

function pieces(word: string, columns: number): string[] {
  const found: string[] = [""];
  for (const character of word) {
    if (width(found.at(-1)! + character) > columns) found.push("");
    found[found.length - 1] += character;
  }
  return found;
}
