import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { test } from "node:test";
import { sampleConformance } from "../../reports/pages/sample/conformance.ts";
import type { ConformanceResults } from "../../reports/schema.ts";
import { table } from "./table.ts";
import { width } from "./text.ts";

const plain = { colour: false };

function widest(text: string): number {
  return Math.max(...text.split("\n").map(width));
}

test("nine adapters on three runtimes fit into 80 columns", () => {
  const text = table(sampleConformance(), plain);
  assert(widest(text) <= 80, `a line is ${widest(text)} columns wide`);
});

test("more runtimes, long and wide names, and long reasons fit too", () => {
  const results = sampleConformance();
  const runtimes = [
    "deno@2.9.6",
    "deno@2.8.0",
    "bun@1.4.5",
    "bun@1.2.0",
    "node@26.10.0",
    "node@24.0.0",
  ];
  const verdicts = runtimes.flatMap((runtime) =>
    results.verdicts.map((verdict) => ({
      ...verdict,
      runtime,
      adapter: `環状緩衝_${verdict.adapter}_with_a_name_that_goes_on_and_on`,
      reason: verdict.reason && `${verdict.reason} ${"x".repeat(300)} 緩衝 \x1b[2J`,
    }))
  );
  const text = table({ ...results, verdicts }, plain);
  assert(widest(text) <= 80, `a line is ${widest(text)} columns wide`);
  assert(!text.includes("\x1b"), "an escape sequence came through");
});

test("a cell is the worst verdict of its group on each runtime", () => {
  const lines = table(sampleConformance(), plain).split("\n");
  const at = lines[0]!.indexOf("FIF");
  const cell = (adapter: string) =>
    lines.find((line) => line.startsWith(`${adapter} `))!.slice(at, at + 3);
  assertEquals(cell("spsc"), "✓✓✓");
  assertEquals(cell("message_channel"), "✓✗✓");
  assertEquals(cell("duplex"), "✓✓–");
});

test("failures, unknowns, survivors and totals are told, each with what is needed to look on", () => {
  const text = table(sampleConformance(), plain);
  for (
    const part of [
      "✗ BAT4 (MUST) ringbuf_js on deno, bun, node",
      "! MPR3 (SHOULD) futex_ring on deno, bun, node",
      "? BLK6 (SHOULD) futex_ring on bun",
      "$ bun run conformance --adapter websocket --runtimes node --rule NET4",
      "✗ FUL2 let a mutant of futex_ring live on bun: notify before store",
      "– duplex was not tried on node: unavailable: no C compiler found",
      "~ ringbuf_js on deno, bun, node: its slots keep what was read until they are",
      "  written again: OWN4",
      "MUST        404 pass      8 fail      3 known      0 unknown    260 skip",
      "SHOULD       11 pass      3 fail      0 known      4 unknown     36 skip",
      "mutants 11 of 12 killed",
    ]
  ) assertStringIncludes(text, part);
  assertEquals(text.match(/\$ bun run/g)?.length, 7, "one command for each finding");
});

test("colour changes nothing but the colour", () => {
  const results = sampleConformance();
  const coloured = table(results, { colour: true });
  assertStringIncludes(coloured, "\x1b[1;31m✗\x1b[0m");
  // deno-lint-ignore no-control-regex -- these are the colours
  assertEquals(coloured.replace(/\x1b\[[\d;]*m/g, ""), table(results, plain));
});

test("an empty or interrupted run says so", () => {
  const results: ConformanceResults = { ...sampleConformance(), verdicts: [], complete: false };
  assertStringIncludes(table(results, plain), "interrupted: not every rule was tried");
});
