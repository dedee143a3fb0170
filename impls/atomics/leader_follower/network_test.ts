import { test } from "node:test";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { RingError } from "../../errors.ts";
import { attachNetwork, type Network, openNetwork } from "./network.ts";
import { attachSimplePair, SimplePair, SIZES } from "./simple_pair.ts";
import { type FollowJob, type LeadJob, start } from "./worker_fixture.ts";

const slotsFor = ({ size }: { size: number }) => new Int32Array(new SharedArrayBuffer(4 * size));
const code = (error: unknown) => (error as RingError).code;
const both = [1, "many"] as const;

test("the first index is 0, the others follow, and each is at index & mask", () => {
  for (const publishers of both) {
    const { leader, follower, mask, size } = SimplePair(4, { publishers });
    assertEquals([mask, size, leader.mask, follower.size], [3, 4, 3, 4]);
    for (let index = 0; index < 20; index++) {
      assertEquals(leader.reserve(), index);
      assertEquals(follower.tryReserve(), -1);
      leader.commit(index);
      assertEquals(follower.reserve(), index);
      follower.commit(index);
    }
  }
});

test("sizes that are no powers of two are refused, the recommended ones are none of these", () => {
  for (const size of [0, -1, 3, 1.5, NaN, Infinity, 2 ** 29, "8" as unknown as number]) {
    for (const publishers of both) {
      assertEquals(code(assertThrows(() => SimplePair(size, { publishers }))), "RING_INVALID");
    }
  }
  for (const size of Object.values(SIZES)) assertEquals(SimplePair(size).mask, size - 1);
  assert(SimplePair(SIZES["256Mi"]).handle.at.byteLength < 8192);
});

test("a batch is reserved whole or not at all, and committed in any order and in parts", () => {
  for (const publishers of both) {
    const { leader, follower } = SimplePair(8, { publishers });
    assertEquals([leader.reserve(3), leader.reserve(2), leader.reserve(1)], [0, 3, 5]);
    assertEquals(leader.tryReserve(3), -1);
    leader.commit(3, 5);
    leader.commit(1, 3);
    assertEquals(follower.available(), 0);
    leader.commit(0);
    assertEquals(follower.available(), 5);
    assertEquals(follower.tryReserve(6), -1);
    leader.commit(5);
    assertEquals([follower.reserve(1), follower.reserve(4), follower.tryReserve()], [0, 1, 5]);
    assertEquals(follower.tryReserve(), -1);
    follower.commit(2, 5);
    assertEquals([leader.tryReserve(3), leader.tryReserve(2)], [-1, 6]);
    follower.commit(0, 2);
    assertEquals([leader.tryReserve(6), leader.tryReserve(5)], [-1, 8]);
  }
});

test("what is not reserved cannot be committed, and the ring stays usable", () => {
  for (const publishers of both) {
    const { leader, follower } = SimplePair(8, { publishers });
    const index = leader.reserve(2);
    const foreign = [[2, 3], [1, 3], [-1, 0], [0.5, 1], [1, 1], [1, 0], [NaN, 1], [2 ** 30, 1]];
    foreign.push([2 ** 30, 2 ** 30 + 2], [2 ** 32, 2 ** 32 + 1], [-(2 ** 30), 1 - 2 ** 30]);
    const refused = (act: () => unknown) => assertEquals(code(assertThrows(act)), "RING_INVALID");
    for (const [lower, upper] of foreign) refused(() => leader.commit(lower!, upper));
    for (const count of [0, -1, 9, 1.5, NaN, 2 ** 32 + 1]) {
      refused(() => leader.tryReserve(count));
      refused(() => follower.tryReserve(count));
    }
    refused(() => leader.reserve(1, -1));
    refused(() => follower.commit(0));
    leader.commit(index, index + 2);
    refused(() => leader.commit(index, index + 2));
    assertEquals(follower.reserve(2), 0);
    follower.commit(0, 2);
    refused(() => follower.commit(0));
    assertEquals(leader.reserve(8), 2);
  }
});

