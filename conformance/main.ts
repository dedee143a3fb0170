/** `bun run conformance`: holds rings to the spec and says what was found, on the terminal and in files. */
import { join } from "node:path";
import process from "node:process";
import { conformancePage } from "../reports/pages/conformance.ts";
import type { ConformanceResults } from "../reports/schema.ts";
import { exitCode, run } from "../runner/command.ts";
import { captureEnvironment } from "../runner/environment.ts";
import { writeFileAtomic } from "../runner/files.ts";
import { onInterrupt } from "../runner/interrupt.ts";
import { Progress } from "../runner/progress.ts";
import { findRuntimes } from "../runner/runtimes.ts";
import { selectAdapters } from "../runner/selection.ts";
import { mutants } from "./mutants/index.ts";
import { readOptions, type Values } from "./options.ts";
import { reporters } from "./reporters/index.ts";
import { table } from "./reporters/table.ts";
import { type Plan, preflight, type Results, runAll, steps } from "./run/all.ts";

await run(async () => {
  const values = readOptions();
  // A family that is asked for is asked for whole.
  const peers = values.peers || (values.families ?? []).length > 0;
  const adapters = await selectAdapters(values, { peers });
  const judged = values["no-mutants"]
    ? []
    : mutants.filter(({ adapter, rule }) =>
      adapters.some(({ ref }) => ref === adapter) && values.rules.some(({ id }) => id === rule)
    );
  if (values.list) return list(values, adapters.map(({ name }) => name), judged);

  const signal = onInterrupt();
  const log = (line: string) => process.stderr.write(`${line}\n`);
  const runtimes = await findRuntimes(values.runtimes, values.runtime ?? [], log);
  const { seed, profile } = values;
  const environment = await captureEnvironment({ runtimes, seed, profile });
  const probes = await preflight(runtimes, signal);
  const plan: Plan = { ...values, adapters, runtimes, mutants: judged, signal };
  const progress = new Progress(steps(plan), "conformance");
  const found = await runAll(plan, (label) => progress.step(label));
  progress.end();

  const results: ConformanceResults = {
    schema: "ringproof/conformance@1",
    environment: { ...environment, probes },
    complete: !signal.aborted,
    rules: values.rules.map(({ id, group, level, sentence, why, source }) => (
      { id, group, level, sentence, why, source }
    )),
    verdicts: inOrder(found.verdicts, plan),
    mutants: found.mutants,
  };
  process.stdout.write(table(results, { colour: process.stdout.isTTY && !process.env.NO_COLOR }));
  await write(results, values);
  return verdictOn(results, found, values);
});

async function write(results: ConformanceResults, { out, reporter = [] }: Values): Promise<void> {
  const files = {
    "results.json": JSON.stringify(results, null, 1),
    "index.html": await conformancePage(results),
    ...(reporter.includes("junit") ? { "junit.xml": reporters.junit(results) } : {}),
    ...(reporter.includes("tap") ? { "results.tap": reporters.tap(results) } : {}),
  };
  for (const [name, text] of Object.entries(files)) {
    await writeFileAtomic(join(out, name), text);
    process.stdout.write(`${join(out, name)}\n`);
  }
}

/** 1: a MUST is broken, a known failure is none, or a mutant lives. 3: something is undecided. */
function verdictOn(results: ConformanceResults, found: Results, { require }: Values): number {
  const broken = results.verdicts.some((v) => v.verdict === "fail" && v.level === "MUST");
  const wrong = broken || found.outdated > 0 || results.mutants.some(({ killed }) => !killed);
  if (wrong) return exitCode.failure;
  const undecided = results.verdicts.some(({ verdict }) => verdict === "unknown");
  if (!results.complete || undecided) return exitCode.inconclusive;
  return require && found.unavailable.size > 0 ? exitCode.inconclusive : exitCode.good;
}

/** Verdicts fall as children end; results list them as they were asked for. */
function inOrder(
  verdicts: ConformanceResults["verdicts"],
  { adapters, runtimes, rules }: Plan,
): ConformanceResults["verdicts"] {
  const place = new Map<string, number>();
  for (const { name } of adapters) {
    for (const { id } of runtimes) {
      for (const rule of rules) place.set(`${name} ${id} ${rule.id}`, place.size);
    }
  }
  const at = (v: (typeof verdicts)[number]) =>
    place.get(`${v.adapter} ${v.runtime} ${v.rule}`) ?? 0;
  return verdicts.toSorted((a, b) => at(a) - at(b));
}

function list({ rules, runtimes }: Values, adapters: string[], judged: typeof mutants): number {
  const lines = [
    `adapters  ${adapters.join(" ")}`,
    `runtimes  ${runtimes.join(" ")}`,
    "",
    ...rules.map(({ id, level, sentence }) => `${id.padEnd(5)} ${level.padEnd(6)} ${sentence}`),
    "",
    ...judged.map(({ rule, adapter, name }) => `${rule.padEnd(5)} ${adapter.padEnd(10)} ${name}`),
  ];
  process.stdout.write(lines.join("\n") + "\n");
  return exitCode.good;
}
