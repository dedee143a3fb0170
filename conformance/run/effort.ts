/** How much work the profiles do, and how long one rule may take. */
import type { Effort } from "../rule.ts";

export const profiles = {
  quick: { items: 20_000, programs: 40, wakes: 300, executions: 800, limitMs: 30_000 },
  standard: { items: 400_000, programs: 400, wakes: 5_000, executions: 4_000, limitMs: 90_000 },
  deep: {
    items: 10_000_000,
    programs: 10_000,
    wakes: 200_000,
    executions: 200_000,
    limitMs: 900_000,
  },
  /** For mutants: a fault that needs more than this is no simple one. */
  mutant: { items: 400_000, programs: 40, wakes: 20, executions: 3_200, limitMs: 10_000 },
  /** For what is known to hang: as quick, and believed sooner. */
  hanging: { items: 20_000, programs: 40, wakes: 300, executions: 400, limitMs: 2_500 },
} as const satisfies Record<string, Effort & { limitMs: number }>;

export type Profile = keyof typeof profiles;
