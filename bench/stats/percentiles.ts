/** Percentiles of a latency histogram: only those that it has the samples for. */

/** What is read from hdr-histogram-js. */
export interface Distribution {
  readonly totalCount: number;
  getValueAtPercentile(percentile: number): number;
}

const QUANTILES = { p50: 0.5, p90: 0.9, p99: 0.99, "p99.9": 0.999 } as const;
/** Samples beyond a quantile, below which it is one outlier's value and no percentile. */
const BEYOND = 10;

export function percentiles(distribution: Distribution): Record<string, number> {
  const enough = Object.entries(QUANTILES).filter(([, quantile]) =>
    distribution.totalCount * (1 - quantile) >= BEYOND - 1e-6
  );
  return Object.fromEntries(
    enough.map(([name, quantile]) => [name, distribution.getValueAtPercentile(100 * quantile)]),
  );
}
