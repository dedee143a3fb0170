import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { test } from "node:test";
import { sampleConformance } from "../../reports/pages/sample/conformance.ts";
import type { Verdict } from "../../reports/schema.ts";
import { badges } from "./badge.ts";

/** What it says to whoever cannot see it, and the letters and colours of the others. */
function read(svg: string) {
  const [, title] = /<title id="title">(.*?)<\/title>/.exec(svg)!;
  const fields = [...svg.matchAll(/<rect [^>]*fill="(#\w+)"\/><text [^>]*>(.*?)<\/text>/g)];
  return { title, fields: fields.map(([, colour, text]) => [text, colour]) };
}

test("one for each adapter on each runtime, with the levels apart", () => {
  const all = badges(sampleConformance());
  assertEquals(Object.keys(all).length, 9 * 3);
  const { title, fields } = read(all["futex_ring-bun.svg"]!);
  assertEquals(title, "futex_ring on bun, MUST 21 of 21, SHOULD 0 of 2");
  assertEquals(fields.map(([text]) => text), ["futex_ring", "bun", "MUST 21/21", "SHOULD 0/2"]);
});

test("the colour is the level's verdict: a SHOULD spoils no MUST", () => {
  const [one] = sampleConformance().verdicts;
  const colours = (...found: [Verdict["level"], Verdict["verdict"]][]) => {
    const verdicts = found.map(([level, verdict]) => ({ ...one!, level, verdict }));
    const [svg] = Object.values(badges({ ...sampleConformance(), verdicts }));
    return read(svg!).fields.slice(2).map(([, colour]) => colour);
  };
  const [green] = colours(["MUST", "pass"]);
  const [red] = colours(["MUST", "pass"], ["MUST", "fail"], ["MUST", "unknown"]);
  const [amber] = colours(["MUST", "unknown"]);
  assertEquals(new Set([green, red, amber]).size, 3);
  assertEquals(colours(["MUST", "pass"], ["SHOULD", "fail"]), [green, amber]);
  assertEquals(colours(["MUST", "known"]), [amber]);
  assertEquals(colours(["MUST", "pass"], ["MUST", "skip"]), [green]);
});

test("what was not tried, or not to the end, has no score", () => {
  const results = sampleConformance();
  const skips = results.verdicts.map((one) => ({ ...one, verdict: "skip" as const }));
  const [untried] = Object.values(badges({ ...results, verdicts: skips }));
  assertEquals(read(untried!).fields.at(-1)![0], "not tried");
  const [cut] = Object.values(badges({ ...results, complete: false }));
  assertEquals(read(cut!).fields.at(-1)![0], "interrupted");
});

test("whatever a name holds, it stays text", () => {
  const results = sampleConformance();
  const verdicts = [{ ...results.verdicts[0]!, adapter: `</title><script>"&\x07` }];
  const [svg] = Object.values(badges({ ...results, verdicts }));
  assert(!svg!.includes("<script"));
  assertStringIncludes(svg!, "&#60;script&#62;&#34;&#38;");
});
