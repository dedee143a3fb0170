import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { sampleConformance } from "../reports/pages/sample/conformance.ts";
import { conformanceResults } from "../reports/schema.ts";
import { invocation, thisRuntime } from "../runner/runtimes.ts";
import { rules } from "./rules/index.ts";
import { untested } from "./rules/untested.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Runs the command under this runtime. */
function conformance(...args: string[]) {
  const script = new URL("./main.ts", import.meta.url);
  const command = invocation(thisRuntime, script, args);
  const child = spawn(command.file, command.args, { cwd: root, env: { ...process.env, CI: "" } });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (text) => output.stdout += text);
  child.stderr.on("data", (text) => output.stderr += text);
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on("close", (code) => resolve({ code, ...output }));
  });
}

async function inFolder(act: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "ringproof-conformance-"));
  try {
    await act(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("wrong usage is one line that names the nearest right one, and exit code 2", async () => {
  const wrong: [string[], RegExp][] = [
    [["--adaptres", "spsc"], /--adapters/],
    [["--adapters", "spcs"], /spsc/],
    [["--rule", "CAP9"], /CAP1/],
    [["--group", "Capacty"], /Capacity/],
    [["--runtimes", "nod"], /node/],
    [["--profile", "fast"], /quick/],
    [["--reporter", "ctfr"], /ctrf/],
    [["--adapters", "spsc", "--watch"], /--adapter/],
    [["--seed", "x"], /number/],
    [["--adapter", "./not_there.ts"], /not_there\.ts does not exist/],
  ];
  const ends = await Promise.all(wrong.map(([args]) => conformance(...args)));
  for (const [i, { code, stdout, stderr }] of ends.entries()) {
    assertEquals([code, stdout], [2, ""], `${wrong[i]![0]}: ${stderr}`);
    assertEquals(stderr.trimEnd().split("\n").length, 1, stderr);
    assertMatch(stderr, wrong[i]![1]);
  }
});

test("a module that is no adapter is told what it lacks", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "ring.ts");
    await writeFile(path, `export default { name: "r", family: "chanel", capabilities: {} };`);
    const { code, stderr } = await conformance("--adapter", path);
    assertEquals(code, 2, stderr);
    for (const lack of ["adapter.family", "adapter.capabilities.items", "adapter.open"]) {
      assert(stderr.includes(lack), `${lack} is not named in: ${stderr}`);
    }
    await writeFile(path, "export const ring = 1;");
    assertMatch((await conformance("--adapter", path)).stderr, /no default export/);
  });
});

test("what a peer is known to fail stands in the results with why, and fails no run", async () => {
  await inFolder(async (folder) => {
    const { code, stdout, stderr } = await conformance(
      ...["--adapters", "mnemonist_deque", "--rule", "OWN4,EMP1", "--runtimes", thisRuntime.name],
      ...["--runtime", `${thisRuntime.name}=${thisRuntime.path}`, "--seed", "5", "--out", folder],
    );
    assertEquals(code, 0, stderr);
    assertMatch(stdout, /~ mnemonist_deque on \w+: its slots keep/);
    const text = await readFile(join(folder, "results.json"), "utf8");
    const { verdicts } = conformanceResults.parse(JSON.parse(text));
    const [passed, failed] = verdicts.toSorted((a, b) => a.rule < b.rule ? -1 : 1);
    assertEquals([passed!.verdict, failed!.verdict], ["pass", "known"]);
    assertMatch(failed!.reason, /6 of 6 items that were read are still kept alive/);
    assertMatch(failed!.known!, /its slots keep what was shifted out/);
    assertMatch(failed!.repro, /--adapter mnemonist_deque .*--rule OWN4 .*--seed 5/);
  });
});

test("peers are left out unless they, or whole families, are asked for", async () => {
  const listed = async (...flags: string[]) =>
    / adapters +(.*)/.exec(` ${(await conformance("--list", ...flags)).stdout}`)![1]!.split(" ");
  const [rings, all, family] = await Promise.all([
    listed(),
    listed("--peers"),
    listed("--families", "atomics"),
  ]);
  assert(rings.includes("spsc") && !rings.includes("ringbuf_js"));
  assert(all.includes("spsc") && all.includes("ringbuf_js") && all.includes("denque"));
  assert(family.includes("ringbuf_js") && !family.includes("denque"));
});

