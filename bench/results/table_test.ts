import { test } from "node:test";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Cell } from "../../reports/schema.ts";
import { scaled, tables } from "./table.ts";

const cell = (over: Partial<Cell>): Cell => ({
  adapter: "spsc",
  family: "atomics",
  kind: "ring",
  runtime: "bun",
  case: "throughput",
  params: { batch: 64 },
  unit: "items/s",
  value: 5e8,
  runs: [5e8],
  status: "ok",
  ...over,
});

test("values are shown with three digits and the unit that fits", () => {
  assertEquals(scaled(512_345_678, "items/s"), "512 M/s");
  assertEquals(scaled(999.9, "items/s"), "1.00 k/s");
  assertEquals(scaled(7, "items/s"), "7.00 /s");
  assertEquals(scaled(0.5, "items/s"), "0.500 /s");
  assertEquals(scaled(474, "ns"), "474 ns");
  assertEquals(scaled(3_168_255, "ns"), "3.17 ms");
  assertEquals(scaled(9_876_543_210, "bytes/s"), "9.88 GB/s");
  assertEquals(scaled(0.0234, "bytes/op"), "0.023 B/op");
  assertEquals(scaled(0.00002, "%"), "≈ 0 %");
  assertEquals(scaled(0, "bytes/op"), "0 B/op");
});

test("tables stay within 80 columns, however many runtimes there are", () => {
  const runtimes = [
    "bun",
    "deno",
    "node",
    "bun@1.4.5",
    "bun@1.2.23",
    "node@26.10.0",
    "node@24.1.0",
  ];
  const text = tables(runtimes.map((runtime) => cell({ runtime })));
  for (const line of text.split("\n")) assertEquals(line.length <= 80, true, line);
  for (const runtime of runtimes) assertStringIncludes(text, runtime);
});

test("what went wrong is named, with the reason", () => {
  const text = tables([cell({ value: null, runs: [], status: "invalid", reason: "two swapped" })]);
  assertStringIncludes(text, "spsc · bun · throughput batch=64: invalid: two swapped");
});

test("a claim is shown as the ratio of its cells, met or not", () => {
  const text = (runs: number[]) =>
    tables([cell({ runs }), cell({ adapter: "ringbuf_js", runs: [2e8], value: 2e8 })]);
  assertStringIncludes(text([5e8]), "spsc batch=64 / ringbuf_js batch=64");
  assertStringIncludes(text([5e8]), "2.50 ✓");
  assertStringIncludes(text([1e8]), "0.500 ✗");
  assertEquals(text([5e8]).includes("message_channel"), false);
});

test("what every ring keeps is shown by the ring that is nearest the limit", () => {
  const memory = { case: "memory", params: {}, unit: "bytes/op" } as const;
  const text = tables([
    cell({ ...memory, value: 0, runs: [0] }),
    cell({ ...memory, adapter: "mpmc", value: 0.0366, runs: [0.0366] }),
    cell({ ...memory, adapter: "streams", value: 220, runs: [220] }),
    cell({ ...memory, adapter: "ringbuf_js", kind: "peer", value: 9, runs: [9] }),
  ]);
  assertStringIncludes(text, "memory of every ring but streams, message_port");
  assertMatch(text, /claimed ≤ 0\.2 +0\.037 B\/op ✓/);
});
