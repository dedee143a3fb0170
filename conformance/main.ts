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
import { equivalents } from "./mutants/equivalent.ts";
import { mutants } from "./mutants/index.ts";
import { readOptions, type Values } from "./options.ts";
import { reported } from "./reporters/index.ts";
import { failureLine } from "./reporters/line.ts";
import { painter } from "./reporters/marks.ts";
import { table } from "./reporters/table.ts";
import { type Plan, preflight, type Results, runAll, steps } from "./run/all.ts";
import { watchRuns } from "./run/watch.ts";
import { ruleText, writeSpec } from "./spec.ts";

await run(async () => {
  const values = readOptions();
  if (values.watch) {
    return await watchRuns(
      values.watched,
      process.argv.slice(2).filter((arg) => arg !== "--watch"),
    );
  }
  if (values.spec) return await writeSpec(values);
  // A family that is asked for is asked for whole.
  const peers = values.peers || (values.families ?? []).length > 0;
  const adapters = await selectAdapters(values, { peers });
  const edited = ({ adapter }: { adapter: string }) =>
    !values["no-mutants"] && adapters.some(({ ref }) => ref === adapter);
  const judged = mutants.filter((mutant) =>
    edited(mutant) && values.rules.some(({ id }) => id === mutant.rule)
  );
  if (values.list) return list(values, adapters.map(({ name }) => name), judged);

  const signal = onInterrupt();
  const log = (line: string) => process.stderr.write(`${line}\n`);
  const runtimes = await findRuntimes(values.runtimes, values.runtime ?? [], log);
  const { seed, profile } = values;
  const begun = performance.now();
  const passing = equivalents.filter(edited);
  const plan: Plan = {
    ...values,
    adapters,
    runtimes,
    mutants: judged,
    equivalents: passing,
    signal,
  };
  const inColour = Boolean(process.stderr.isTTY) && !process.env.NO_COLOR;
  const progress = new Progress(steps(plan), "conformance");
  // Side by side: whoever waits for the first failure does not wait for what stands beside it.
  const [found, environment, probes] = await Promise.all([
    runAll(plan, {
      step: (label) => progress.step(label),
      verdict: (verdict) => {
        if (verdict.verdict !== "fail") return;
        progress.say(failureLine(verdict, painter(inColour), process.stderr.columns));
      },
    }),
    captureEnvironment({ runtimes, seed, profile }),
    preflight(runtimes, signal),
  ]);
  progress.end();

  const results: ConformanceResults = {
    schema: "ringproof/conformance@1",
    environment: { ...environment, probes },
    complete: !signal.aborted,
    tookMs: Math.round(performance.now() - begun),
    rules: values.rules.map(ruleText),
    verdicts: inOrder(found.verdicts, plan),
    mutants: found.mutants,
    equivalents: found.equivalents,
  };
  process.stdout.write(table(results, { colour: process.stdout.isTTY && !process.env.NO_COLOR }));
  await write(results, values);
  return verdictOn(results, found, values);
});

async function write(results: ConformanceResults, { out, reporter }: Values): Promise<void> {
  const files = {
    "index.html": await conformancePage(results),
    ...reported(results, ["json", ...reporter]),
  };
  for (const [name, text] of Object.entries(files)) await writeFileAtomic(join(out, name), text);
  // Of a folder of many files, the folder.
  const shown = new Set(Object.keys(files).map((name) => join(out, name.split("/")[0]!)));
  process.stdout.write([...shown].map((path) => `${path}\n`).join(""));
}

/**
 * 1: a MUST is broken, a known failure is none, a mutant lives, or an edit that changes nothing does
 * not pass. 3: something is undecided.
 */
function verdictOn(results: ConformanceResults, found: Results, { require }: Values): number {
  const broken = results.verdicts.some((v) => v.verdict === "fail" && v.level === "MUST");
  const wrong = broken || found.outdated > 0 || results.mutants.some(({ killed }) => !killed) ||
    found.equivalents.some(({ passed }) => !passed);
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
