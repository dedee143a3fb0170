/**
 * What a loop allocates: the heap is looked at around every pass, and where it has grown the growth is
 * added up, less what looking allocates. A collection only hides what was allocated since the last
 * look. The loop is cut into stretches and the figure is their median: what a compiler allocates once,
 * while the loop runs, is no part of the loop.
 *
 * V8 counts every object at once. JavaScriptCore counts at collections only, and the blocks that it
 * takes from the system at once: with its collector off, those are what is allocated.
 */
import process from "node:process";
import { runtimeName } from "../../impls/shared/runtime.ts";
import type { Pass } from "../cases/case.ts";
import { median } from "../stats/median.ts";
import type { Measured } from "./pace.ts";

/** What a process must have in its environment, so that its allocations can be seen. */
export const allocationEnvironment: Readonly<Record<string, string>> = { BUN_JSC_useGC: "0" };

/** An operation is a write or a read of one item. */
const OPERATIONS = 10_000_000, WARM_UP_OPERATIONS = 2_000_000, OPERATIONS_PER_ITEM = 2;
/** Odd, so that a stretch is the median. */
const STRETCHES = 9;
/** In a row, to know what a look itself allocates. */
const LOOKS = 256;
/** Of growth, after which enough is known: there may be no collector. */
const MOST_BYTES = 2 ** 28;
/** For what is so slow that it never gets through all operations. */
const WARM_UP_MS = 500, MOST_MS = 3000;

export async function allocationOf({ items, run }: Pass): Promise<Measured> {
  const heap = heapGauge();
  const operationsPerPass = OPERATIONS_PER_ITEM * items;
  const warm = performance.now() + WARM_UP_MS;
  for (
    let done = 0;
    done < WARM_UP_OPERATIONS && performance.now() < warm;
    done += operationsPerPass
  ) {
    await run();
  }
  const perLook = growth(heap, LOOKS) / LOOKS;
  const begun = performance.now();
  let done = 0, grown = 0;
  const goesOn = () => grown < MOST_BYTES && performance.now() - begun < MOST_MS;
  const stretches: number[] = [];
  do {
    const from = { done, grown }, end = OPERATIONS * (stretches.length + 1) / STRETCHES;
    do {
      const before = heap();
      await run();
      grown += Math.max(0, heap() - before) - perLook;
      done += operationsPerPass;
    } while (done < end && goesOn());
    stretches.push(Math.max(0, grown - from.grown) / (done - from.done));
  } while (stretches.length < STRETCHES && goesOn());
  const timed = { items: done / OPERATIONS_PER_ITEM, ms: performance.now() - begun, steady: true };
  return { timed, score: { value: median(stretches) } };
}

/** Over so many looks with nothing between them. */
function growth(heap: () => number, looks: number): number {
  let grown = 0;
  for (let look = 0, last = heap(); look < looks; look++) {
    const now = heap();
    grown += Math.max(0, now - last);
    last = now;
  }
  return grown;
}

function heapGauge(): () => number {
  if (runtimeName !== "bun") return () => process.memoryUsage().heapUsed;
  for (const [name, value] of Object.entries(allocationEnvironment)) {
    if (process.env[name] !== value) {
      throw new Error(`allocations show on Bun with ${name}=${value} in the environment only`);
    }
  }
  return () => process.memoryUsage().heapTotal;
}
