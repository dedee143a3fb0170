/**
 * The command line, the same in every command: options by kind, `--help`, and a refusal that names
 * what was wrong with the nearest thing that would have been right. Over @std/cli's parser.
 */
import { writeSync } from "node:fs";
import process from "node:process";
import { parseArgs } from "@std/cli/parse-args";
import { exitCode, UsageError } from "./exit.ts";
import { helpText } from "./help.ts";
import { nearest } from "./nearest.ts";

export { exitCode, run, UsageError } from "./exit.ts";

export interface Option {
  /** A list is comma separated and repeatable. */
  readonly kind: "boolean" | "string" | "number" | "list";
  readonly help: string;
  /** What `--help` shows behind the name: `--seed N`. */
  readonly placeholder?: string;
  readonly default?: boolean | string | number | readonly string[];
  readonly choices?: readonly string[];
}

export interface CommandSpec<O extends Readonly<Record<string, Option>>> {
  /** As in `deno task NAME`. */
  readonly name: string;
  readonly summary: string;
  readonly options: O;
  /** Placeholder, if positional arguments are allowed. */
  readonly positional?: string;
  readonly examples?: readonly string[];
}

type Text<O> = O extends { readonly choices: readonly (infer C extends string)[] } ? C : string;
interface Kinds<O> {
  boolean: boolean;
  string: Text<O>;
  number: number;
  list: Text<O>[];
}
type Absent<O> = O extends { readonly default: unknown } | { readonly kind: "boolean" } ? never
  : undefined;

/** What parse() found: by kind, undefined when absent without a default; positionals under `_`. */
export type Values<O extends Readonly<Record<string, Option>>> =
  & { readonly [K in keyof O]: Kinds<O[K]>[O[K]["kind"]] | Absent<O[K]> }
  & { readonly _: string[] };

/** The values of the command line; throws UsageError. `--help` prints and exits with 0. */
export function parse<const O extends Readonly<Record<string, Option>>>(
  spec: CommandSpec<O>,
  argv: readonly string[] = process.argv.slice(2),
): Values<O> {
  const names = Object.keys(spec.options);
  const booleans = names.filter((name) => spec.options[name]!.kind === "boolean");
  const given = parseArgs(argv, {
    boolean: [...booleans, "help"],
    string: [...names.filter((name) => !booleans.includes(name)), "_"],
    collect: names.filter((name) => spec.options[name]!.kind === "list"),
    alias: { help: "h" },
    unknown: (arg, key) => {
      if (key !== undefined) throw unknownFlag(arg, names);
    },
  });
  if (given.help) {
    // Synchronously, since the process ends before an asynchronous write would.
    writeSync(1, helpText(spec));
    process.exit(exitCode.good);
  }
  if (spec.positional === undefined && given._.length > 0) {
    throw new UsageError(`unexpected argument ${given._[0]}; --help lists what ${spec.name} takes`);
  }
  const values: Record<string, unknown> = { _: given._ };
  for (const name of names) {
    values[name] = valueOf(name, spec.options[name]!, given[name]);
  }
  return values as Values<O>;
}

/** `given`, or a UsageError that says what it is, what it may have meant, and what there is. */
export function oneOf(what: string, given: string, valid: readonly string[]): string {
  if (valid.includes(given)) return given;
  const near = nearest(given, valid);
  const meant = near === undefined ? "" : `; did you mean ${near}?`;
  throw new UsageError(`unknown ${what} ${given}${meant} (one of: ${valid.join(", ")})`);
}

function valueOf(name: string, option: Option, given: unknown): unknown {
  if (option.kind === "boolean") return given === true || (!given && option.default === true);
  const texts = [given ?? []].flat() as string[];
  if (texts.length === 0) {
    return Array.isArray(option.default) ? [...option.default] : option.default;
  }
  if (texts.includes("")) throw new UsageError(`--${name} needs a value; --help says which`);
  const parts = option.kind === "list" ? texts.flatMap(splitList) : texts;
  if (option.choices) {
    for (const part of parts) oneOf(`value of --${name},`, part, option.choices);
  }
  if (option.kind === "list") return parts;
  return option.kind === "number" ? numberOf(name, texts[0]!) : texts[0];
}

function splitList(text: string): string[] {
  return text.split(",").map((part) => part.trim()).filter((part) => part !== "");
}

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return value;
  throw new UsageError(`--${name} needs a number, got ${text}`);
}

function unknownFlag(arg: string, names: readonly string[]): UsageError {
  const flag = arg.replace(/=.*$/s, "");
  const name = flag.replace(/^-+/, "");
  if (names.includes(name)) return new UsageError(`--${name} takes no value`);
  const near = nearest(name, [...names, "help"]);
  const meant = near === undefined ? "" : `; did you mean --${near}?`;
  return new UsageError(`unknown flag ${flag}${meant} (--help lists all)`);
}