test("waiting ends by a timeout, an abort or the end, and never early", async () => {
  for (const waiting of ["spin", "yield", "park", "spin-then-park"] as const) {
    const pair = SimplePair(2, { waiting });
    const { leader, follower } = pair;
    const begun = performance.now();
    assertEquals(follower.reserve(1, 10), -1);
    assert(performance.now() - begun >= 10);
    assertEquals(leader.reserve(2), 0);
    assertEquals(leader.reserve(1, 5), -1);
    const late = await assertRejects(() => leader.reserveAsync(1, { timeout: 5 }));
    assertEquals((late as Error).name, "TimeoutError");
    const signal = AbortSignal.abort(new Error("enough"));
    await assertRejects(() => follower.reserveAsync(1, { signal }), Error, "enough");
    const waits = [leader.reserveAsync(1), follower.reserveAsync(3 - 1)] as const;
    leader.commit(0, 2);
    assertEquals(await waits[1], 0);
    follower.commit(0);
    assertEquals(await waits[0], 2);
    const rest = [leader.reserveAsync(2), follower.reserveAsync(1)] as const;
    pair.close();
    assertEquals(code(await assertRejects(() => rest[0])), "RING_CLOSED");
    assertEquals(code(assertThrows(() => leader.commit(2))), "RING_CLOSED");
    assertEquals([await rest[1], follower.done], [-1, true]);
  }
});

test("what is published before close() is drained, also behind a claim that stays open", () => {
  for (const publishers of both) {
    const pair = SimplePair(8, { publishers });
    const { leader, follower } = pair;
    leader.commit(leader.reserve(2), 2);
    leader.reserve(1);
    leader.reserve(1);
    leader.commit(3);
    pair.close();
    assertEquals(code(assertThrows(() => leader.tryReserve())), "RING_CLOSED");
    assertEquals([follower.done, follower.reserve(2)], [false, 0]);
    follower.commit(0, 2);
    // Many publishers tell that the last one was committed; of one it was never visible.
    assertEquals(follower.reserve(), publishers === 1 ? -1 : 3);
    assertEquals([follower.tryReserve(), follower.reserve(), follower.done], [-1, -1, true]);
    assertEquals(code(assertThrows(() => leader.commit(2))), "RING_CLOSED");
  }
});

test("indices are exact beyond 2^30 and 2^32, and no stamp is mistaken for one of 2^30 ago", () => {
  for (const publishers of both) {
    const size = 2 ** 16;
    const pair = SimplePair(size, { publishers });
    const { leader, follower } = pair;
    const pass = (count: number) => {
      const lower = leader.reserve(count);
      leader.commit(lower, lower + count);
      assertEquals(follower.reserve(count), lower);
      follower.commit(lower, lower + count);
      return lower + count;
    };
    let next = pass(1); // the last range for long that begins at slot 0
    while (next + size < 2 ** 30) next = pass(size);
    next = pass(2 ** 30 - next);
    const index = leader.reserve();
    assertEquals([index, follower.tryReserve()], [2 ** 30, -1]);
    leader.commit(index);
    assertEquals(follower.reserve(), index);
    follower.commit(index);
  }
  for (const publishers of both) {
    for (const begin of [2 ** 28, 2 ** 29, 2 ** 30, 2 ** 31, 2 ** 32, 2 ** 53 - 100]) {
      const followers = { only: [] };
      const network = openNetwork({ size: 8, publishers, followers, start: begin - 5 });
      const leader = network.leader(), follower = network.follower("only");
      for (let index = begin - 5; index < begin + 20; index += 5) {
        assertEquals(leader.reserve(5), index);
        leader.commit(index, index + 5);
        assertEquals(follower.reserve(5), index);
        follower.commit(index, index + 5);
      }
    }
  }
});

