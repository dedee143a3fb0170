import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { test } from "node:test";
import { sampleConformance } from "../../reports/pages/sample/conformance.ts";
import type { ConformanceResults } from "../../reports/schema.ts";
import { reporters } from "./index.ts";

/** Element names in order, having checked that the text is one well-formed tree of plain XML. */
function elements(xml: string): string[] {
  const [, body = ""] = xml.split("?>\n");
  const names: string[] = [], open: string[] = [];
  const token = /<(\/?)([a-z]+)((?: [a-z]+="[^"<&]*(?:&#\d+;[^"<&]*)*")*)(\/?)>|([^<]+)/g;
  let end = 0;
  for (const match of body.matchAll(token)) {
    assertEquals(match.index, end, `not XML: ${body.slice(end, end + 80)}`);
    end = match.index + match[0].length;
    const [, closing, name, , empty, text] = match;
    if (text !== undefined) assert(/^[^&]*(?:&#\d+;[^&]*)*$/.test(text), `bare & in ${text}`);
    else if (closing) assertEquals(open.pop(), name);
    else {
      names.push(name!);
      if (!empty) open.push(name!);
    }
  }
  assertEquals([end, open], [body.length, []]);
  return names;
}

function count(names: readonly string[], name: string): number {
  return names.filter((one) => one === name).length;
}

test("every verdict and mutant is a case of its suite", () => {
  const results = sampleConformance();
  const xml = reporters.junit(results);
  const names = elements(xml);
  assertEquals(count(names, "testsuite"), 9 * 3 + 3);
  assertEquals(count(names, "testcase"), results.verdicts.length + results.mutants.length);
  assertStringIncludes(xml, '<testsuite name="ringbuf_js/bun" tests="27" failures="2" errors="0"');
});

test("a MUST that fails is a failure, an unknown an error, a known failure a skip", () => {
  const names = elements(reporters.junit(sampleConformance()));
  assertEquals(count(names, "failure"), 8 + 1);
  assertEquals(count(names, "error"), 4);
  assertEquals(count(names, "skipped"), 260 + 36 + 3 + 3);
});

test("reason and reproduction stand in the element", () => {
  const xml = reporters.junit(sampleConformance());
  assertStringIncludes(
    xml,
    '<failure message="item 41,233 of 100,000 was never delivered; 41,234 followed 41,232" type="MUST">',
  );
  assertStringIncludes(
    xml,
    "reproduce: bun run conformance --adapter message_channel",
  );
});

test("whatever a reason holds, the file stays XML", () => {
  const { verdicts, ...results } = sampleConformance();
  const hostile = `]]></failure><x y="1">&amp; '\0\x07\x1b[31m \ud800 \ufffe`;
  const one = { ...verdicts[0]!, verdict: "fail", reason: hostile, adapter: hostile } as const;
  const xml = reporters.junit({ ...results, verdicts: [one] } as ConformanceResults);
  assertEquals(count(elements(xml), "failure"), 2);
  // deno-lint-ignore no-control-regex -- these are the characters that XML cannot hold
  assert(!/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe]/.test(xml), "a character that XML cannot hold");
});

test("an interrupted run is an error", () => {
  const xml = reporters.junit({ ...sampleConformance(), complete: false });
  assertStringIncludes(xml, '<error message="the run was interrupted');
});

test("the JSON is the results", () => {
  const results = sampleConformance();
  assertEquals(JSON.parse(reporters.json(results)), results);
});

test("an edit that changes nothing is a failure where a rule rejects it", () => {
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
  const xml = reporters.junit({ ...sampleConformance(), equivalents });
  assertEquals(count(elements(xml), "failure"), 8 + 1 + 1);
  assertStringIncludes(xml, '<testsuite name="equivalents/bun" tests="2" failures="1"');
});
