/** `deno task fuzz`: everything that comes from outside a process, as nobody should send it. */
import process from "node:process";
import { exitCode, oneOf, parse, run, UsageError } from "../../runner/command.ts";
import { registry } from "../../impls/registry.ts";
import type { CellEnd } from "./cell.ts";
import { corpusOf, keep } from "./corpus.ts";
import { fuzz, inWords } from "./fuzz.ts";
import { loadTarget, type TargetName, targetNames } from "./targets/index.ts";

await run(async () => {
  const values = parse({
    name: "fuzz",
    summary:
      "Tries what comes from outside a process with hostile input: first all that was kept, " +
      "then what is made up from the seed. Exits with 1 when an input did harm.",
    options: {
      target: { kind: "list", placeholder: "A,B", help: "these alone", choices: targetNames },
      adapters: {
        kind: "list",
        placeholder: "A,B",
        help: "rings to try, for targets that try rings",
      },
      seed: {
        kind: "number",
        placeholder: "N",
        help: "of what is made up; by default from the clock",
      },
      seconds: { kind: "number", placeholder: "S", default: 30, help: "for each target" },
      input: { kind: "string", placeholder: "JSON", help: "this input alone; with one --target" },
      keep: {
        kind: "string",
        placeholder: "NAME",
        help: "adds --input to the corpus under that name",
      },
      list: { kind: "boolean", help: "say what each target holds, and try nothing" },
    },
    examples: [
      "deno task fuzz --target memory --seed 7 --seconds 600",
      "bun run fuzz --target memory --adapters records",
    ],
  });
  const { seed = Date.now() % 2 ** 31, seconds, input } = values;
  if (!Number.isInteger(seed) || !(seconds > 0)) {
    throw new UsageError(`--seed must be a whole number and --seconds more than 0`);
  }
  const adapters = values.adapters?.map((name) => oneOf("adapter", name, Object.keys(registry)));
  const chosen = values.target ?? targetNames;
  if (values.list) return await list(chosen);
  if (input !== undefined) {
    if (chosen.length !== 1) throw new UsageError("--input is for one --target");
    return await tryOne(chosen[0]!, input, values.keep);
  }
  if (values.keep !== undefined) throw new UsageError("--keep is for an --input");
  let failures = 0;
  for (const target of chosen) {
    const made = { seed, runs: Number.MAX_SAFE_INTEGER, seconds };
    // What was kept may be for other rings than those that are asked for.
    const kept = adapters ? [] : [...(await corpusOf(target)).values()];
    if (!say(target, await fuzz(target, { kept, made }, adapters), `seed ${seed}`)) failures++;
  }
  return failures === 0 ? exitCode.good : exitCode.failure;
});

async function tryOne(
  target: TargetName,
  text: string,
  name: string | undefined,
): Promise<number> {
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch {
    throw new UsageError(`--input must be JSON, got ${text.slice(0, 60)}`);
  }
  if (name !== undefined) {
    if (!/^[\w-]{1,60}$/.test(name)) throw new UsageError(`--keep takes letters, digits, - and _`);
    process.stdout.write(`${await keep(target, name, input)}\n`);
  }
  return say(target, await fuzz(target, { kept: [input] }), "") ? exitCode.good : exitCode.failure;
}

function say(target: TargetName, { runs, failure }: CellEnd, how: string): boolean {
  process.stdout.write(
    failure ? `${inWords(target, failure)}\n` : `${target}: ${runs} inputs ${how}\n`,
  );
  return failure === undefined;
}

async function list(targets: readonly TargetName[]): Promise<number> {
  for (const name of targets) {
    process.stdout.write(`${name.padEnd(10)}${(await loadTarget(name)).sentence}\n`);
  }
  return exitCode.good;
}
