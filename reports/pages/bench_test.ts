import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { test } from "node:test";
import type { BenchResults } from "../schema.ts";
import { benchPage } from "./bench.ts";
import { assertSelfContained, hostile, tags, withHostileTexts } from "./markup_check.ts";
import { exact } from "./parts/units.ts";
import { sampleBench } from "./sample/bench.ts";

test("every cell is in a table: its median exactly, or its status and reason", async () => {
  const results = sampleBench();
  const page = await benchPage(results);
  for (const { value, unit, status, reason } of results.cells) {
    if (value === null) assertStringIncludes(page, reason!);
    else assertStringIncludes(page, `title="median ${exact(value, unit)}; runs: `, status);
  }
  const without = results.cells.filter(({ status }) => status !== "ok");
  const cells = page.match(/<td[^>]*class="none"[^>]*>(invalid|failed|unavailable)<\/td>/g);
  assertEquals(cells?.length, without.length);
});

test("quantiles stand in the table of a latency case", async () => {
  const results = sampleBench();
  const page = await benchPage(results);
  for (const { percentiles } of results.cells) {
    for (const value of Object.values(percentiles ?? {})) {
      assertStringIncludes(page, `title="${exact(value, "ns")}"`);
    }
  }
});

test("the summary holds the fastest ring against the fastest peer whose ends stand alike", async () => {
  const rate = {
    family: "atomics",
    ends: "workers",
    runtime: "deno",
    case: "throughput",
    unit: "items/s",
    runs: [],
  };
  const cell = (adapter: string, kind: string, batch: number, value: number) => (
    { ...rate, adapter, kind, params: { batch }, value, status: "ok" }
  );
  const results = {
    ...sampleBench(),
    cells: [
      cell("slow_ring", "ring", 64, 1e6),
      cell("fast_ring", "ring", 64, 142e6),
      cell("slow_peer", "peer", 1, 2e6),
      cell("fast_peer", "peer", 1, 10e6),
      cell("bare_loop", "reference", 64, 284e6),
      { ...cell("other_peer", "peer", 64, 100e6), ends: "task" },
    ],
  } as BenchResults;
  const text = (await benchPage(results)).replace(/<[^>]*>/g, "");
  assertStringIncludes(text, "14.2 ×");
  assertStringIncludes(
    text,
    "fast_ring at batch 64 beside the fastest peer, fast_peer item at a time",
  );
  assertStringIncludes(text, "142 M items/s fast_ring");
  assertStringIncludes(text, "0.50 × bare_loop");
});

test("claims stand in the page as ratios or values, met, missed or neither", async () => {
  const page = await benchPage(sampleBench());
  const section = page.slice(page.indexOf('id="claims"'), page.indexOf('id="case-1"'));
  const text = section.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
  for (
    const part of [
      "spsc batch=64 / ringbuf_js batch=1 Deno: spsc: five threads on eight cores ≥ 10 ",
      " 31.4 × ✓",
      " 8.1 × ✗",
      "memory of every ring Node: futex_ring: the most, of 7 rings ≤ 0.1 ",
      " 0 bytes/op ✓",
      "spsc:push / spsc – ",
    ]
  ) {
    assert(text.includes(part), part);
  }
  const without = await benchPage({ ...sampleBench(), claims: undefined });
  assert(!without.includes('id="claims"'));
});

test("a case says what it measures, where the results do", async () => {
  const page = await benchPage(sampleBench());
  assertStringIncludes(page, "Items a second that arrive, verified. Capacity 4096. Bars end ");
  assert(!(await benchPage({ ...sampleBench(), cases: undefined })).includes("that arrive"));
});

test("a cost is not told as a speed", async () => {
  const page = await benchPage(sampleBench());
  const summary = page.slice(page.indexOf('id="summary"'), page.indexOf('id="claims"'));
  assertStringIncludes(summary, "Payload");
  for (const name of ["Memory", "Idle"]) assert(!summary.includes(name), name);
});

test("every chart has a table in the same figure", async () => {
  const page = await benchPage(sampleBench());
  const figures = page.split("<article ").slice(1);
  assertEquals(figures.length, 10);
  for (const figure of figures) assert(/<canvas .*<table .*<caption/s.test(figure));
});

test("every table has a caption, and every head a scope", async () => {
  const page = await benchPage(sampleBench());
  assertEquals(page.match(/<table/g)?.length, page.match(/<caption/g)?.length);
  const bare = tags(page).filter(({ name, attributes }) => name === "th" && !attributes.scope);
  assertEquals(bare, []);
});

test("an interrupted run says so, and a complete one does not", async () => {
  const results = sampleBench();
  assert(!(await benchPage(results)).includes("Interrupted."));
  assertStringIncludes(await benchPage({ ...results, complete: false }), "Interrupted.");
});

test("a run without a cell is still a page", async () => {
  const page = await benchPage({ ...sampleBench(), cells: [] });
  assertStringIncludes(page, "Nothing was measured.");
  assertSelfContained(page);
});

test("the page is self-contained, and hostile texts are inert", async () => {
  const results = sampleBench();
  assertSelfContained(await benchPage(results));
  const texts = [
    "adapter",
    "case",
    "reason",
    "cpu",
    "os",
    "commit",
    "date",
    "load",
    "found",
    "claim",
  ];
  const page = await benchPage(withHostileTexts(results, texts));
  assertSelfContained(page);
  assert(!page.includes(hostile), "a text came through unescaped");
});
