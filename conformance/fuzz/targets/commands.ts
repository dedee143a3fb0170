/** Command lines: options, adapters, packages and URIs as people and programs mistype them. */
import fc from "fast-check";
import { UsageError } from "../../../runner/command.ts";
import { selectAdapters } from "../../../runner/selection.ts";
import { readOptions } from "../../options.ts";
import { Harm, nothingHeld, type Target } from "../target.ts";

interface Input {
  readonly args: readonly string[];
}

const flags = ["adapters", "adapter", "families", "rule", "group", "profile", "seed", "jobs"];
const words = fc.oneof(
  fc.constantFrom(
    ...["", "-", "--", "--=", "--no-mutants", "--no-mutants=x", "--mutants", "--__proto__=1"],
    ...["--constructor", "--toString=x", "--seed.x=1", "-h=no", "--list=false", "-seed", "spsc"],
  ),
  fc.tuple(
    fc.constantFrom(...flags),
    fc.oneof(
      fc.constantFrom(
        "",
        "1e999",
        "-0",
        "0x10",
        "NaN",
        "1.5",
        "constructor",
        "__proto__",
        ",,,",
        "CAP1",
      ),
      fc.string({ maxLength: 12 }),
    ),
    fc.constantFrom("=", " "),
  ).map(([flag, value, between]) => `--${flag}${between}${value}`),
  fc.string({ maxLength: 12 }),
);
/** What names no file and no package here, and leads to no host. */
const paths = fc.oneof(
  fc.constantFrom(
    "./none.ts",
    "/",
    ".",
    "file:///none.ts",
    "file://",
    "file:%",
    "\0",
    "none/../..",
  ),
  fc.string({ maxLength: 12, unit: fc.constantFrom(..."ab/.\\:%@#?* \u0000é") }),
);

export const commands: Target = {
  name: "commands",
  sentence: "A command line is understood, or refused in a line that says what is wrong.",
  prepare: () =>
    Promise.resolve({
      ...nothingHeld,
      inputs: fc.oneof(
        fc.array(words, { maxLength: 5 }).map((args) => ({ args: args.flatMap(asGiven) })),
        paths.map((path) => ({ args: ["--adapter", path] })),
      ),
      attempt,
    }),
};

/** "--seed 1" is two arguments. */
function asGiven(word: string): string[] {
  const [, flag, value] = /^(--\w+) (.*)$/s.exec(word) ?? [];
  return flag === undefined ? [word] : [flag, value!];
}

async function attempt({ args }: Input): Promise<void> {
  // Help ends the process, which is what it is for.
  if (args.some((arg) => /^-[^-]*h|^--help/.test(arg))) return;
  try {
    const { adapter, adapters, families } = readOptions(args);
    await selectAdapters({ adapter, adapters, families }, { peers: false });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    if (error.message.trim() === "") throw new Harm("it was refused without a reason");
  }
}
