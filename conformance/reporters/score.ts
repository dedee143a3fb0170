/** Verdicts counted by level: a MUST and a SHOULD are never added up. */
import type { Verdict } from "../../reports/schema.ts";

export const levels = ["MUST", "SHOULD"] as const;
const outcomes = ["pass", "fail", "known", "unknown", "skip"] as const;

export type Counts = Readonly<Record<typeof outcomes[number], number>>;

export function counted(verdicts: readonly Verdict[]): Readonly<Record<Verdict["level"], Counts>> {
  const of = (level: Verdict["level"]) => {
    const all = verdicts.filter((verdict) => verdict.level === level);
    const entries = outcomes.map((outcome) =>
      [outcome, all.filter(({ verdict }) => verdict === outcome).length] as const
    );
    return Object.fromEntries(entries) as unknown as Counts;
  };
  return { MUST: of("MUST"), SHOULD: of("SHOULD") };
}

/** How many apply: a skip is a rule that does not. */
export function applying({ pass, fail, known, unknown }: Counts): number {
  return pass + fail + known + unknown;
}