test("a run writes results that fit the schema, and every reporter's file", async () => {
  await inFolder(async (folder) => {
    const { code, stdout, stderr } = await conformance(
      ...["--adapters", "bounded", "--rule", "CAP1,CON3", "--runtimes", thisRuntime.name],
      ...["--runtime", `${thisRuntime.name}=${thisRuntime.path}`, "--seed", "5", "--out", folder],
      ...["--reporter", "junit,tap,json,ctrf,badge"],
    );
    assertEquals(code, 0, stderr);
    assert(stdout.split("\n").every((line) => line.length <= 80 || line.includes(folder)), stdout);
    const text = await readFile(join(folder, "results.json"), "utf8");
    const results = conformanceResults.parse(JSON.parse(text));
    assertEquals(results.complete, true);
    const verdicts = results.verdicts.map(({ rule, verdict, seed }) =>
      `${rule} ${verdict} ${seed}`
    );
    assertEquals(verdicts.sort(), ["CAP1 pass 5", "CON3 pass 5"]);
    assertEquals(results.mutants.map(({ killed }) => killed), [true, true]);
    assert(results.environment.probes!.every(({ ok }) => ok));
    assertMatch(await readFile(join(folder, "junit.xml"), "utf8"), /<testsuite/);
    assertMatch(await readFile(join(folder, "results.tap"), "utf8"), /^TAP version 14/);
    assertMatch(await readFile(join(folder, "ctrf.json"), "utf8"), /"reportFormat": "CTRF"/);
    const badge = join(folder, "badges", `bounded-${thisRuntime.name}.svg`);
    assertMatch(await readFile(badge, "utf8"), /MUST 2 of 2/);
    assertMatch(await readFile(join(folder, "index.html"), "utf8"), /^<!doctype html>/i);
  });
});

test("the page of requirements is written beside the results, with the scores of the last run", async () => {
  await inFolder(async (folder) => {
    const out = join(folder, "conformance");
    const { code, stdout, stderr } = await conformance("--spec", "--out", out);
    assertEquals([code, stdout], [0, `${join(folder, "spec", "index.html")}\n`], stderr);
    const bare = await readFile(join(folder, "spec", "index.html"), "utf8");
    for (const { id } of [...rules, ...untested]) assert(bare.includes(`id="rule-${id}"`), id);

    await mkdir(out);
    await writeFile(join(out, "results.json"), JSON.stringify(sampleConformance()));
    assertEquals((await conformance("--spec", "--out", out)).code, 0);
    const scored = await readFile(join(folder, "spec", "index.html"), "utf8");
    assertMatch(scored, /Scores of the run of/);

    await writeFile(join(out, "results.json"), "{}");
    const wrong = await conformance("--spec", "--out", out);
    assertEquals(wrong.code, 2);
    assertMatch(wrong.stderr, /results\.json is no results file/);
  });
});

test("a failure is told of as it falls, before the rules after it have ended", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "ring.ts");
    const core = new URL("../impls/core.ts", import.meta.url).href;
    // CAP1 opens four rings; whoever opens a fifth waits for ever.
    await writeFile(
      path,
      `import { adapterFromCore } from ${JSON.stringify(core)};
       let opened = 0;
       export default adapterFromCore("trial", (capacity) => {
         if (++opened > 4) for (;;);
         return { length: 0, push: () => false, shift: () => undefined };
       });`,
    );
    const { file, args } = invocation(thisRuntime, new URL("./main.ts", import.meta.url), [
      ...["--adapter", path, "--runtimes", thisRuntime.name, "--out", join(folder, "out")],
      ...["--runtime", `${thisRuntime.name}=${thisRuntime.path}`],
    ]);
    const child = spawn(file, args, { env: { ...process.env, CI: "" } });
    const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
    let stdout = "", stderr = "";
    child.stdout.on("data", (text) => stdout += text);
    await new Promise<void>((resolve) =>
      child.stderr.on("data", (text) => {
        stderr += text;
        if (stderr.includes("\n")) resolve();
      })
    );
    process.kill(child.pid!, "SIGHUP");
    await ended;
    assertMatch(stderr, /^✗ trial \w+ CAP1 of 4 items 0 went into a ring of 1\n/);
    assertEquals(stdout, "");
  });
});
