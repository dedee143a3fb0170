/**
 * The Test Anything Protocol, version 14 (testanything.org): one point a verdict, one an edited ring.
 * A SHOULD that is not met and a known failure are TODOs, which no harness fails; what is unknown is
 * not ok, since nobody may take it for good; a run that was interrupted bails out.
 */
import type {
  ConformanceResults,
  Equivalent,
  Mutant,
  RuleText,
  Verdict,
} from "../../reports/schema.ts";
import { oneLine } from "./text.ts";

export function tap(results: ConformanceResults): string {
  const { rules, verdicts, mutants, equivalents = [], complete } = results;
  const sentences = new Map(rules.map((rule) => [rule.id, rule]));
  const points = [
    ...verdicts.map((verdict) => verdictPoint(verdict, sentences.get(verdict.rule))),
    ...mutants.map(mutantPoint),
    ...equivalents.map(equivalentPoint),
  ];
  const lines = points.map(({ ok, description, directive, diagnostics }, at) =>
    `${ok ? "ok" : "not ok"} ${at + 1} - ${escape(description)}${directive}\n${yaml(diagnostics)}`
  );
  const end = complete ? "" : "Bail out! the run was interrupted: not every rule was tried\n";
  return `TAP version 14\n1..${points.length}\n${lines.join("")}${end}`;
}

interface Point {
  readonly ok: boolean;
  readonly description: string;
  /** With its space and number sign, or empty. */
  readonly directive: string;
  readonly diagnostics: Readonly<Record<string, string | number>>;
}

function verdictPoint(one: Verdict, rule: RuleText | undefined): Point {
  const { adapter, runtime, level, verdict, reason, known, seed, repro, ms } = one;
  const description = `${adapter}/${runtime} ${one.rule} ${rule?.sentence ?? ""}`;
  if (verdict === "pass") return { ok: true, description, directive: "", diagnostics: {} };
  if (verdict === "skip") {
    return { ok: true, description, directive: ` # SKIP ${escape(reason)}`, diagnostics: {} };
  }
  return {
    ok: false,
    description,
    directive: verdict === "known"
      ? ` # TODO ${escape(known ?? "known failure")}`
      : verdict === "fail" && level === "SHOULD"
      ? " # TODO SHOULD is not met"
      : "",
    diagnostics: { verdict, level, reason, seed, reproduce: repro, duration_ms: ms },
  };
}

function mutantPoint({ mutant, rule, adapter, runtime, killed, reason }: Mutant): Point {
  return {
    ok: killed,
    description: `mutants/${runtime} ${mutant} (an edit of ${adapter}) is killed by ${rule}`,
    directive: "",
    diagnostics: killed ? {} : { reason },
  };
}

function equivalentPoint({ equivalent, adapter, runtime, passed, reason }: Equivalent): Point {
  return {
    ok: passed,
    description: `equivalents/${runtime} ${equivalent} (an edit of ${adapter}) passes`,
    directive: "",
    diagnostics: passed ? {} : { reason },
  };
}

/** A block of JSON values, which YAML is a superset of. */
function yaml(diagnostics: Point["diagnostics"]): string {
  const entries = Object.entries(diagnostics);
  if (entries.length === 0) return "";
  const lines = entries.map(([key, value]) => `  ${key}: ${JSON.stringify(value)}\n`);
  return `  ---\n${lines.join("")}  ...\n`;
}

/** A number sign would begin a directive. */
function escape(text: string): string {
  return oneLine(text).replace(/[\\#]/g, "\\$&");
}
