import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { z } from "zod";
import { sampleConformance } from "../../reports/pages/sample/conformance.ts";
import type { ConformanceResults } from "../../reports/schema.ts";
import { reporters } from "./index.ts";

const statuses = ["passed", "failed", "skipped", "pending", "other"] as const;
const count = z.number().int().nonnegative();
const extra = z.record(z.string(), z.unknown());

/** What ctrf.io's schema asks of the fields that are written; it too allows no others. */
const ctrfReport = z.strictObject({
  reportFormat: z.literal("CTRF"),
  specVersion: z.string().regex(/^\d+\.\d+\.\d+$/),
  timestamp: z.iso.datetime(),
  generatedBy: z.string(),
  results: z.strictObject({
    tool: z.strictObject({ name: z.string().min(1) }),
    summary: z.strictObject({
      ...{ tests: count, passed: count, failed: count, skipped: count, pending: count },
      ...{ other: count, suites: count, start: count, stop: count, duration: count, extra },
    }),
    tests: z.array(z.strictObject({
      name: z.string().min(1),
      status: z.enum(statuses),
      duration: count,
      suite: z.array(z.string()).min(1),
      type: z.string(),
      rawStatus: z.string(),
      tags: z.array(z.string()).optional(),
      message: z.string().optional(),
      trace: z.string().optional(),
      extra: extra.optional(),
    })),
    environment: z.strictObject({
      commit: z.string(),
      osPlatform: z.string(),
      osRelease: z.string(),
      healthy: z.boolean(),
      extra,
    }),
  }),
});

const parsed = (results: ConformanceResults) =>
  ctrfReport.parse(JSON.parse(reporters.ctrf(results))).results;

test("every verdict and mutant is a test, and the summary counts them", () => {
  const results = sampleConformance();
  const { summary, tests } = parsed(results);
  assertEquals(tests.length, results.verdicts.length + results.mutants.length);
  assertEquals(summary.tests, tests.length);
  for (const status of statuses) {
    assertEquals(summary[status], tests.filter((one) => one.status === status).length, status);
  }
});

test("only a broken MUST and a surviving mutant have failed, and the levels are counted apart", () => {
  const { summary, tests } = parsed(sampleConformance());
  assertEquals(summary.failed, 8 + 1);
  assertEquals([summary.other, summary.pending], [3 + 4, 3]);
  assertEquals(summary.extra, {
    MUST: { pass: 404, fail: 8, known: 3, unknown: 0, skip: 260 },
    SHOULD: { pass: 11, fail: 3, known: 0, unknown: 4, skip: 36 },
  });
  assertEquals(tests.filter(({ rawStatus }) => rawStatus === "unknown").length, 4);
});

test("a test holds what is needed to look on", () => {
  const { tests } = parsed(sampleConformance());
  const failed = tests.find(({ extra, suite }) =>
    extra?.rule === "NET4" && suite[1] === "node" && suite[0] === "websocket"
  )!;
  assertEquals(failed.suite, ["websocket", "node", "Network"]);
  assertEquals(failed.tags, ["MUST"]);
  assertEquals(
    failed.extra!.reproduce,
    `bun run conformance --adapter websocket --runtimes node --rule NET4 --seed ${
      failed.extra!.seed
    }`,
  );
});

test("an interrupted run has failed and is not healthy", () => {
  const { tests, environment } = parsed({ ...sampleConformance(), complete: false });
  assertEquals(tests.at(-1)!.rawStatus, "interrupted");
  assertEquals(environment.healthy, false);
});

test("an edit that changes nothing has failed where a rule rejects it", () => {
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
  const { tests } = parsed({ ...sampleConformance(), equivalents });
  const found = tests.filter(({ type }) => type === "equivalent");
  assertEquals(found.map(({ status, message }) => [status, message]), [
    ["passed", undefined],
    ["failed", "BLK8: late"],
  ]);
});
