/**
 * The Hodges–Lehmann estimate of the middle of paired differences: the median of the means of all
 * pairs of them, each with itself too (Walsh averages). It is what the signed-rank test estimates,
 * robust as the median and nearly as sharp as the mean. (Source: Hodges and Lehmann 1963.)
 */
import { median } from "./median.ts";

/** RangeError without differences. */
export function hodgesLehmann(differences: readonly number[]): number {
  return median(walshAverages(differences));
}

/** The means of all pairs. */
function walshAverages(values: readonly number[]): number[] {
  return values.flatMap((value, i) => values.slice(i).map((other) => (value + other) / 2));
}
