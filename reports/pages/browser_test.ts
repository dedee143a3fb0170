/**
 * Opens the pages in a headless Chromium without a network: do the charts get drawn, without an
 * error, and stay hostile texts inert? The DOM that comes back is the page's own account of it.
 */
import { assert, assertEquals } from "@std/assert";
import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { benchPage } from "./bench.ts";
import { conformancePage } from "./conformance.ts";
import { withHostileTexts } from "./markup_check.ts";
import { sampleBench } from "./sample/bench.ts";
import { sampleConformance } from "./sample/conformance.ts";

const texts = ["adapter", "case", "rule", "id", "sentence", "reason", "repro", "mutant", "commit"];
const cases = [
  { name: "benchmark page", page: () => benchPage(sampleBench()), charts: 10 },
  { name: "conformance page", page: () => conformancePage(sampleConformance()), charts: 1 },
  {
    name: "benchmark page of hostile texts",
    page: () => benchPage(withHostileTexts(sampleBench(), texts)),
    charts: 10,
  },
  {
    name: "conformance page of hostile texts",
    page: () => conformancePage(withHostileTexts(sampleConformance(), texts)),
    charts: 1,
  },
];

const chromium = findChromium();
const missing =
  "no Chromium: not in $CHROMIUM, nor on PATH as chromium, chromium-browser, google-chrome";
const skip = chromium === undefined && !process.env.CI ? missing : false;
if (skip) console.log(`skipping the browser tests: ${missing}`);

for (const { name, page, charts } of cases) {
  test(`a browser draws the ${name}`, { skip }, async () => {
    assert(chromium !== undefined, missing);
    const root = rootElement(await dumpDom(chromium, await page()));
    assertEquals(root["data-errors"], undefined);
    assertEquals(root["data-charts"], `${charts} drawn`);
    assertEquals(root["data-hostile"], undefined, "a text ran as a script");
  });
}

function findChromium(): string | undefined {
  const { CHROMIUM, PATH = "" } = process.env;
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const places = PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return [...CHROMIUM ? [CHROMIUM] : [], ...places].find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function dumpDom(browser: string, page: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "ringproof-page-"));
  try {
    const file = join(folder, "page.html");
    await writeFile(file, page);
    const { stdout } = await promisify(execFile)(browser, [
      ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
      "--host-resolver-rules=MAP * ~NOTFOUND",
      `--user-data-dir=${join(folder, "profile")}`,
      "--dump-dom",
      pathToFileURL(file).href,
    ], { maxBuffer: 2 ** 26, timeout: 120_000, killSignal: "SIGKILL" });
    return stdout;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function rootElement(dom: string): Record<string, string> {
  const [tag = ""] = /<html[^>]*>/.exec(dom) ?? [];
  return Object.fromEntries(
    [...tag.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name!, value!]),
  );
}
