/** The whole run: every adapter and every mutant under every runtime, a few at a time. */
import type { Equivalent, Mutant as MutantResult, Probe, Verdict } from "../../reports/schema.ts";
import { runChild } from "../../runner/child.ts";
import type { Runtime } from "../../runner/runtimes.ts";
import type { Selected } from "../../runner/selection.ts";
import { MARK } from "./messages.ts";
import { editedSource, makeMutant } from "../mutants/make.ts";
import type { Edit, Mutant } from "../mutants/mutant.ts";
import { runEquivalent } from "./equivalent.ts";
import { findings } from "./preflight.ts";
import type { Profile } from "./effort.ts";
import type { Rule } from "../rule.ts";
import { type Judged, runJudged } from "./known.ts";
import { runSuite, type SuiteOptions } from "./suite.ts";

export interface Plan {
  readonly adapters: readonly Selected[];
  readonly runtimes: readonly Runtime[];
  readonly rules: readonly Rule[];
  readonly mutants: readonly Mutant[];
  /** Edits that change nothing; none by default. */
  readonly equivalents?: readonly Edit[];
  readonly seed: number;
  readonly profile: Profile;
  readonly replay?: string | undefined;
  readonly jobs: number;
  readonly signal: AbortSignal;
}

export interface Results {
  readonly verdicts: Verdict[];
  readonly mutants: MutantResult[];
  readonly equivalents: Equivalent[];
  /** Adapters that this machine lacks something for, and what. */
  readonly unavailable: ReadonlyMap<string, string>;
  /** Known failures that are none any more. */
  readonly outdated: number;
}

/** Hears of what falls, as it falls. */
export interface Listener {
  step(label: string): void;
  verdict(verdict: Verdict): void;
}

/** How many steps runAll() will tell of. */
export const steps = (plan: Plan): number =>
  plan.runtimes.length * plan.adapters.length * plan.rules.length +
  plan.runtimes.reduce((sum, runtime) => {
    const edits = [plan.mutants, plan.equivalents ?? []];
    return sum + edits.flatMap((some) => editsOn(runtime, some, plan)).length;
  }, 0);

/** All edited rings on each runtime; in the quick profile each on one, in turn. */
function editsOn<E extends Edit>(
  runtime: Runtime,
  edits: readonly E[],
  { runtimes, profile }: Plan,
): readonly E[] {
  if (profile !== "quick") return edits;
  const turn = runtimes.indexOf(runtime);
  return edits.filter((_, place) => place % runtimes.length === turn);
}

export async function runAll(plan: Plan, listener: Listener): Promise<Results> {
  // At once: an edit that has lost its place is not to be found out after minutes.
  const { mutants, equivalents = [] } = plan;
  await Promise.all([...mutants, ...equivalents].map(editedSource));
  const results: Collected = {
    verdicts: [],
    mutants: [],
    equivalents: [],
    unavailable: new Map(),
    outdated: 0,
    listener,
  };
  const work = plan.runtimes.flatMap((runtime) => [
    ...plan.adapters.map((adapter) => () => runAdapter(plan, adapter, runtime, results)),
    ...editsOn(runtime, mutants, plan).map((mutant) => () =>
      runMutant(plan, mutant, runtime, results)
    ),
    ...editsOn(runtime, equivalents, plan).map((edit) => async () => {
      const result = await runEquivalent(edit, { ...plan, runtime });
      if (result) results.equivalents.push(result);
      listener.step(`equivalent ${edit.name} ${runtime.id}`);
    }),
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
  readonly listener: Listener;
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
    const ruling: Verdict = {
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
    };
    results.verdicts.push(ruling);
    results.listener.verdict(ruling);
    results.listener.step(`${name} ${runtime.id} ${id}`);
  };
  const failed: Rule[] = [];
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
      else if (judged.verdict === "fail") failed.push(judged.rule);
      add(judged);
    },
  });
  for (const rule of failed) {
    const suite = { ref, runtime, rules: [rule], seed, profile, replay, signal };
    if (!await passesNow(suite)) continue;
    const at = results.verdicts.findIndex((one) =>
      one.adapter === name && one.runtime === runtime.id && one.rule === rule.id
    );
    const first = results.verdicts[at]!;
    const reason = `${first.reason}; flaky: run again with the same seed it passed`;
    results.verdicts[at] = { ...first, reason };
  }
  if (unavailable === undefined) return;
  results.unavailable.set(name, unavailable);
  const reason = `unavailable: ${unavailable}`;
  for (const rule of rules) add({ rule, verdict: "skip", reason, ms: 0 });
}

/** What has failed is run once more: it has failed still when it passes then, and is flaky besides. */
async function passesNow(suite: Omit<SuiteOptions, "onRuling">): Promise<boolean> {
  let passes = false;
  await runSuite({ ...suite, onRuling: ({ verdict }) => passes = verdict === "pass" });
  return passes;
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
    results.listener.step(`mutant ${mutant.name} ${runtime.id}`);
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
