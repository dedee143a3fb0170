import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import { runtimeName } from "../impls/shared/runtime.ts";
import { benchResults } from "../reports/schema.ts";
import { invocation } from "../runner/runtimes.ts";
import { inScratchFolder } from "../runner/scratch.ts";

const here = { name: runtimeName, path: process.execPath };
const onlyHere = ["--runtimes", here.name, "--runtime", `${here.name}=${here.path}`];

/** Runs `bench`; interrupts it once it has said something that contains `until`. */
async function bench(args: readonly string[], until?: string) {
  const { file, args: all } = invocation(here, new URL("./main.ts", import.meta.url), args);
  const child = spawn(file, all, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, CI: "", NO_COLOR: "1" },
  });
  let stdout = "", stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => stdout += text);
  createInterface({ input: child.stderr }).on("line", (line) => {
    stderr += `${line}\n`;
    if (until !== undefined && line.includes(until)) process.kill(child.pid!, "SIGINT");
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  return { code, stdout, stderr };
}

async function resultsIn(folder: string) {
  return benchResults.parse(JSON.parse(await readFile(join(folder, "results.json"), "utf8")));
}

test("--list names the cells, and why others are none, and measures nothing", async () => {
  const { code, stdout } = await bench(["--list", "--adapters", "spsc,playback", ...onlyHere]);
  assertEquals([code, stdout.split("\n")], [0, [
    `spsc · ${here.name} · throughput batch=1`,
    `playback · ${here.name} · throughput batch=1`,
    `spsc:push · ${here.name} · throughput batch=1`,
    `spsc · ${here.name} · throughput batch=64`,
    `playback · ${here.name} · throughput batch=64`,
    `spsc · ${here.name} · latency`,
    `spsc:push · ${here.name} · latency`,
    "not applicable: latency of playback: a device holds the far end, and it echoes nothing",
    "",
  ]]);
});

test("a flag that makes no sense is refused in one line", async () => {
  const { code, stderr } = await bench(["--list", "--seed=1.5"]);
  assertEquals([code, stderr], [2, "error: --seed needs a whole number, got 1.5\n"]);
});

test("a run writes valid results and their page, and fails for a ring that is wrong", () =>
  inScratchFolder(async (folder) => {
    const plugin = join(folder, "late.mjs");
    const bounded = new URL("../impls/channel/bounded.ts", import.meta.url).href;
    await writeFile(
      plugin,
      `import { adapter } from ${JSON.stringify(bounded)};
       const open = async () => { throw new Error("not today") };
       export default { ...adapter, name: "late", open };`,
    );
    const out = join(folder, "out");
    const { code, stdout, stderr } = await bench([
      ...["--adapters", "bounded", "--adapter", plugin, "--cases", "latency"],
      ...["--profile", "quick", "--out", out, "--seed", "7", ...onlyHere],
    ]);
    assertEquals(code, 1, stderr);
    assertStringIncludes(stdout, "late · ");
    assertStringIncludes(stdout, "failed: not today");
    const { complete, cells, environment } = await resultsIn(out);
    assertEquals([complete, environment.seed, environment.profile], [true, 7, "quick"]);
    assertEquals(cells.map(({ adapter, status }) => [adapter, status]), [
      ["bounded", "ok"],
      ["late", "failed"],
    ]);
    assertStringIncludes(await readFile(join(out, "index.html"), "utf8"), "bounded");
    assertEquals((await readdir(out)).toSorted(), ["index.html", "results.json"]);
  }));

test("Ctrl-C leaves valid results of what was measured, and nothing else", () =>
  inScratchFolder(async (folder) => {
    const { code, stderr } = await bench(
      ["--adapters", "bounded", "--verbose", "--out", folder, ...onlyHere],
      "bounded · ",
    );
    assertEquals(code, 3, stderr);
    assertStringIncludes(stderr, "interrupted: the results are valid");
    const { complete, cells } = await resultsIn(folder);
    assertEquals([complete, cells[0]!.adapter], [false, "bounded"]);
    assertLess(cells.length, 3); // the others were still to come
    assertEquals((await readdir(folder)).toSorted(), ["index.html", "results.json"]);
  }));

test("Ctrl-C before anything was measured stops the cell, and writes over no earlier results", () =>
  inScratchFolder(async (folder) => {
    const plugin = join(folder, "endless.mjs"), out = join(folder, "out");
    const bounded = new URL("../impls/channel/bounded.ts", import.meta.url).href;
    await writeFile(
      plugin,
      `import { adapter } from ${JSON.stringify(bounded)};
       import process from "node:process";
       const open = () => {
         process.kill(process.ppid, "SIGINT");
         return new Promise(() => setInterval(() => {}, 1000));
       };
       export default { ...adapter, name: "endless", open };`,
    );
    const { code, stderr } = await bench(
      ["--adapter", plugin, "--cases", "throughput", "--out", out, ...onlyHere],
    );
    assertEquals(code, 3);
    assertStringIncludes(stderr, "nothing was written");
    assertEquals(existsSync(out), false);
  }));
