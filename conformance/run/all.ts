/** The whole run: every adapter and every mutant under every runtime, a few at a time. */
import type { Mutant as MutantResult, Probe, Verdict } from "../../reports/schema.ts";
import { runChild } from "../../runner/child.ts";
import type { Runtime } from "../../runner/runtimes.ts";
import type { Selected } from "../../runner/selection.ts";
import { MARK } from "./messages.ts";
import { makeMutant } from "../mutants/make.ts";
import type { Mutant } from "../mutants/mutant.ts";
import { findings } from "./preflight.ts";
import type { Profile } from "./effort.ts";
import type { Rule } from "../rule.ts";
import { type Judged, runJudged } from "./known.ts";
import { runSuite } from "./suite.ts";

export interface Plan {
  readonly adapters: readonly Selected[];
  readonly runtimes: readonly Runtime[];
  readonly rules: readonly Rule[];
  readonly mutants: readonly Mutant[];
  readonly seed: number;
  readonly profile: Profile;
  readonly replay?: string | undefined;
  readonly jobs: number;
  readonly signal: AbortSignal;
}

export interface Results {
  readonly verdicts: Verdict[];
  readonly mutants: MutantResult[];
  /** Adapters that this machine lacks something for, and what. */
  readonly unavailable: ReadonlyMap<string, string>;
  /** Known failures that are none any more. */
  readonly outdated: number;
}

/** How many steps runAll() will tell of. */
export const steps = ({ adapters, runtimes, rules, mutants }: Plan): number =>
  runtimes.length * (adapters.length * rules.length + mutants.length);

/** `onStep` hears of each verdict and mutant as it falls. */
export async function runAll(plan: Plan, onStep: (label: string) => void): Promise<Results> {
  const results: Collected = {
    verdicts: [],
    mutants: [],
    unavailable: new Map(),
    outdated: 0,
    onStep,
  };
  const work = plan.runtimes.flatMap((runtime) => [
    ...plan.adapters.map((adapter) => () => runAdapter(plan, adapter, runtime, results)),
    ...plan.mutants.map((mutant) => () => runMutant(plan, mutant, runtime, results)),
  ]);
  // One queue that all take from: a slow adapter keeps one of them, not the rest.
  const queue = work.values();
  const worker = async () => {
    for (const task of queue) {
      if (plan.signal.aborted) return;
      await task();
    }
  };
  await Promise.all(Array.from({ length: plan.jobs }, worker));
  return results;
}

/** The same in every run: whether a schedule that kills it is among those tried is no matter of luck. */
const MUTANT_SEED = 1;

interface Collected extends Results {
  readonly unavailable: Map<string, string>;
  outdated: number;
  readonly onStep: (label: string) => void;
}

async function runAdapter(
  plan: Plan,
  { ref, name, family }: Selected,
  runtime: Runtime,
  results: Collected,
): Promise<void> {
  const { rules, seed, profile, replay, signal } = plan;
  const add = ({ rule, verdict, reason, schedule, known, ms }: Judged) => {
    const repro = `bun run conformance --adapter ${shellWord(ref)} --runtimes ${runtime.id} ` +
      `--rule ${rule.id} --profile ${profile} --seed ${seed} --no-mutants` +
      (schedule ? ` --replay ${schedule.token}` : "");
    const { id, level } = rule;
    results.verdicts.push({
      adapter: name,
      family,
      runtime: runtime.id,
      rule: id,
      level,
      verdict,
      reason,
      ...(schedule ? { trace: schedule.trace } : {}),
      ...(known === undefined ? {} : { known }),
      seed,
      repro,
      ms: Math.round(ms),
    });
    results.onStep(`${name} ${runtime.id} ${id}`);
  };
  const { unavailable } = await runJudged({
    name,
    ref,
    runtime,
    rules,
    seed,
    profile,
    replay,
    signal,
    onJudged: (judged) => {
      if (judged.outdated) results.outdated++;
      add(judged);
    },
  });
  if (unavailable === undefined) return;
  results.unavailable.set(name, unavailable);
  const reason = `unavailable: ${unavailable}`;
  for (const rule of rules) add({ rule, verdict: "skip", reason, ms: 0 });
}

async function runMutant(
  plan: Plan,
  mutant: Mutant,
  runtime: Runtime,
  results: Collected,
): Promise<void> {
  const made = await makeMutant(mutant);
  let killed = false, reason = "the run was interrupted";
  try {
    const { unavailable } = await runSuite({
      ref: made.ref,
      runtime,
      rules: plan.rules.filter(({ id }) => id === mutant.rule),
      seed: MUTANT_SEED,
      profile: "mutant",
      signal: plan.signal,
      onRuling: (ruling) => {
        killed = ruling.verdict === "fail";
        reason = killed ? ruling.reason : `${mutant.rule}: ${ruling.verdict} ${ruling.reason}`;
      },
    });
    // Where its ring cannot run, neither can it; the ring itself stands as unavailable.
    if (unavailable !== undefined || plan.signal.aborted) return;
  } finally {
    await made.remove();
    results.onStep(`mutant ${mutant.name} ${runtime.id}`);
  }
  const { name, rule, adapter } = mutant;
  results.mutants.push({
    mutant: name,
    rule,
    adapter,
    runtime: runtime.id,
    killed,
    reason: reason.trim(),
  });
}

/** What the runtimes answer to the questions that rings rely on. */
export async function preflight(
  runtimes: readonly Runtime[],
  signal: AbortSignal,
): Promise<Probe[]> {
  const all: Probe[] = [];
  for (const runtime of runtimes) {
    let found: Probe[] = [];
    const end = await runChild({
      runtime,
      script: new URL("./preflight.ts", import.meta.url),
      args: ["ask"],
      silenceMs: 60_000,
      signal,
      onLine: (line) => {
        if (!line.startsWith(MARK)) return;
        const answers = findings.parse(JSON.parse(line.slice(MARK.length)));
        found = answers.map((answer) => ({ runtime: runtime.id, ...answer }));
      },
    });
    if (found.length === 0) {
      const how = end.how === "exit" ? `exit code ${end.code}` : end.how;
      found = [{
        runtime: runtime.id,
        probe: "preflight",
        expected: "answers",
        found: how,
        ok: false,
      }];
    }
    all.push(...found);
  }
  return all;
}

/** As a shell takes it for one word. */
function shellWord(text: string): string {
  return /^[\w./:@+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
