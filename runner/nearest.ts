/** The valid name that a mistyped one most likely meant. */

/**
 * The candidate at the least optimal-string-alignment distance (insertions, deletions,
 * substitutions and swaps of neighbours), or undefined when none is near enough to be meant.
 */
export function nearest(given: string, candidates: readonly string[]): string | undefined {
  const typed = given.toLowerCase();
  let best: string | undefined;
  let least = Math.ceil(typed.length / 3) + 1;
  for (const candidate of candidates) {
    const name = candidate.toLowerCase();
    const away = typed.length > 1 && name.startsWith(typed) ? 1 : distance(typed, name);
    if (away < least) [best, least] = [candidate, away];
  }
  return best;
}

function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) least = Math.min(least, beforeLast[j - 2]! + 1);
      row.push(least);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length]!;
}
