import { assert, assertEquals } from "@std/assert";
import { test } from "node:test";
import { sampleConformance } from "../../reports/pages/sample/conformance.ts";
import type { ConformanceResults } from "../../reports/schema.ts";
import { reporters } from "./index.ts";

interface Point {
  readonly ok: boolean;
  readonly number: number;
  readonly description: string;
  readonly directive: string | undefined;
  readonly diagnostics: Record<string, unknown>;
}

/** The grammar of version 14, as far as it is used; whatever does not fit it fails. */
function parse(text: string): { plan: number; points: Point[]; bail: string | undefined } {
  const lines = text.split("\n");
  assertEquals(lines.shift(), "TAP version 14");
  const plan = Number(/^1\.\.(\d+)$/.exec(lines.shift()!)![1]);
  assertEquals(lines.pop(), "");
  const points: Point[] = [];
  let bail: string | undefined;
  while (lines.length > 0) {
    const line = lines.shift()!;
    const point = /^(not )?ok (\d+) - ((?:[^\\#]|\\[\\#])*?)(?: # ((?:TODO|SKIP).*))?$/.exec(line);
    if (!point) {
      bail = /^Bail out! (.*)$/.exec(line)?.[1];
      assert(bail, `no TAP: ${line}`);
      continue;
    }
    const diagnostics = lines[0] === "  ---" ? block(lines) : {};
    const [, not, number, description, directive] = point;
    points.push({
      ok: !not,
      number: Number(number),
      description: description!,
      directive,
      diagnostics,
    });
  }
  return { plan, points, bail };
}

function block(lines: string[]): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  lines.shift();
  for (let line = lines.shift(); line !== "  ..."; line = lines.shift()) {
    const [, key, value] = /^ {2}(\w+): (.*)$/.exec(line!)!;
    found[key!] = JSON.parse(value!);
  }
  return found;
}

test("every verdict and mutant is a point, numbered as planned", () => {
  const results = sampleConformance();
  const { plan, points, bail } = parse(reporters.tap(results));
  assertEquals(plan, results.verdicts.length + results.mutants.length);
  assertEquals(points.map(({ number }) => number), Array.from({ length: plan }, (_, at) => at + 1));
  assertEquals(bail, undefined);
});

test("only a broken MUST, an unknown and a surviving mutant are not ok for a harness", () => {
  const { points } = parse(reporters.tap(sampleConformance()));
  const failing = points.filter(({ ok, directive }) => !ok && !directive?.startsWith("TODO"));
  assertEquals(failing.length, 8 + 4 + 1);
  const todo = points.flatMap(({ directive }) => directive?.startsWith("TODO") ? [directive] : []);
  const known = "TODO its slots keep what was read until they are written again";
  assertEquals([todo.length, todo.filter((one) => one === known).length], [6, 3]);
  assertEquals(points.filter(({ directive }) => directive?.startsWith("SKIP")).length, 296);
});

test("diagnostics hold what is needed to look on", () => {
  const { points } = parse(reporters.tap(sampleConformance()));
  const point = points.find(({ description }) => description.startsWith("websocket/node NET4"))!;
  const { seed, ...others } = point.diagnostics;
  assertEquals(others.verdict, "fail");
  assertEquals(others.level, "MUST");
  assertEquals(
    others.reproduce,
    `bun run conformance --adapter websocket --runtimes node --rule NET4 --seed ${seed}`,
  );
});

test("whatever a name or a reason holds, a point stays one point", () => {
  const { verdicts, ...results } = sampleConformance();
  const hostile = "a # TODO no\nok 2 - \\# SKIP\r\n  ...\nBail out! \x1b[2J";
  const fail = { ...verdicts[0]!, verdict: "fail", reason: hostile, adapter: hostile } as const;
  const skip = { ...fail, verdict: "skip" } as const;
  const text = reporters.tap(
    { ...results, verdicts: [fail, skip], mutants: [] } as ConformanceResults,
  );
  const { plan, points, bail } = parse(text);
  assertEquals([plan, points.length, bail], [2, 2, undefined]);
  assertEquals(points.map(({ ok }) => ok), [false, true]);
  assertEquals(points[0]!.directive, undefined);
  assertEquals(points[0]!.diagnostics.reason, hostile);
});

test("an interrupted run bails out", () => {
  const { bail } = parse(reporters.tap({ ...sampleConformance(), complete: false }));
  assertEquals(bail, "the run was interrupted: not every rule was tried");
});

test("an edit that changes nothing is not ok where a rule rejects it", () => {
  const equivalents = [
    { equivalent: "woken twice", adapter: "spsc", runtime: "bun", passed: true, reason: "" },
    {
      equivalent: "spins longer",
      adapter: "spsc",
      runtime: "bun",
      passed: false,
      reason: "BLK8: late",
    },
  ];
  const { points } = parse(reporters.tap({ ...sampleConformance(), equivalents }));
  assertEquals(points.slice(-2).map(({ ok, diagnostics }) => [ok, diagnostics.reason]), [
    [true, undefined],
    [false, "BLK8: late"],
  ]);
});
