import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { test } from "node:test";
import { assertSelfContained, hostile, tags, withHostileTexts } from "./markup_check.ts";
import { sampleSpec } from "./sample/spec.ts";
import { specPage } from "./spec.ts";

test("every requirement is there, under its id, with what it asks and why", async () => {
  const spec = sampleSpec();
  const page = await specPage(spec);
  const articles = [...page.matchAll(/<article class="rule" id="rule-(\w+)".*?<\/article>/gs)];
  assertEquals(articles.map(([, id]) => id), spec.requirements.map(({ id }) => id));
  for (const [at, { sentence, why, source }] of spec.requirements.entries()) {
    for (const text of [sentence, why, `Source: ${source}.`]) {
      assertStringIncludes(articles[at]![0], text);
    }
  }
});

test("whom it applies to, with the reasons for the others", async () => {
  const page = await specPage(sampleSpec());
  assertStringIncludes(page, "<summary>Applies to 2 of 3 rings</summary>");
  assertStringIncludes(page, "not where a device is the reader: <code>playback</code>");
});

test("its mutants, with their score where there is a run", async () => {
  const { requirements, equivalents, results } = sampleSpec();
  const bare = await specPage({ requirements, equivalents });
  assertStringIncludes(bare, "<summary>1 mutant</summary>");
  assert(!bare.includes("killed on"));
  const page = await specPage({ requirements, equivalents, results });
  assertStringIncludes(page, "mutants killed: 3 of 3");
  assertStringIncludes(page, "killed on Deno, Bun and Node");
  assertStringIncludes(page, "mutants killed: 2 of 3");
  assertStringIncludes(page, "<b>survived</b> on Bun");
});

test("what nothing tests is listed with the reason, and counted apart, MUST from SHOULD", async () => {
  const page = await specPage(sampleSpec());
  assertStringIncludes(page, "<b>Untested:</b> no adapter here is a named ring.");
  const totals = /<table class="totals">.*?<\/table>/s.exec(page)![0];
  const rows = [...totals.matchAll(/<tr><th scope="row">(\w+)<\/th>(.*?)<\/tr>/gs)].map(
    ([, level, row]) => [level, ...[...row!.matchAll(/>(\d+)</g)].map(([, number]) => number)],
  );
  assertEquals(rows, [["MUST", "2", "1", "2"], ["SHOULD", "1", "0", "0"]]);
});

test("edits that change nothing are listed apart, with what became of them", async () => {
  const spec = sampleSpec();
  const fate = (passed: boolean, reason: string) =>
    specPage({
      ...spec,
      results: {
        ...spec.results,
        equivalents: [
          {
            equivalent: "sleepers are woken twice",
            adapter: "spsc",
            runtime: "bun",
            passed,
            reason,
          },
        ],
      },
    });
  const edit = "<li>sleepers are woken twice <small>(an edit of <code>spsc</code>)</small>";
  assertStringIncludes(await specPage(spec), `${edit}</li>`);
  assertStringIncludes(await fate(true, ""), `${edit}: passes</li>`);
  assertStringIncludes(await fate(false, "BLK6: out of turn"), "<b>BLK6: out of turn</b>");
});

test("the page is self-contained, and hostile texts are inert", async () => {
  const spec = sampleSpec();
  assertSelfContained(await specPage(spec));
  const page = await specPage(withHostileTexts(spec, [
    ...["group", "sentence", "why", "source", "reason", "untested", "name", "adapter", "commit"],
  ]));
  assertSelfContained(page);
  assert(!page.includes(hostile), "a text came through unescaped");
  const bare = tags(page).filter(({ name, attributes }) => name === "th" && !attributes.scope);
  assertEquals(bare, []);
});
