import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { CLOSED, FLAGS, ITEM_SHIFT, SHARED, Side } from "./side.ts";

const CLAIMED = 0, COMMITTED = 1, ENDS = 2;
const ROUND = 2 ** 29; // positions

/** A side of a ring of `capacity` slots whose next item is the `start`-th. */
function sideAt(start: number, capacity = 8) {
  const words = new Int32Array(new SharedArrayBuffer(12));
  words.fill(start << ITEM_SHIFT, CLAIMED, ENDS);
  const stamps = new Int32Array(new SharedArrayBuffer(4 * capacity));
  const make = (kind = 0) =>
    new Side(words, stamps, { claimed: CLAIMED, committed: COMMITTED, ends: ENDS, kind });
  const side = make();
  return {
    words,
    stamps,
    make,
    side,
    /** Claims `count` slots; where they begin. */
    claim(count: number): number {
      const claimed = words[CLAIMED]!;
      assertEquals(side.claim(claimed, count), claimed);
      return claimed & ~FLAGS;
    },
    /** Items committed since the start. */
    committed: () => (((words[COMMITTED]! >>> ITEM_SHIFT) - start) % ROUND + ROUND) % ROUND,
    commit(at: number, count: number): boolean {
      const inOrder = side.commit(at, count);
      if (!inOrder) side.commitAhead(at, count);
      return inOrder;
    },
  };
}

test("what is committed out of order is committed up to the first claim in flight", () => {
  for (const start of [0, 5, ROUND - 3, 2 ** 31 - 2, 2 ** 32 - 1]) {
    const { claim, commit, committed, words } = sideAt(start);
    const a = claim(1), b = claim(2), c = claim(1), d = claim(3);
    assertEquals([commit(c, 1), committed()], [false, 0]);
    assertEquals([commit(b, 2), committed()], [false, 0]);
    assertEquals([commit(a, 1), committed()], [true, 4]);
    assertEquals([commit(d, 3), committed()], [true, 7]);
    assertEquals(words[COMMITTED]! & FLAGS, 0, "all is committed: no stamp is ahead");
  }
});

test("any order of commits ends with all of them", () => {
  const orders = (left: number[]): number[][] =>
    left.length === 0
      ? [[]]
      : left.flatMap((first) =>
        orders(left.filter((other) => other !== first)).map((rest) => [first, ...rest])
      );
  for (const order of orders([0, 1, 2, 3])) {
    const { claim, commit, committed } = sideAt(ROUND - 4);
    for (let lap = 0; lap < 3; lap++) {
      const claims = [1, 3, 2, 2].map((count) => ({ at: claim(count), count }));
      const done = new Set<number>();
      for (const i of order) {
        commit(claims[i]!.at, claims[i]!.count);
        done.add(i);
        let due = 8 * lap;
        for (let j = 0; done.has(j); j++) due += claims[j]!.count;
        assertEquals(committed(), due, `order ${order}, lap ${lap}`);
      }
    }
  }
});

test("a stamp left from a round ago counts for nothing", () => {
  const { claim, commit, committed, words, stamps } = sideAt(0);
  const first = claim(1), second = claim(2);
  commit(second, 2);
  commit(first, 1);
  const stamp = stamps[1];
  // A round later, to the lap: the cursors hold again what they held then.
  for (const word of [CLAIMED, COMMITTED]) words[word] = words[word]! & FLAGS;
  const again = claim(1), same = claim(2), next = claim(1);
  assertEquals(stamps[1] === stamp, false, "it stood where one claims, and is aged");
  commit(again, 1);
  assertEquals(committed(), 1, "what is in flight is not taken for committed");
  commit(next, 1);
  assertEquals(committed(), 1);
  commit(same, 2);
  assertEquals(committed(), 4);
});

test("a new stamp differs from the old one that another may still be about to age", () => {
  const { claim, commit, committed, words, stamps } = sideAt(0);
  const first = claim(1), second = claim(2);
  commit(second, 2);
  commit(first, 1);
  const old = stamps[1]!;
  for (const word of [CLAIMED, COMMITTED]) words[word] = words[word]! & FLAGS;
  const again = claim(1), same = claim(2);
  commit(same, 2);
  assertEquals(stamps[1] === old, false, "the late one's compare-and-exchange fails");
  commit(again, 1);
  assertEquals(committed(), 3);
});

test("the two sides' stamps are told apart", () => {
  const { claim, commit, committed, make } = sideAt(0);
  const first = claim(1), second = claim(1);
  commit(second, 1);
  make(1).absorb();
  assertEquals(committed(), 0);
  commit(first, 1);
  assertEquals(committed(), 2);
});

test("a claim fails when others have claimed since, or closed", () => {
  const { side, words } = sideAt(0);
  const seen = words[CLAIMED]!;
  assertEquals(side.claim(seen, 1), seen);
  assertEquals(side.claim(seen, 1), 1 << ITEM_SHIFT);
  const before = words[CLAIMED]!;
  words[CLAIMED] = before | CLOSED;
  assertEquals(side.claim(before, 1), before | CLOSED);
});

test("CLOSED stays as the second cursor moves on", () => {
  const { claim, commit, committed, words } = sideAt(0);
  const first = claim(1), second = claim(1);
  words[COMMITTED] = words[COMMITTED]! | CLOSED;
  commit(second, 1);
  commit(first, 1);
  assertEquals([committed(), words[COMMITTED]! & FLAGS], [2, CLOSED]);
});

test("the first cursor says from the second end on that it is shared", () => {
  const { side, words, claim, committed, commit } = sideAt(4);
  assertEquals([side.join(), words[CLAIMED]! & FLAGS], [4 << ITEM_SHIFT, 0]);
  const only = words[CLAIMED]!;
  assertEquals([side.join(), words[CLAIMED]], [only | SHARED, only | SHARED]);
  assertEquals(side.claim(only, 1), only | SHARED, "who thinks it is alone claims nothing");
  assertEquals([commit(claim(2), 2), committed(), words[CLAIMED]! & FLAGS], [true, 2, SHARED]);
});
