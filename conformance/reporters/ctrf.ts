/**
 * The Common Test Report Format (ctrf.io): a test a verdict, in the suite of its adapter, runtime and
 * group, and one an edited ring. As on the command's exit, a broken MUST has failed. What is unknown and a
 * SHOULD that is not met are `other`, a known failure is `pending`, each with our own word for it.
 */
import type {
  ConformanceResults,
  Equivalent,
  Mutant,
  RuleText,
  Verdict,
} from "../../reports/schema.ts";
import { counted } from "./score.ts";

/** The version of the format that this was written to. */
const SPEC_VERSION = "0.0.0";

type Status = "passed" | "failed" | "skipped" | "pending" | "other";

interface Test {
  readonly name: string;
  readonly status: Status;
  /** Milliseconds. */
  readonly duration: number;
  readonly suite: readonly string[];
  readonly type: "rule" | "mutant" | "equivalent" | "run";
  readonly rawStatus: string;
  readonly tags?: readonly string[];
  readonly message?: string;
  readonly trace?: string;
  readonly extra?: Readonly<Record<string, unknown>>;
}

export function ctrf(results: ConformanceResults): string {
  const { environment, complete, verdicts, mutants, equivalents = [] } = results;
  const rules = new Map(results.rules.map((rule) => [rule.id, rule]));
  const tests = [
    ...verdicts.map((verdict) => verdictTest(verdict, rules.get(verdict.rule))),
    ...mutants.map(mutantTest),
    ...equivalents.map(equivalentTest),
    ...(complete ? [] : [interrupted]),
  ];
  const count = (status: Status) => tests.filter((one) => one.status === status).length;
  const start = startOf(results);
  const duration = Math.round(results.tookMs ?? sum(tests));
  const report = {
    reportFormat: "CTRF",
    specVersion: SPEC_VERSION,
    timestamp: new Date(start + duration).toISOString(),
    generatedBy: "ringproof conformance",
    results: {
      tool: { name: "ringproof" },
      summary: {
        tests: tests.length,
        passed: count("passed"),
        failed: count("failed"),
        skipped: count("skipped"),
        pending: count("pending"),
        other: count("other"),
        suites: new Set(tests.map(({ suite }) => JSON.stringify(suite))).size,
        start,
        stop: start + duration,
        duration,
        extra: counted(verdicts),
      },
      tests,
      environment: {
        commit: environment.commit,
        osPlatform: environment.os,
        osRelease: environment.kernel,
        healthy: complete && (environment.probes ?? []).every(({ ok }) => ok),
        extra: {
          cpu: environment.cpu,
          cores: environment.cores,
          profile: environment.profile,
          seed: environment.seed,
          runtimes: environment.runtimes,
        },
      },
    },
  };
  return `${JSON.stringify(report, null, 1)}\n`;
}

function verdictTest(one: Verdict, rule: RuleText | undefined): Test {
  const { adapter, runtime, level, reason, known, trace, seed, repro, ms } = one;
  const message = known === undefined ? reason : `${known}: ${reason}`;
  return {
    name: rule ? `${rule.id}: ${rule.sentence}` : one.rule,
    status: statusOf(one),
    duration: Math.round(ms),
    suite: [adapter, runtime, rule?.group ?? "not in the spec"],
    type: "rule",
    rawStatus: one.verdict,
    tags: [level],
    ...(message === "" ? {} : { message }),
    ...(trace === undefined ? {} : { trace }),
    extra: { rule: one.rule, level, seed, reproduce: repro },
  };
}

function statusOf({ verdict, level }: Verdict): Status {
  if (verdict === "pass") return "passed";
  if (verdict === "skip") return "skipped";
  if (verdict === "known") return "pending";
  return verdict === "fail" && level === "MUST" ? "failed" : "other";
}

function mutantTest({ mutant, rule, adapter, runtime, killed, reason }: Mutant): Test {
  return {
    name: `${mutant} (an edit of ${adapter}) is killed by ${rule}`,
    status: killed ? "passed" : "failed",
    duration: 0,
    suite: ["mutants", runtime],
    type: "mutant",
    rawStatus: killed ? "killed" : "survived",
    message: reason,
  };
}

function equivalentTest({ equivalent, adapter, runtime, passed, reason }: Equivalent): Test {
  return {
    name: `${equivalent} (an edit of ${adapter}) passes`,
    status: passed ? "passed" : "failed",
    duration: 0,
    suite: ["equivalents", runtime],
    type: "equivalent",
    rawStatus: passed ? "passed" : "failed",
    ...(reason === "" ? {} : { message: reason }),
  };
}

const interrupted: Test = {
  name: "runs to its end",
  status: "failed",
  duration: 0,
  suite: ["run"],
  type: "run",
  rawStatus: "interrupted",
  message: "the run was interrupted: not every rule was tried",
};

/** Milliseconds since the epoch; 0 for a date that is none. */
function startOf({ environment }: ConformanceResults): number {
  const start = Date.parse(environment.date);
  return Number.isNaN(start) ? 0 : start;
}

function sum(tests: readonly Test[]): number {
  return tests.reduce((total, { duration }) => total + duration, 0);
}
