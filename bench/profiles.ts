/** How long a run is: which cells, how many rounds over them, and the milliseconds of one in each. */
import type { Timing } from "./harness/pace.ts";

export interface Profile {
  /** Cases that are measured unless others are asked for, with their parameters; all by default. */
  readonly cases?: readonly string[];
  /** Fresh processes of a cell that a claim rests on, or that was asked for by name; one a round. */
  readonly rounds: number;
  /** Those of any other cell. */
  readonly otherRounds: number;
  readonly timing: Timing;
}

export const profiles = {
  quick: {
    cases: ["throughput batch=1", "throughput batch=64", "latency"],
    rounds: 1,
    otherRounds: 1,
    timing: { windowMs: 12, warmUpMs: 100, measureMs: 100 },
  },
  standard: {
    rounds: 5,
    otherRounds: 2,
    timing: { windowMs: 40, warmUpMs: 600, measureMs: 300 },
  },
  full: {
    rounds: 15,
    otherRounds: 5,
    timing: { windowMs: 100, warmUpMs: 2000, measureMs: 1000 },
  },
} as const satisfies Record<string, Profile>;
