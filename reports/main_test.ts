import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { sampleBench } from "./pages/sample/bench.ts";
import { sampleConformance } from "./pages/sample/conformance.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
const hooks = new URL("../std/node.js", import.meta.url).href;
const before = process.versions.deno
  ? ["run", "-A"]
  : process.versions.bun
  ? []
  : ["--import", hooks];

/** Runs the command, on the runtime that this test runs on, in a folder that holds these files. */
function report(args: readonly string[], files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), "ringproof-report-"));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const { status, stderr } = spawnSync(process.execPath, [...before, main, ...args], {
      cwd: folder,
      encoding: "utf8",
    });
    const page = (name: string) => {
      const path = join(folder, "site", name);
      return existsSync(path) ? readFileSync(path, "utf8") : undefined;
    };
    const pages = ["index.html", "bench.html", "bench-2.html", "conformance.html"].map(page);
    return { status, stderr, pages };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const files = {
  "bench.json": JSON.stringify(sampleBench()),
  "conformance.json": JSON.stringify(sampleConformance()),
  "cut.json": JSON.stringify(sampleBench()).slice(0, 5000),
  "foreign.json": `{ "schema": "other@1" }`,
};

test("a site of several files, with a front page that links to them", () => {
  const { status, stderr, pages } = report(
    ["bench.json", "conformance.json", "bench.json", "--out", "site"],
    files,
  );
  assertEquals([status, stderr], [0, ""]);
  const [index, ...reports] = pages;
  for (const href of ["bench.html", "bench-2.html", "conformance.html"]) {
    assertStringIncludes(index!, `href="${href}"`);
  }
  for (const page of reports) assertMatch(page ?? "missing", /^<!DOCTYPE html>/);
});

test("a wrong file is one line that names it, exit 2, and no site", () => {
  for (const wrong of ["cut.json", "foreign.json", "absent.json"]) {
    const { status, stderr, pages } = report(["bench.json", wrong, "--out", "site"], files);
    assertEquals(status, 2, wrong);
    assertMatch(stderr, new RegExp(`^[^\n]*${wrong}[^\n]*\n$`));
    assertEquals(pages.filter((page) => page !== undefined), []);
  }
});

test("an unknown flag is refused with the nearest one", () => {
  const { status, stderr } = report(["--oot", "site"], files);
  assertEquals(status, 2);
  assertMatch(stderr, /^[^\n]*--oot[^\n]*--out[^\n]*\n$/);
});