test("a leader that was idle while others went on gets the right index", () => {
  const network = openNetwork({ size: 2 ** 20, publishers: "many", followers: { all: [] } });
  const idle = network.leader(), busy = network.leader(), all = network.follower("all");
  idle.commit(idle.reserve());
  all.commit(all.reserve());
  for (let round = 0; round < 5000; round++) {
    const lower = busy.reserve(2 ** 20);
    busy.commit(lower, lower + 2 ** 20);
    all.commit(all.reserve(2 ** 20), lower + 2 ** 20);
  }
  assertEquals(idle.reserve(), 1 + 5000 * 2 ** 20);
});

test("a place is taken once, and a follower that leaves holds nobody back", async () => {
  const network = openNetwork({ size: 4, followers: { first: [], second: ["first"] } });
  const first = network.follower("first"), leader = network.leader();
  assertEquals(code(assertThrows(() => network.follower("first"))), "RING_BUSY");
  assertEquals(code(assertThrows(() => network.follower("toString"))), "RING_INVALID");
  assertEquals(code(assertThrows(() => network.leader())), "RING_BUSY");
  leader.commit(leader.reserve(4), 4);
  assertEquals([first.reserve(2), leader.tryReserve()], [0, -1]);
  const second = attachNetwork(structuredClone(network.handle)).follower("second");
  first.commit(1);
  assertEquals(second.tryReserve(), -1);
  const waiting = second.reserveAsync(4);
  first[Symbol.dispose]();
  assertEquals(await waiting, 0);
  assertEquals(code(assertThrows(() => network.follower("first"))), "RING_STALE");
  assertEquals(code(assertThrows(() => first.tryReserve())), "RING_CLOSED");
  const room = leader.reserveAsync(4);
  second[Symbol.dispose]();
  assertEquals(await room, 4);
  leader[Symbol.dispose]();
  assertEquals(network.leader().reserve(), 4);
});

test("followers in a circle, of nobody, none and too many are refused, as are other handles", () => {
  const many = Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`f${i}`, []]));
  const wrong = [{}, many, { a: ["b"] }, { a: ["a"] }, { a: ["b"], b: ["c"], c: ["a"] }];
  for (const followers of wrong) {
    const refused = assertThrows(() => openNetwork({ size: 8, followers: followers as never }));
    assertEquals(code(refused), "RING_INVALID");
  }
  const { handle } = SimplePair(8);
  const foreign = [undefined, {}, { ...handle, publishers: "many" }, { ...handle, followers: {} }];
  foreign.push({ ...handle, at: handle.at.slice(0, 64) }, { ...handle, followers: { a: null } });
  for (const other of foreign) {
    assertEquals(code(assertThrows(() => attachNetwork(other as never))), "RING_FOREIGN");
  }
  const place = { follower: { id: 7, after: [] } };
  const lying = attachSimplePair({ ...handle, followers: place });
  assertEquals(code(assertThrows(() => lying.follower)), "RING_INVALID");
});

const lead = (network: Network, slots: Int32Array, more: Partial<LeadJob>): Promise<Started> =>
  start({
    do: "lead",
    handle: network.handle,
    slots,
    first: 0,
    values: 6000,
    batch: 6,
    shuffle: false,
    ...more,
  });
const follow = (network: Network, name: string, job: Partial<FollowJob>): Promise<Started> =>
  start({
    do: "follow",
    handle: network.handle,
    name,
    batch: 5,
    reads: [],
    writes: slotsFor(network),
    add: 0,
    ...job,
  });
type Started = Awaited<ReturnType<typeof start>>;

