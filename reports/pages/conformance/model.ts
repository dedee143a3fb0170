/** Verdicts by rule, adapter and runtime, as the page lays them out. */
import type { ConformanceResults, RuleText, Verdict } from "../../schema.ts";
import { type Html, markup } from "../html.ts";
import { type RuntimeColumn, runtimeColumns } from "../parts/runtimes.ts";

export const outcomes = ["pass", "fail", "known", "skip", "unknown"] as const;
export type Outcome = typeof outcomes[number];

export const glyphs: Readonly<Record<Outcome, string>> = {
  pass: "✓",
  fail: "✗",
  known: "~",
  skip: "–",
  unknown: "?",
};

export const levels = ["MUST", "SHOULD"] as const;

export interface Conformance {
  readonly runtimes: readonly RuntimeColumn[];
  readonly adapters: readonly { readonly name: string; readonly family: string }[];
  readonly groups: readonly { readonly name: string; readonly rules: readonly RuleText[] }[];
  readonly verdicts: readonly Verdict[];
  at(rule: string, adapter: string, runtime: string): Verdict | undefined;
}

export type Tally = Readonly<Record<Outcome, number>>;

export function conformance(results: ConformanceResults): Conformance {
  const { verdicts } = results;
  const families = new Map(verdicts.map(({ adapter, family }) => [adapter, family]));
  const cells = new Map(verdicts.map((one) => [key(one.rule, one.adapter, one.runtime), one]));
  const groups = Map.groupBy(allRules(results), ({ group }) => group);
  return {
    runtimes: runtimeColumns(results.environment, verdicts.map(({ runtime }) => runtime)),
    adapters: [...families].map(([name, family]) => ({ name, family })),
    groups: [...groups].map(([name, rules]) => ({ name, rules })),
    verdicts,
    at: (rule, adapter, runtime) => cells.get(key(rule, adapter, runtime)),
  };
}

export function tally(verdicts: readonly Verdict[]): Tally {
  const count = (outcome: Outcome) => verdicts.filter(({ verdict }) => verdict === outcome).length;
  return {
    pass: count("pass"),
    fail: count("fail"),
    known: count("known"),
    skip: count("skip"),
    unknown: count("unknown"),
  };
}

/** "✓ pass" */
export function outcome(name: Outcome): Html {
  return markup`<span class="verdict"><span class="glyph ${name}" aria-hidden="true">${
    glyphs[name]
  }</span> ${name}</span>`;
}

/** "7 verdicts", "1 verdict" */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}

/** Those of the spec, and a line for any that only a verdict names, so that none gets lost. */
function allRules({ rules, verdicts }: ConformanceResults): RuleText[] {
  const known = new Set(rules.map(({ id }) => id));
  const foreign = verdicts.filter(({ rule }) => !known.has(rule));
  const named = new Map(foreign.map(({ rule, level }) => [rule, level]));
  return [
    ...rules,
    ...[...named].map(([id, level]) => ({
      id,
      group: "Not in the spec",
      level,
      sentence: "",
      why: "",
      source: "",
    })),
  ];
}

function key(rule: string, adapter: string, runtime: string): string {
  return JSON.stringify([rule, adapter, runtime]);
}
