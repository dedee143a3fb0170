/**
 * Rules that an adapter is known to fail, run to see that it still does, and never with more effort
 * than quick. Those that hang get less time than others, and wait side by side, each in a process
 * of its own, so that what is known costs little.
 */
import { type Known, knownFailure } from "../known.ts";
import type { Rule } from "../rule.ts";
import type { Profile } from "./effort.ts";
import { type Ruling, runSuite, type SuiteEnd, type SuiteOptions } from "./suite.ts";

/** What became of a rule that may be known to fail. */
export interface Judged extends Omit<Ruling, "verdict"> {
  readonly verdict: Ruling["verdict"] | "known";
  /** Why it fails, where it is known to. */
  readonly known?: string;
  /** It is listed as a known failure, and is none. */
  readonly outdated?: boolean;
}

/** Hanging rules that wait at a time. */
const SIDE_BY_SIDE = 12;

/** As runSuite(), for the adapter of this name, whose known failures count as such. */
export async function runJudged(
  options: Omit<SuiteOptions, "onRuling"> & {
    readonly name: string;
    readonly onJudged: (judged: Judged) => void;
  },
): Promise<SuiteEnd> {
  const { name, rules, runtime, onJudged } = options;
  const listed = new Map<Rule, Known>();
  for (const rule of rules) {
    const known = knownFailure(name, runtime.name, rule.id);
    if (known) listed.set(rule, known);
  }
  const unlisted = rules.filter((rule) => !listed.has(rule));
  const hanging = [...listed.keys()].filter((rule) => listed.get(rule)!.hangs);
  const failing = [...listed.keys()].filter((rule) => !listed.get(rule)!.hangs);

  const end = await runSuite({ ...options, rules: unlisted, onRuling: onJudged });
  if (end.unavailable !== undefined) return end;
  const suite = (some: readonly Rule[], profile: Profile) =>
    runSuite({
      ...options,
      rules: some,
      profile,
      onRuling: (ruling) => onJudged(judge(ruling, listed.get(ruling.rule)!)),
    });
  const ends = [await suite(failing, "quick")];
  const queue = hanging.values();
  const worker = async () => {
    for (const rule of queue) ends.push(await suite([rule], "hanging"));
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  return ends.find(({ unavailable }) => unavailable !== undefined) ?? end;
}

/** A ruling on a rule that is listed. */
export function judge(ruling: Ruling, { reason: known, sometimes }: Known): Judged {
  if (ruling.verdict === "fail") return { ...ruling, verdict: "known", known };
  if (ruling.verdict === "unknown" || (ruling.verdict === "pass" && sometimes)) return ruling;
  const now = ruling.verdict === "pass" ? "passes" : `does not apply (${ruling.reason})`;
  const reason = `it ${now}, and stands in conformance/known.ts as failing, because ${known}`;
  return { ...ruling, verdict: "fail", reason, outdated: true };
}
