/** How many times as fast one cell is as another, of one interleaved run. */
import { median } from "./median.ts";

/**
 * Median over the rounds of the ratio within each: the two were measured within the same round, so
 * that a machine that slows down slows down both. Runs that do not pair up are compared by medians.
 */
export function ratio(over: readonly number[], under: readonly number[]): number {
  if (over.length !== under.length) return median(over) / median(under);
  return median(over.map((value, round) => value / under[round]!));
}
