/** Makes a failing schedule smaller: fewer deviations, as long as it fails in the same way. */
import type { Deviation } from "./token.ts";

/** Schedules tried at most, and operations that they take together. */
const MOST_TRIES = 400, MOST_STEPS = 400_000;

/**
 * Leaves out ever smaller parts. `fails` runs a schedule; the first took `steps` operations. (Source: Zeller and Hildebrandt 2002,
 * "delta debugging".)
 */
export async function shrink(
  deviations: readonly Deviation[],
  steps: number,
  fails: (candidate: readonly Deviation[]) => Promise<boolean>,
): Promise<readonly Deviation[]> {
  const most = Math.min(MOST_TRIES, Math.ceil(MOST_STEPS / Math.max(1, steps)));
  let best = deviations, tries = 0;
  for (let size = Math.ceil(best.length / 2); size >= 1;) {
    let smaller = false;
    for (let from = best.length - size; from > -size && tries < most; from -= size) {
      const begin = Math.max(0, from);
      const candidate = best.filter((_, i) => i < begin || i >= from + size);
      if (candidate.length === best.length) continue;
      tries++;
      if (!await fails(candidate)) continue;
      best = candidate;
      smaller = true;
    }
    if (size === 1 && !smaller) break;
    size = size === 1 ? 1 : Math.ceil(size / 2);
    if (tries >= most || best.length === 0) break;
  }
  return best;
}
