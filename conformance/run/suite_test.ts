import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "node:test";
import { assertEquals, assertMatch } from "@std/assert";
import { thisRuntime } from "../../runner/runtimes.ts";
import { rules } from "../rules/index.ts";
import { type Ruling, runSuite } from "./suite.ts";

const core = new URL("../../impls/core.ts", import.meta.url).href;

/** The rulings of a plug-in with this source, as "ID verdict reason". */
async function rulingsOf(source: string, ids: readonly string[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "ringproof-suite-"));
  try {
    const path = join(folder, "ring.ts");
    await writeFile(path, source);
    const rulings: Ruling[] = [];
    await runSuite({
      ref: pathToFileURL(path).href,
      runtime: thisRuntime,
      rules: rules.filter(({ id }) => ids.includes(id)),
      seed: 1,
      profile: "mutant",
      signal: new AbortController().signal,
      onRuling: (ruling) => rulings.push(ruling),
    });
    return rulings.map(({ rule, verdict, reason }) => `${rule.id} ${verdict} ${reason}`.trim());
  } finally {
    await rm(folder, { recursive: true });
  }
}

const ring = (push: string) => `
  import { adapterFromCore } from ${JSON.stringify(core)};
  export default adapterFromCore("trial", (capacity) => {
    const items = [];
    return {
      get length() { return items.length; },
      push(item) { ${push} },
      shift() { return items.shift(); },
    };
  });`;
const honest = "return items.length < capacity && items.push(item) > 0;";

test("an honest ring passes, and what does not apply is skipped with the reason", async () => {
  assertEquals(await rulingsOf(ring(honest), ["CAP1", "NET2"]), [
    "CAP1 pass",
    "NET2 skip its reach is not the network",
  ]);
});

test("a failed import fails every rule, with the error", async () => {
  const rulings = await rulingsOf(`import "./nothing_there.ts";`, ["CAP1", "CAP3"]);
  assertEquals(rulings.length, 2);
  for (const ruling of rulings) assertMatch(ruling, /^CAP\d fail .*nothing_there/);
});

test("a process that ends fails the rule that ran, and the rules after it run", async () => {
  const rulings = await rulingsOf(
    `import process from "node:process";` +
      ring(`if (item === 120) process.exit(7); ${honest}`),
    ["CAP1", "CAP3", "EMP1"],
  );
  assertEquals(rulings.map((ruling) => ruling.slice(0, 9)), [
    "CAP1 pass",
    "CAP3 fail",
    "EMP1 pass",
  ]);
  assertMatch(rulings[1]!, /exit code 7/);
});

test("a rule that blocks its thread is killed by the watchdog, and the rules after it run", async () => {
  const rulings = await rulingsOf(ring(`while (item === 120); ${honest}`), ["CAP3", "EMP1"]);
  assertMatch(rulings[0]!, /^CAP3 fail .*blocked its thread/);
  assertEquals(rulings[1], "EMP1 pass");
});

test("a rule that waits for ever fails with what it waited for", async () => {
  const forgetful = ring("return items.length < capacity ? items.push(item) > 0 : true;");
  const [ruling] = await rulingsOf(forgetful, ["FUL2"]);
  assertMatch(ruling!, /^FUL2 fail hung .*waiting for a write to complete/);
});
