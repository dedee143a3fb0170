/**
 * Durations of round trips, three digits each, and what may be said about them. Each was taken by two
 * readings of a clock, one of which lies in between: what a reading takes (20 ns in C++, up to 100 in
 * JavaScript, where a round trip takes some hundred) is measured too, and is left out.
 */
import { build } from "hdr-histogram-js";
import type { Score } from "../cases/case.ts";
import { percentiles } from "../stats/percentiles.ts";
import { clockCostNs } from "./clock.ts";

const NS_PER_MS = 1e6;

export class RoundTrips {
  readonly #histogram = build({ numberOfSignificantValueDigits: 3 });

  reset(): void {
    this.#histogram.reset();
  }

  record(ms: number): void {
    // At least 1: a clock may stand still for a moment, a round trip cannot.
    this.#histogram.recordValue(Math.max(1, Math.round(ms * NS_PER_MS)));
  }

  /** The median, and the percentiles that there are samples for, by a clock of that cost. */
  score(clockNs = clockCostNs()): Score {
    const histogram = this.#histogram;
    const without = {
      totalCount: histogram.totalCount,
      getValueAtPercentile: (percentile: number) =>
        Math.max(1, histogram.getValueAtPercentile(percentile) - clockNs),
    };
    return { value: without.getValueAtPercentile(50), percentiles: percentiles(without) };
  }
}
