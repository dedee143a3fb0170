/**
 * Warm-up until steady, then one timed run.
 *
 * Windows of a given length are run until three in a row agree, so that the compilers have settled;
 * their rate says how many items fill the timed run. That run is one stream, verified while it is
 * timed: by number at the lead, and by the sums that both ends took.
 */
import type { Case, Lead, Score } from "../cases/case.ts";
import { Mismatch } from "./numbering.ts";
import { STALL_MS } from "./spin.ts";

/** Milliseconds. */
export interface Timing {
  readonly windowMs: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

/** The lead's view of the other end. */
export interface Partner {
  /** Lets the other end move `count` items, the first numbered `first`. */
  release(first: number, count: number): void;
  /** The sum it took, once it has finished. */
  settled(): number | Promise<number>;
}

export interface Timed {
  readonly items: number;
  readonly ms: number;
  /** Whether the warm-up windows came to agree. */
  readonly steady: boolean;
}

export interface Measured {
  readonly timed: Timed;
  readonly score?: Score;
}

/** Windows in a row that must agree, and how well. */
const WINDOWS = 3, AGREEMENT = 0.05;
/** How much longer the next window may be than the last. */
const GROWTH = 8;
/** Grains of a window at least, so that the release of the two ends is a small part of it. */
const LEAST_GRAINS = 64;
const MOST_ITEMS = 2 ** 30;

/** As the case wants it: paced, or one single item. */
export async function timed(
  { gauge }: Case,
  lead: Lead,
  partner: Partner,
  timing: Timing,
): Promise<Timed> {
  if (gauge !== "single") return await pace(lead, partner, timing);
  return { items: 1, ms: await run(lead, partner, 0, 1), steady: true };
}

export async function pace(lead: Lead, partner: Partner, timing: Timing): Promise<Timed> {
  let first = 0;
  const stretch = async (count: number) => {
    const ms = await run(lead, partner, first, count);
    first = (first + count) | 0;
    return ms;
  };
  const { count, steady } = await warmUp(stretch, LEAST_GRAINS * lead.grain, timing);
  return { items: count, ms: await stretch(count), steady };
}

/** The milliseconds of one run, from its release to its last item. */
async function run(lead: Lead, partner: Partner, first: number, count: number): Promise<number> {
  const start = performance.now();
  partner.release(first, count);
  const received = await unlessStalled(lead.run(first, count));
  const ms = performance.now() - start;
  const sent = await partner.settled();
  if (sent !== received) throw new Mismatch(`${count} items sum up to ${received}, not ${sent}`);
  lead.rest?.();
  return ms;
}

/**
 * Runs windows until they agree or the time is up; `count` items will then fill the timed run. All
 * counts are multiples of `least`. `stretch` returns the milliseconds that its items took.
 */
export async function warmUp(
  stretch: (count: number) => number | Promise<number>,
  least: number,
  { windowMs, warmUpMs, measureMs }: Timing,
): Promise<{ count: number; steady: boolean }> {
  const rates: number[] = [];
  const end = performance.now() + warmUpMs;
  for (let count = least;;) {
    const ms = await stretch(count);
    const itemsPerMs = count / ms;
    if (ms > windowMs / 2) rates.push(itemsPerMs);
    const steady = agree(rates.slice(-WINDOWS));
    if (steady || performance.now() > end) {
      return { count: whole(itemsPerMs * measureMs, least), steady };
    }
    count = whole(Math.min(itemsPerMs * windowMs, count * GROWTH), least);
  }
}

function agree(rates: readonly number[]): boolean {
  return rates.length === WINDOWS && Math.max(...rates) <= Math.min(...rates) * (1 + AGREEMENT);
}

function whole(count: number, least: number): number {
  return Math.max(1, Math.round(Math.min(count, MOST_ITEMS) / least)) * least;
}

/** What a run comes to. One that awaits is given up when it takes longer than a live one can. */
function unlessStalled(sum: number | Promise<number>): number | Promise<number> {
  if (typeof sum === "number") return sum;
  return new Promise((resolve, reject) => {
    const late = () => reject(new Mismatch(`a run of items did not end within ${STALL_MS} ms`));
    const timer = setTimeout(late, STALL_MS);
    sum.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
