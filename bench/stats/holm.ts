/**
 * Holm's step-down correction: of several tests at once, the chance that any true null hypothesis is
 * rejected stays at the level, however the tests depend on each other. (Source: Holm 1979.)
 */

/** Each p adjusted, in the same order: reject where it is at most the level. */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, i) => i).sort((a, b) => ps[a]! - ps[b]!);
  const adjusted = new Array<number>(ps.length);
  let least = 0;
  for (const [done, i] of order.entries()) {
    least = Math.max(least, Math.min(1, ps[i]! * (ps.length - done)));
    adjusted[i] = least;
  }
  return adjusted;
}
