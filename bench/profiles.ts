/** How long a run is: rounds over all cells, and the milliseconds that one cell is given in each. */
import type { Timing } from "./harness/pace.ts";

export interface Profile {
  /** Fresh processes a cell, one a round. */
  readonly rounds: number;
  readonly timing: Timing;
}

export const profiles = {
  quick: { rounds: 1, timing: { windowMs: 15, warmUpMs: 200, measureMs: 150 } },
  standard: { rounds: 5, timing: { windowMs: 50, warmUpMs: 1000, measureMs: 500 } },
  full: { rounds: 15, timing: { windowMs: 100, warmUpMs: 2000, measureMs: 1000 } },
} as const satisfies Record<string, Profile>;
