/**
 * Makes node_modules when it is missing or out of date: the first half of every command, so that a
 * fresh clone needs nothing done before. It runs before any package is there, and therefore imports
 * none. A stamp in node_modules says what it was made from; Deno and Bun lay it out differently,
 * so whichever runs makes all of it, in a folder of its own, and a rename puts it in place.
 */
import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { run, UsageError } from "./exit.ts";
import { root } from "./root.ts";
import { install, installerName } from "./runtime/install.ts";
import { duration } from "./progress.ts";

/** What decides the content of node_modules, beside the platform. */
const sources = ["package.json", "deno.lock", "bun.lock"];
const STAMP = ".ringproof";

await run(async () => {
  const stamp = await stampOf(root);
  if (await stampIn(root) !== stamp) await setUp(stamp);
  return 0;
});

async function setUp(stamp: string): Promise<void> {
  const from = performance.now();
  process.stderr.write("installing packages into node_modules, once …\n");
  const out = join(root, "reports/out");
  await mkdir(out, { recursive: true });
  const staging = await mkdtemp(join(out, ".setup-"));
  const discard = () => rmSync(staging, { recursive: true, force: true });
  process.once("exit", discard);
  for (const name of [...sources, "deno.json"]) {
    await copyFile(join(root, name), join(staging, name));
  }
  await install(staging, { frozen: true }).catch((error: Error) => {
    throw new UsageError(
      `node_modules is missing or out of date, and ${installerName} could not install it ` +
        `(${error.message}): run this once with a network`,
    );
  });
  await writeFile(join(staging, "node_modules", STAMP), stamp);
  await putInPlace(staging, stamp);
  process.stderr.write(`installed in ${duration(performance.now() - from)}\n`);
}

/** Unless another command that was started at the same time has been faster. */
async function putInPlace(staging: string, stamp: string): Promise<void> {
  if (await stampIn(root) === stamp) return;
  const place = join(root, "node_modules");
  await rename(place, join(staging, "outdated")).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  await rename(join(staging, "node_modules"), place).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
  });
}

async function stampOf(folder: string): Promise<string> {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}\n`);
  for (const name of sources) hash.update(await readFile(join(folder, name)));
  return hash.digest("hex");
}

async function stampIn(folder: string): Promise<string | undefined> {
  return await readFile(join(folder, "node_modules", STAMP), "utf8").catch(() => undefined);
}
