/** The runtimes of a report as its tables and charts name them, in the order of its environment. */
import type { Environment } from "../../schema.ts";

export interface RuntimeColumn {
  /** As the results name it: "bun", or "bun@1.4.5". */
  readonly id: string;
  /** "Bun", or "Bun 1.4.5" where several versions stand side by side. */
  readonly label: string;
  /** "B", or "B2" for the second of several Buns: what a chart or a narrow column has room for. */
  readonly letter: string;
  readonly name: "deno" | "bun" | "node";
  /** Which of the same name this is, from 0: the later ones get a lighter tone. */
  readonly shade: number;
}

/** Those of the environment, and whatever else the results name. */
export function runtimeColumns(
  environment: Environment,
  named: Iterable<string>,
): readonly RuntimeColumn[] {
  const ids = [...new Set([...environment.runtimes.map(({ runtime }) => runtime), ...named])];
  const names = ids.map((id) => id.split("@")[0] as RuntimeColumn["name"]);
  return ids.map((id, at) => {
    const name = names[at]!;
    const version = id.slice(name.length + 1);
    const word = name[0]!.toUpperCase() + name.slice(1);
    const shade = names.slice(0, at).filter((other) => other === name).length;
    const several = names.indexOf(name) !== names.lastIndexOf(name);
    return {
      id,
      label: `${word} ${version}`.trimEnd(),
      letter: `${word[0]}${several ? shade + 1 : ""}`,
      name,
      shade,
    };
  });
}

/** "Deno, Bun and Node" */
export function listed(words: readonly string[]): string {
  return words.length < 2
    ? words.join("")
    : `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}
