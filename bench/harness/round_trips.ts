/** Durations of round trips, three digits each, and what may be said about them. */
import { build } from "hdr-histogram-js";
import type { Score } from "../cases/case.ts";
import { percentiles } from "../stats/percentiles.ts";

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

  /** The median, and the percentiles that there are samples for. */
  score(): Score {
    return {
      value: this.#histogram.getValueAtPercentile(50),
      percentiles: percentiles(this.#histogram),
    };
  }
}
