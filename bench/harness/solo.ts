/** One thread drives both ends: timed by mitata's `measure`, whose samples are one pass each. */
import { measure } from "mitata";
import type { Pass } from "../cases/case.ts";
import { type Timed, type Timing, warmUp } from "./pace.ts";

const NS_PER_MS = 1e6;
/** Passes that are measured at least; the slowest take a second. */
const LEAST_SAMPLES = 3;

export async function runSolo(pass: Pass, timing: Timing): Promise<Timed> {
  const stretch = (count: number) => {
    const start = performance.now();
    for (let done = 0; done < count; done += pass.items) pass.run();
    return performance.now() - start;
  };
  const { steady } = await warmUp(stretch, pass.items, timing);
  const { avg } = await measure(pass.run, {
    // A pass is long enough to be timed by itself; thousands of them in one sample would not fit.
    batch_threshold: 0,
    min_samples: LEAST_SAMPLES,
    min_cpu_time: timing.measureMs * NS_PER_MS,
    gc: false,
  });
  return { items: pass.items, ms: avg / NS_PER_MS, steady };
}
