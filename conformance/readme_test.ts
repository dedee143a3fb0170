import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { thisRuntime } from "../runner/runtimes.ts";
import { rules } from "./rules/index.ts";
import { type Ruling, runSuite } from "./run/suite.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

test("README's ring is a whole one of about 30 lines, and passes every rule that applies", async () => {
  const readme = await readFile(join(root, "README.md"), "utf8");
  const source = readme.match(/```ts\n(import \{ adapterFromCore[^`]*)```/)?.[1];
  assert(source, "README has no example that begins with adapterFromCore");
  assert(source.trimEnd().split("\n").length <= 32, "the example has grown");

  const out = join(root, "reports/out");
  await mkdir(out, { recursive: true });
  const folder = await mkdtemp(join(out, "readme-"));
  try {
    const path = join(folder, "my_ring.ts");
    await writeFile(path, source);
    const rulings: Ruling[] = [];
    await runSuite({
      ref: pathToFileURL(path).href,
      runtime: thisRuntime,
      rules,
      seed: 1,
      profile: "quick",
      signal: new AbortController().signal,
      onRuling: (ruling) => rulings.push(ruling),
    });
    assertEquals(rulings.length, rules.length);
    for (const { rule, verdict, reason } of rulings) {
      assert(verdict === "pass" || verdict === "skip", `${rule.id} ${verdict}: ${reason}`);
    }
    assert(rulings.filter(({ verdict }) => verdict === "pass").length >= 25);
  } finally {
    await rm(folder, { recursive: true });
  }
});
