import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "node:test";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { thisRuntime } from "../../runner/runtimes.ts";
import { rules } from "../rules/index.ts";
import { judge, type Judged, runJudged } from "./known.ts";

const core = new URL("../../impls/core.ts", import.meta.url).href;

/** What is judged of a ring with this push() that goes by the name of a peer. */
async function judgedAs(name: string, push: string, ids: readonly string[]): Promise<Judged[]> {
  const folder = await mkdtemp(join(tmpdir(), "ringproof-known-"));
  try {
    const path = join(folder, "ring.ts");
    await writeFile(
      path,
      `import { adapterFromCore } from ${JSON.stringify(core)};
       export default adapterFromCore("${name}", (capacity) => {
         const items = [];
         return {
           get length() { return items.length; },
           push(item) { ${push} },
           shift: () => items.shift(),
         };
       });`,
    );
    const judged: Judged[] = [];
    await runJudged({
      name,
      ref: pathToFileURL(path).href,
      runtime: thisRuntime,
      rules: rules.filter(({ id }) => ids.includes(id)),
      seed: 1,
      profile: "mutant",
      signal: new AbortController().signal,
      onJudged: (one) => judged.push(one),
    });
    return judged;
  } finally {
    await rm(folder, { recursive: true });
  }
}

const honest = "return items.length < capacity && items.push(item) > 0;";
const boundless = "return items.push(item) > 0;";

test("a failure that is listed is a known one, with what happened and why", async () => {
  const [judged] = await judgedAs("post_message", boundless, ["FUL1"]);
  assertEquals([judged!.verdict, judged!.outdated], ["known", undefined]);
  assertMatch(judged!.reason, /a full ring answered 1/);
  assertMatch(judged!.known!, /nothing bounds what is under way/);
});

test("a failure that is not listed is a failure", async () => {
  const judged = await judgedAs("mnemonist_deque", boundless, ["FUL1", "EMP1"]);
  assertEquals(judged.map(({ rule, verdict }) => `${rule.id} ${verdict}`), [
    "FUL1 fail",
    "EMP1 pass",
  ]);
});

test("a listed rule that passes, or applies no more, is a failure that says so", async () => {
  const [passes] = await judgedAs("post_message", honest, ["CAP1"]);
  assertEquals([passes!.verdict, passes!.outdated, passes!.known], ["fail", true, undefined]);
  assertMatch(passes!.reason, /it passes, and stands in conformance\/known\.ts as failing/);
  const [skipped] = await judgedAs("locked_array", honest, ["LCK1"]);
  assertEquals([skipped!.verdict, skipped!.outdated], ["fail", true]);
  assertMatch(skipped!.reason, /it does not apply \(/);
});

test("what fails in some runs only may pass, and what is undecided stays so", () => {
  const listed = {
    adapter: "ring",
    rules: ["CAP1"],
    reason: "of timing",
    sometimes: true,
  } as const;
  const ruling = { rule: rules[0]!, verdict: "pass", reason: "", ms: 1 } as const;
  assertEquals(judge(ruling, listed), ruling);
  assertEquals(judge({ ...ruling, verdict: "fail" }, listed).verdict, "known");
  assertEquals(judge({ ...ruling, verdict: "skip" }, listed).verdict, "fail");
  assertEquals(judge({ ...ruling, verdict: "unknown" }, listed).verdict, "unknown");
});

test("those that hang wait side by side", async () => {
  const asleep = "return items.length < capacity && items.push(item) > 0 && capacity === 0;";
  const ids = ["CAP2", "FUL2", "EMP1", "EMP2"];
  const begun = performance.now();
  const judged = await judgedAs("thi_ng_csp", asleep, ids);
  const took = performance.now() - begun;
  assertEquals(judged.map(({ rule }) => rule.id).toSorted(), ids.toSorted());
  for (const { verdict, reason } of judged) assert(verdict === "known", `${verdict} ${reason}`);
  const alone = Math.min(...judged.map(({ ms }) => ms));
  assert(took < alone * ids.length, `${took} ms for ${ids.length} of ${alone} ms each`);
});
