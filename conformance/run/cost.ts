/** The order in which rules are run: whoever waits for a failure is told of the simple ones first. */
import type { Rule, Technique } from "../rule.ts";

const cost: Readonly<Record<Technique, number>> = {
  sequential: 0,
  fuzz: 1,
  model: 2,
  history: 3,
  fault: 4,
  exploration: 5,
};

/** Waits for nothing: a ring that takes or gives nothing fails it, and hangs those after it. */
const FIRST = "CAP1";

/** By their most costly technique; those that cost the same stay in order. */
export function cheapFirst(rules: readonly Rule[]): Rule[] {
  const of = ({ id, technique }: Rule) =>
    id === FIRST ? -1 : Math.max(...technique.map((one) => cost[one]));
  return rules.toSorted((one, other) => of(one) - of(other));
}
