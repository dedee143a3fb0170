import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { runChild } from "../../runner/child.ts";
import { thisRuntime } from "../../runner/runtimes.ts";
import { inScratchFolder } from "../../runner/scratch.ts";
import { mutants } from "../mutants/index.ts";
import { rules } from "../rules/index.ts";
import { type Plan, runAll, steps } from "./all.ts";
import { MARK, type Orders } from "./messages.ts";

const plan: Plan = {
  adapters: [],
  runtimes: [thisRuntime],
  rules: rules.filter(({ id }) => id === "CAP1"),
  mutants: [],
  seed: 1,
  profile: "quick",
  jobs: 1,
  signal: new AbortController().signal,
};
const silent = { step() {}, verdict() {} };

test("what failed and passes with the same seed has failed, and is flaky", () =>
  inScratchFolder(async (folder) => {
    const ring = join(folder, "ring.mjs");
    const core = new URL("../../impls/core.ts", import.meta.url).href;
    await writeFile(
      ring,
      `import { existsSync, writeFileSync } from "node:fs";
       import { adapterFromCore } from ${JSON.stringify(core)};
       const again = ${JSON.stringify(join(folder, "again"))};
       export default adapterFromCore("moody", (capacity) => {
         const room = existsSync(again) ? capacity : 0;
         writeFileSync(again, "");
         const items = [];
         return {
           get length() { return items.length; },
           push: (item) => items.length < room && items.push(item) > 0,
           shift: () => items.shift(),
         };
       });`,
    );
    const moody = {
      ref: pathToFileURL(ring).href,
      name: "moody",
      family: "channel",
      kind: "ring",
    } as const;
    const heard: string[] = [];
    const { verdicts } = await runAll({ ...plan, adapters: [moody] }, {
      step: () => {},
      verdict: ({ rule, verdict }) => heard.push(`${rule} ${verdict}`),
    });
    assertEquals(heard, ["CAP1 fail"]);
    assertEquals(verdicts.map(({ verdict }) => verdict), ["fail"]);
    assertMatch(verdicts[0]!.reason, /; flaky: run again with the same seed it passed$/);
  }));

test("rules that the profile's time does not reach are undecided", async () => {
  const orders: Orders = {
    ref: "bounded",
    rules: ["CAP1"],
    seed: 1,
    profile: "quick",
    budgetMs: -1,
  };
  const lines: string[] = [];
  await runChild({
    runtime: thisRuntime,
    script: new URL("./child.ts", import.meta.url),
    args: [JSON.stringify(orders)],
    silenceMs: 60_000,
    onLine: (line) => lines.push(line.slice(MARK.length)),
  });
  const { verdict, reason } = JSON.parse(lines.at(-1)!);
  assertEquals([verdict, reason], [
    "unknown",
    "the time of --profile quick was used up before it",
  ]);
});

test("the quick profile makes each mutant on one runtime, the others on all", () => {
  const runtimes = ["deno", "bun", "node"].map((id) => ({ ...thisRuntime, id }));
  const many = { ...plan, runtimes, mutants: mutants.slice(0, 10) };
  assertEquals(steps(many), 10);
  assertEquals(steps({ ...many, profile: "standard" }), 30);
});

test("an edit that has lost its place ends the run before anything is run", async () => {
  const lost = { ...mutants[0]!, find: "is nowhere in it" };
  const running = runAll({ ...plan, mutants: [lost] }, silent);
  await assertRejects(() => running, Error, "bring the edit up to date");
});
