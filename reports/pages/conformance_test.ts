import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { test } from "node:test";
import { conformancePage } from "./conformance.ts";
import { assertSelfContained, hostile, tags, withHostileTexts } from "./markup_check.ts";
import { sampleConformance } from "./sample/conformance.ts";

test("every verdict is in the matrix, in the row of its rule", async () => {
  const results = sampleConformance();
  const page = await conformancePage(results);
  const rows = new Map(
    [...page.matchAll(/<tr data-rule="(\w+)">(.*?)<\/tr>/gs)].map(([, rule, row]) => [
      rule,
      [...row!.matchAll(/<td class="(\w+)"/g)].map(([, verdict]) => verdict!),
    ]),
  );
  for (const { id } of results.rules) {
    const of = results.verdicts.filter(({ rule }) => rule === id).map(({ verdict }) => verdict);
    assertEquals(rows.get(id), of.length > 0 ? of : Array(27).fill("none"), id);
  }
});

test("every failure is told in full, and every reason of the others", async () => {
  const results = sampleConformance();
  const page = await conformancePage(results);
  for (const { verdict, reason, repro } of results.verdicts) {
    if (verdict === "fail" || verdict === "known") {
      assertStringIncludes(page, `<code>${repro}</code>`);
    }
    assertStringIncludes(page, reason);
  }
  assertEquals(page.match(/<article class="failure">/g)?.length, 6);
});

test("a known failure says why it is one, apart from the failures", async () => {
  const page = await conformancePage(sampleConformance());
  const [, failed, known] = page.match(/id="failures"(.*?)id="known"(.*?)id="verdicts"/s)!;
  assert(!failed!.includes("OWN4"));
  assertStringIncludes(known!, "its slots keep what was read until they are written again.");
  assertStringIncludes(known!, "<summary>1 rule: <code>OWN4</code></summary>");
  assertStringIncludes(known!, "6 of 6 items that were read are still kept alive");
});

test("totals tell MUST from SHOULD", async () => {
  const page = await conformancePage(sampleConformance());
  const totals = /<table class="totals">.*?<\/table>/s.exec(page)![0];
  const rows = [...totals.matchAll(/<tr><th scope="row">(\w+)<\/th>(.*?)<\/tr>/gs)];
  const numbers = rows.map(([, level, row]) => [
    level,
    ...[...row!.matchAll(/>(\d+)</g)].map(([, number]) => Number(number)),
  ]);
  assertEquals(numbers, [
    ["MUST", 404, 8, 3, 260, 0, 675],
    ["SHOULD", 11, 3, 0, 36, 4, 54],
  ]);
  assertStringIncludes(
    page,
    "<b>8 MUST verdicts failed</b>, in 3 adapters; 3 SHOULD verdicts failed; " +
      "3 known failures; 1 mutant survived.",
  );
});

test("a rule that nothing tests is listed as untested, and a foreign one is not lost", async () => {
  const results = sampleConformance();
  const [first] = results.verdicts;
  const verdicts = [...results.verdicts, { ...first!, rule: "NEW1" }];
  const page = await conformancePage({ ...results, verdicts });
  assertEquals(page.match(/<b>Untested.<\/b>/g)?.length, 1);
  assertStringIncludes(page, `<tr data-rule="NEW1">`);
});

test("mutants: a survivor comes first, and the score is told", async () => {
  const page = await conformancePage(sampleConformance());
  const table = /<table class="plain mutants".*?<\/table>/s.exec(page)![0];
  const rows = [...table.matchAll(/<tr><th scope="row">(.*?)<\/th>/g)].map(([, name]) => name);
  assertEquals(rows[0], "notify before store");
  assertEquals(rows.length, 4);
  assertEquals(table.match(/<b>survived<\/b>/g)?.length, 1);
  assertStringIncludes(page, "<dd>11 <small>of 12</small></dd>");
});

test("a good run says so", async () => {
  const results = sampleConformance();
  const verdicts = results.verdicts.filter(({ verdict }) => verdict === "pass");
  const page = await conformancePage({ ...results, verdicts, mutants: [] });
  assertStringIncludes(page, "<b>No MUST verdict failed</b>");
});

test("an interrupted run says so", async () => {
  const page = await conformancePage({ ...sampleConformance(), complete: false });
  assertStringIncludes(page, "Interrupted.");
});

test("every table has a caption, and every head a scope", async () => {
  const page = await conformancePage(sampleConformance());
  assertEquals(page.match(/<table/g)?.length, page.match(/<caption/g)?.length);
  const bare = tags(page).filter(({ name, attributes }) => name === "th" && !attributes.scope);
  assertEquals(bare, []);
});

test("the page is self-contained, and hostile texts are inert", async () => {
  const results = sampleConformance();
  assertSelfContained(await conformancePage(results));
  const page = await conformancePage(withHostileTexts(results, [
    ...["adapter", "rule", "id", "group", "sentence", "why", "source", "reason", "repro"],
    ...["mutant", "cpu", "os", "commit", "date", "found", "probe"],
  ]));
  assertSelfContained(page);
  assert(!page.includes(hostile), "a text came through unescaped");
});

test("edits that change nothing stand apart from the mutants", async () => {
  const equivalents = ["deno", "bun"].map((runtime) => ({
    equivalent: "sleepers are woken twice",
    adapter: "spsc",
    runtime,
    passed: runtime === "deno",
    reason: runtime === "deno" ? "" : "BLK6: out of turn",
  }));
  const page = await conformancePage({ ...sampleConformance(), equivalents });
  const [, found] = page.split('id="equivalents-table-caption"');
  assertStringIncludes(found!, '<th scope="row">sleepers are woken twice</th>');
  assertEquals(found!.match(/ passed<\/td>/g)?.length, 1);
  assertStringIncludes(found!, "<b>failed</b>");
  assertStringIncludes(found!, "<p>BLK6: out of turn</p>");
});
