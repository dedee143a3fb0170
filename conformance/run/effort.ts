/** How much work the profiles do, and how long one rule may take. */
import type { Effort } from "../rule.ts";

export const profiles = {
  quick: { items: 20_000, programs: 40, wakes: 300, limitMs: 30_000 },
  standard: { items: 400_000, programs: 400, wakes: 5_000, limitMs: 90_000 },
  deep: { items: 10_000_000, programs: 10_000, wakes: 200_000, limitMs: 900_000 },
  /** For mutants: a fault that needs more than this is no simple one. */
  mutant: { items: 400_000, programs: 40, wakes: 20, limitMs: 5_000 },
} as const satisfies Record<string, Effort & { limitMs: number }>;

export type Profile = keyof typeof profiles;
