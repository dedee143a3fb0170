/**
 * JUnit's XML: a suite for each adapter on each runtime, and for its edited rings. A broken MUST is a
 * failure; what is unknown is an error, since nobody may take it for good; a SHOULD that is not met
 * and a known failure are skipped with their reasons, since they do not fail the command either.
 */
import type {
  ConformanceResults,
  Equivalent,
  Mutant,
  RuleText,
  Verdict,
} from "../../reports/schema.ts";
import { escapeXml } from "./xml.ts";

export function junit(results: ConformanceResults): string {
  const rules = new Map(results.rules.map((rule) => [rule.id, rule]));
  const suites = [
    ...grouped(results.verdicts, ({ adapter, runtime }) => `${adapter}/${runtime}`)
      .map(([name, verdicts]) => suite(name, verdicts.map((one) => verdictCase(one, name, rules)))),
    ...grouped(results.mutants, ({ runtime }) => `mutants/${runtime}`)
      .map(([name, mutants]) => suite(name, mutants.map((one) => mutantCase(one, name)))),
    ...grouped(results.equivalents ?? [], ({ runtime }) => `equivalents/${runtime}`)
      .map(([name, all]) => suite(name, all.map((one) => equivalentCase(one, name)))),
    ...(results.complete ? [] : [suite("run", [interrupted])]),
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="ringproof conformance" ${counts(suites.flatMap(({ cases }) => cases))}>
${suites.map(({ xml }) => xml).join("")}</testsuites>
`;
}

interface Case {
  readonly xml: string;
  readonly outcome: "pass" | "failure" | "error" | "skipped";
  readonly ms: number;
}

interface Suite {
  readonly xml: string;
  readonly cases: readonly Case[];
}

function suite(name: string, cases: readonly Case[]): Suite {
  const body = cases.map(({ xml }) => xml).join("");
  return {
    cases,
    xml: `<testsuite name="${escapeXml(name)}" ${counts(cases)}>\n${body}</testsuite>\n`,
  };
}

function counts(cases: readonly Case[]): string {
  const count = (outcome: Case["outcome"]) => cases.filter((one) => one.outcome === outcome).length;
  const seconds = cases.reduce((sum, { ms }) => sum + ms, 0) / 1000;
  return `tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}" ` +
    `skipped="${count("skipped")}" time="${seconds.toFixed(3)}"`;
}

function verdictCase(
  { rule, level, verdict, reason, known, repro, seed, ms }: Verdict,
  suite: string,
  rules: ReadonlyMap<string, RuleText>,
): Case {
  const text = rules.get(rule);
  const name = text ? `${rule}: ${text.sentence}` : rule;
  const outcome = verdict === "pass"
    ? "pass"
    : verdict === "unknown"
    ? "error"
    : verdict === "fail" && level === "MUST"
    ? "failure"
    : "skipped";
  const message = verdict === "known"
    ? `known failure: ${known}: ${reason}`
    : verdict === "fail" && level === "SHOULD"
    ? `SHOULD is not met: ${reason}`
    : reason;
  const body = `${reason}\nseed ${seed}\nreproduce: ${repro}`;
  return testcase({ name, suite, outcome, ms, message, type: level, body });
}

function mutantCase({ mutant, rule, adapter, killed, reason }: Mutant, suite: string): Case {
  const name = `${mutant} (an edit of ${adapter}) is killed by ${rule}`;
  const outcome = killed ? "pass" : "failure";
  return testcase({ name, suite, outcome, ms: 0, message: reason, type: "mutant", body: reason });
}

function equivalentCase(
  { equivalent, adapter, passed, reason }: Equivalent,
  suite: string,
): Case {
  const name = `${equivalent} (an edit of ${adapter}) passes`;
  const outcome = passed ? "pass" : "failure";
  return testcase({
    name,
    suite,
    outcome,
    ms: 0,
    message: reason,
    type: "equivalent",
    body: reason,
  });
}

const interrupted = testcase({
  name: "runs to its end",
  suite: "run",
  outcome: "error",
  ms: 0,
  message: "the run was interrupted: not every rule was tried",
  type: "interrupted",
  body: "",
});

function testcase(
  { name, suite, outcome, ms, message, type, body }: {
    readonly name: string;
    readonly suite: string;
    readonly outcome: Case["outcome"];
    readonly ms: number;
    readonly message: string;
    readonly type: string;
    readonly body: string;
  },
): Case {
  const open = `<testcase name="${escapeXml(name)}" classname="${escapeXml(suite)}" time="${
    (ms / 1000).toFixed(3)
  }"`;
  if (outcome === "pass") return { outcome, ms, xml: `${open}/>\n` };
  const kind = outcome === "skipped" ? "" : ` type="${escapeXml(type)}"`;
  const result = `<${outcome} message="${escapeXml(message)}"${kind}>${
    escapeXml(body)
  }</${outcome}>`;
  return { outcome, ms, xml: `${open}>${result}</testcase>\n` };
}

function grouped<T>(items: readonly T[], name: (item: T) => string): [string, T[]][] {
  return [...Map.groupBy(items, name)];
}
