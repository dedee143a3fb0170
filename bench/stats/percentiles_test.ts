import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { percentiles } from "./percentiles.ts";

const samples = (totalCount: number) => ({
  totalCount,
  getValueAtPercentile: (percentile: number) => percentile * 10,
});

test("a percentile needs ten samples beyond it", () => {
  assertEquals(percentiles(samples(19)), {});
  assertEquals(percentiles(samples(20)), { p50: 500 });
  assertEquals(percentiles(samples(999)), { p50: 500, p90: 900 });
  assertEquals(percentiles(samples(1000)), { p50: 500, p90: 900, p99: 990 });
  assertEquals(percentiles(samples(9_999)), { p50: 500, p90: 900, p99: 990 });
  assertEquals(percentiles(samples(10_000)), { p50: 500, p90: 900, p99: 990, "p99.9": 999 });
});
