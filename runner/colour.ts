/** Colour for people: only on a terminal, and not where NO_COLOR asks for none (no-color.org). */
import process from "node:process";

export type Paint = (text: string) => string;
export type Colour = Readonly<Record<"red" | "green" | "yellow" | "dim" | "bold", Paint>>;

export function colour(stream: { readonly isTTY?: boolean }): Colour {
  const wanted = stream.isTTY === true && !process.env.NO_COLOR;
  const sgr = (on: number, off: number): Paint => (text) =>
    wanted ? `\x1b[${on}m${text}\x1b[${off}m` : text;
  return {
    red: sgr(31, 39),
    green: sgr(32, 39),
    yellow: sgr(33, 39),
    dim: sgr(2, 22),
    bold: sgr(1, 22),
  };
}
