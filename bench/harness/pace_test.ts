import { test } from "node:test";
import { assertEquals, assertRejects } from "@std/assert";
import { Mismatch } from "./numbering.ts";
import { pace, type Partner, warmUp } from "./pace.ts";

const timing = { windowMs: 2, warmUpMs: 1000, measureMs: 8 };
/** The other end, that took the sum `sum`. */
const partner = (sum: number): Partner => ({ release() {}, settled: () => sum });

test("once windows agree, the timed run has as many items as will fill it", async () => {
  const windows: number[] = [];
  const { count, steady } = await warmUp(
    (count) => (windows.push(count), count / 1000),
    10,
    timing,
  );
  assertEquals([count, steady], [8000, true]);
  assertEquals(windows, [10, 80, 640, 2000, 2000, 2000]);
});

test("windows that get ever faster end with the time, and say so", async () => {
  let rate = 1000;
  const { steady } = await warmUp((count) => count / (rate *= 1.2), 10, {
    ...timing,
    warmUpMs: 20,
  });
  assertEquals(steady, false);
});

test("the stream is one: each run begins where the last one ended", async () => {
  let next = 0;
  const lead = {
    grain: 1,
    run(first: number, count: number) {
      assertEquals(first, next);
      const until = performance.now() + 1;
      while (performance.now() < until);
      next += count;
      return 0;
    },
  };
  const { items } = await pace(lead, partner(0), { ...timing, warmUpMs: 20 });
  assertEquals(next >= items && items > 0, true);
});

test("sums that differ are a mismatch, however the items looked", async () => {
  const lead = { grain: 1, run: () => 41 };
  await assertRejects(() => pace(lead, partner(42), timing), Mismatch, "sum up to 41, not 42");
});

test("what is left over is a mismatch", async () => {
  const rest = () => {
    throw new Mismatch("3 items more than were sent");
  };
  const lead = { grain: 1, run: () => 0, rest };
  await assertRejects(() => pace(lead, partner(0), timing), Mismatch, "3 items more");
});
