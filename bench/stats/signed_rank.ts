/**
 * The Wilcoxon signed-rank test, exact and one-sided: are paired differences greater than a bound?
 * It supposes that they are symmetric about their median, and nothing of their shape or spread.
 * (Source: Wilcoxon 1945; ties by mid-ranks and the null distribution given them, Pratt's zeros
 * left out, Hollander and Wolfe 1973, section 3.1.)
 */

export interface SignedRank {
  /** Differences that are not the bound itself: what the test rests on. */
  readonly count: number;
  /** The sum of the ranks of those above the bound. */
  readonly statistic: number;
  /** The probability of this statistic, or a greater one, where none is greater than the bound. */
  readonly p: number;
}

/** Differences beyond which the null distribution, whose size is their number's square, is refused. */
const MOST = 2_000;

/** RangeError for a difference that is no number, and for more than 2,000. */
export function signedRank(differences: readonly number[], bound = 0): SignedRank {
  if (differences.length > MOST) {
    throw new RangeError(`at most ${MOST} differences, got ${differences.length}`);
  }
  const bad = differences.find((difference) => !Number.isFinite(difference));
  if (bad !== undefined) throw new RangeError(`a difference must be a finite number, got ${bad}`);
  const shifted = differences.map((difference) => difference - bound).filter((d) => d !== 0);
  const ranks = doubledRanks(shifted.map(Math.abs));
  const doubled = shifted.reduce((sum, d, i) => d > 0 ? sum + ranks[i]! : sum, 0);
  return { count: shifted.length, statistic: doubled / 2, p: tail(ranks, doubled) };
}

/** The least p that so many differences can have: all of them greater. */
export function leastP(count: number): number {
  return 0.5 ** count;
}

/** Twice the rank of each, so that the mid-ranks of ties are whole numbers too. */
function doubledRanks(values: readonly number[]): readonly number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Array<number>(values.length);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (const i of order.slice(from, to)) ranks[i] = from + 1 + to; // 2 · the mean of from + 1 … to
    from = to;
  }
  return ranks;
}

/** P(a sum of these ranks, each in it or not with equal chance, is `least` or more). */
function tail(ranks: readonly number[], least: number): number {
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  // chances[s]: of the sum s, by the ranks so far; halved at each, so that nothing overflows.
  const chances = new Float64Array(total + 1);
  chances[0] = 1;
  let reached = 0;
  for (const rank of ranks) {
    reached += rank;
    for (let sum = reached; sum >= 0; sum--) {
      chances[sum] = (chances[sum]! + (sum >= rank ? chances[sum - rank]! : 0)) / 2;
    }
  }
  let p = 0;
  for (let sum = total; sum >= least; sum--) p += chances[sum]!;
  return Math.min(1, p);
}
