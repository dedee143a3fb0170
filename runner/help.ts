/** What `--help` prints, laid out for a terminal of 80 columns. */
import type { CommandSpec, Option } from "./command.ts";

const COLUMNS = 80;
/** Flags longer than this have their help on the next line. */
const WIDEST_FLAG = 26;

export function helpText(spec: CommandSpec<Readonly<Record<string, Option>>>): string {
  const rest = spec.positional === undefined ? "[options]" : `[options] ${spec.positional}`;
  const flags = Object.entries(spec.options).map(([name, option]) =>
    [flagOf(name, option), helpOf(option)] as const
  );
  flags.push(["-h, --help", "Print this and exit"]);
  const indent = 4 +
    Math.max(...flags.map(([flag]) => flag.length).filter((length) => length <= WIDEST_FLAG));
  const lines = [
    `Usage: deno task ${spec.name} ${rest}`,
    `       bun run ${spec.name} ${rest}`,
    "",
    ...wrap(spec.summary, COLUMNS),
    "",
    "Options:",
    ...flags.flatMap(([flag, help]) => entry(flag, help, indent)),
  ];
  if (spec.examples?.length) {
    lines.push("", "Examples:", ...spec.examples.map((example) => `  ${example}`));
  }
  return lines.join("\n") + "\n";
}

function flagOf(name: string, option: Option): string {
  if (option.kind === "boolean") return `--${name}`;
  const placeholder = { string: "TEXT", number: "N", list: "A,B" }[option.kind];
  return `--${name} ${option.placeholder ?? placeholder}`;
}

function helpOf(option: Option): string {
  const notes: string[] = [];
  if (option.choices) notes.push(`one of: ${option.choices.join(", ")}`);
  if (option.default !== undefined && option.default !== false) {
    const shown = Array.isArray(option.default) ? option.default.join(",") : option.default;
    notes.push(`default: ${shown}`);
  }
  return notes.length === 0 ? option.help : `${option.help} (${notes.join("; ")})`;
}

function entry(flag: string, help: string, indent: number): string[] {
  const lines = wrap(help, COLUMNS - indent);
  const head = flag.length <= WIDEST_FLAG
    ? `  ${flag}`.padEnd(indent) + lines.shift()
    : `  ${flag}`;
  return [head, ...lines.map((line) => " ".repeat(indent) + line)];
}

function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line += line === "" ? word : ` ${word}`;
  }
  return [...lines, line];
}
