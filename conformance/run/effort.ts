/** How much work the profiles do, and how long it may take. */
import type { Effort } from "../rule.ts";

interface Limits {
  /** Milliseconds for one rule, which has failed when it takes longer. */
  readonly limitMs: number;
  /** Milliseconds for all rules of one ring on one runtime; those after them are undecided. */
  readonly budgetMs: number;
}

const MINUTE_MS = 60_000;

export const profiles = {
  quick: {
    items: 20_000,
    programs: 40,
    wakes: 300,
    executions: 800,
    limitMs: 30_000,
    budgetMs: MINUTE_MS,
  },
  standard: {
    items: 400_000,
    programs: 400,
    wakes: 5_000,
    executions: 4_000,
    limitMs: 90_000,
    budgetMs: 5 * MINUTE_MS,
  },
  deep: {
    items: 10_000_000,
    programs: 10_000,
    wakes: 200_000,
    executions: 200_000,
    limitMs: 900_000,
    budgetMs: 60 * MINUTE_MS,
  },
  /** For mutants: a fault that needs more than this is no simple one. */
  mutant: {
    items: 400_000,
    programs: 40,
    wakes: 20,
    executions: 3_200,
    limitMs: 10_000,
    budgetMs: MINUTE_MS,
  },
  /** For edits that change nothing: every rule on each of them, so little of each. */
  equivalent: {
    items: 2_000,
    programs: 10,
    wakes: 30,
    executions: 40,
    limitMs: 30_000,
    budgetMs: MINUTE_MS,
  },
  /** For what is known to hang: as quick, and believed sooner. */
  hanging: {
    items: 20_000,
    programs: 40,
    wakes: 300,
    executions: 400,
    limitMs: 2_500,
    budgetMs: MINUTE_MS,
  },
} as const satisfies Record<string, Effort & Limits>;

export type Profile = keyof typeof profiles;