for (const publishers of both) {
  test(`a pipeline of three threads after ${publishers} leads each item through in turn`, async () => {
    const followers = { first: [], second: ["first"], third: ["second"] };
    const network = openNetwork({ size: 16, publishers, followers });
    const [source, one, two] = [slotsFor(network), slotsFor(network), slotsFor(network)];
    const threads = [
      await follow(network, "first", { reads: [source], writes: one, add: 1 }),
      await follow(network, "second", { reads: [one], writes: two, add: 10, batch: 3 }),
      await lead(network, source, { shuffle: true }),
    ];
    for (const { go } of threads) go();
    const third = network.follower("third");
    for (let count = 0; count < 6000; count++) {
      const index = third.reserve();
      assertEquals([index, two[index & network.mask]], [count, count + 11]);
      third.commit(index);
    }
    network.close();
    for (const { outcome } of threads) assertEquals(await outcome, { count: 6000, fault: -1 });
  });

  test(`a diamond after ${publishers}: the last one sees what both before it have done`, async () => {
    const followers = { left: [], right: [], last: ["left", "right"] };
    const network = openNetwork({ size: 8, publishers, followers });
    const [source, left, right] = [slotsFor(network), slotsFor(network), slotsFor(network)];
    const threads = [
      await follow(network, "left", { reads: [source], writes: left, add: 1 }),
      await follow(network, "right", { reads: [source, source], writes: right, batch: 2 }),
      await lead(network, source, { batch: 4 }),
    ];
    for (const { go } of threads) go();
    const last = network.follower("last");
    for (let count = 0; count < 6000; count += 3) {
      const index = last.reserve(3);
      assertEquals(index, count);
      for (let i = index; i < index + 3; i++) {
        assertEquals(left[i & network.mask]! + right[i & network.mask]!, 3 * i + 1);
      }
      last.commit(index, index + 3);
    }
    network.close();
    for (const { outcome } of threads) assertEquals(await outcome, { count: 6000, fault: -1 });
  });
}

test("three threads that lead one follower: each number once, each thread's batches in order", async () => {
  const network = openNetwork({ size: 64, publishers: "many", followers: { all: [] } });
  const slots = slotsFor(network), all = network.follower("all");
  const threads = await Promise.all(
    [0, 1, 2].map((i) => lead(network, slots, { first: i * 6000, shuffle: i === 1 })),
  );
  for (const { go } of threads) go();
  const seen = new Uint8Array(18_000), last = [-1, -1, -1];
  for (let count = 0; count < 18_000; count += 6) {
    const index = all.reserve(6);
    assertEquals(index, count);
    for (let i = index; i < index + 6; i++) {
      const value = slots[i & network.mask]!, thread = Math.floor(value / 6000);
      assert(value > last[thread]! && seen[value] === 0, `${value} after ${last[thread]}`);
      last[thread] = value;
      seen[value] = 1;
    }
    all.commit(index, index + 6);
  }
  for (const { outcome } of threads) assertEquals(await outcome, { count: 6000, fault: -1 });
  assertEquals(all.tryReserve(), -1);
});

for (const publishers of both) {
  test(`close() while ${publishers} publish: what was committed is what comes out`, async () => {
    for (let round = 0; round < 5; round++) {
      const network = openNetwork({ size: 32, publishers, followers: { all: [], other: [] } });
      const slots = slotsFor(network);
      const leaders = publishers === 1 ? [0] : [0, 1, 2];
      const threads = await Promise.all([
        ...leaders.map((i) =>
          lead(network, slots, { first: i * 1e6, values: 1e6, shuffle: publishers !== 1, batch: 4 })
        ),
        follow(network, "other", {}),
      ]);
      for (const { go } of threads) go();
      const all = network.follower("all");
      let count = 0;
      for (let index = all.reserve(); index >= 0; index = all.reserve()) {
        all.commit(index);
        count++;
        if (count === 500 + 100 * round) network.close();
      }
      const outcomes = await Promise.all(threads.map(({ outcome }) => outcome));
      const committed = outcomes.slice(0, -1).reduce((sum, { count }) => sum + count, 0);
      assertEquals(count, committed);
    }
  });
}
