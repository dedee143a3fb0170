import { test } from "node:test";
import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { generator } from "./shuffle.ts";
import { leastP, signedRank } from "./signed_rank.ts";

/** By trying all signs. */
function bruteForce(differences: readonly number[], bound: number): number {
  const shifted = differences.map((d) => d - bound).filter((d) => d !== 0);
  const sizes = shifted.map(Math.abs);
  const ranks = sizes.map((size) =>
    sizes.filter((other) => other < size).length +
    (sizes.filter((other) => other === size).length + 1) / 2
  );
  const sumOf = (isIn: (i: number) => boolean) =>
    ranks.reduce((sum, rank, i) => isIn(i) ? sum + rank : sum, 0);
  const found = sumOf((i) => shifted[i]! > 0);
  let asMuch = 0;
  for (let signs = 0; signs < 2 ** ranks.length; signs++) {
    if (sumOf((i) => (signs >> i & 1) === 1) >= found) asMuch++;
  }
  return asMuch / 2 ** ranks.length;
}

test("Hollander and Wolfe's depression scores: V = 40, p = 0.01953", () => {
  const first = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30];
  const second = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
  const { count, statistic, p } = signedRank(first.map((x, i) => x - second[i]!));
  assertEquals([count, statistic], [9, 40]);
  assertAlmostEquals(p, 0.01953, 5e-6);
});

test("the tables' critical values: the least sum at 5 % of 5, 10 and 20 differences", () => {
  // One-sided: 15 of 15, 45 of 55 and 150 of 210, p = .0312, .0420, .0487 (Wilcoxon and Wilcox 1964).
  for (const [count, sum, p] of [[5, 15, 0.0312], [10, 45, 0.0420], [20, 150, 0.0487]] as const) {
    // Signs such that the positive ranks have this sum: from the largest down.
    let left = sum;
    const differences: number[] = [];
    for (let rank: number = count; rank >= 1; rank--) {
      const positive = rank <= left;
      if (positive) left -= rank;
      differences.push(positive ? rank : -rank);
    }
    const found = signedRank(differences);
    assertEquals(found.statistic, sum);
    assertAlmostEquals(found.p, p, 6e-5);
  }
});

test("as brute force has it, with ties, zeros and any bound", () => {
  const random = generator(7);
  const integer = (below: number) => Math.floor(random() * below);
  for (let round = 0; round < 300; round++) {
    const count = 1 + integer(9);
    const differences = Array.from({ length: count }, () => integer(9) - 4);
    const bound = integer(3) - 1;
    const { p } = signedRank(differences, bound);
    assertAlmostEquals(p, bruteForce(differences, bound), 1e-12);
  }
});

test("all greater is the least that can be; nothing says nothing", () => {
  assertAlmostEquals(signedRank([1, 2, 3, 4, 5, 6, 7, 8]).p, leastP(8), 1e-15);
  assertEquals(signedRank([0, 0]), { count: 0, statistic: 0, p: 1 });
  assertEquals(signedRank([]).p, 1);
});

test("what is no number, or is too many, is refused", () => {
  assertThrows(() => signedRank([1, NaN]), RangeError, "got NaN");
  assertThrows(() => signedRank(new Array(2_001).fill(1)), RangeError, "2001");
});
