/**
 * Runtimes fetched once: the npm package of a platform holds the executable, the package installer
 * of the runtime that runs this brings it, and a rename puts it into the cache whole or not at all.
 */
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { rmSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import process from "node:process";
import { duration } from "../progress.ts";
import { install } from "./install.ts";
import { type Found, probe, type RuntimeName } from "./probe.ts";

/** `pin`: the version that is fetched. `least`: the oldest that is accepted unasked. */
export const pins: Readonly<Record<RuntimeName, { readonly pin: string; readonly least: string }>> =
  {
    deno: { pin: "2.9.6", least: "2.9" },
    bun: { pin: "1.4.5", least: "1.4" },
    node: { pin: "26.10.0", least: "26" },
  };

const STAGING = ".fetch-";
/** A fetch that was killed leaves its folder behind; older than this, it is no longer in use. */
const STALE_MS = 3_600_000;

/** From the cache, else fetched into it. `version` may be a beginning: "1.4" is its newest there. */
export async function fetched(
  name: RuntimeName,
  version: string,
  log: (line: string) => void,
): Promise<Found> {
  const binary = binaryOf(name);
  const cache = cacheFolder();
  const cached = await newestCached(cache, name, version);
  if (cached === undefined) {
    const from = performance.now();
    log(`fetching ${name} ${version}, once, into ${cache} …`);
    const folder = await fetchInto(cache, name, version, binary);
    const { size } = await stat(join(folder, binary.path));
    const took = duration(performance.now() - from);
    log(`fetched ${name}: ${Math.round(size / 1e6)} MB in ${took}`);
  }
  const folder = cached ?? (await newestCached(cache, name, version))!;
  const found = await probe(name, join(folder, binary.path));
  if (typeof found === "string") throw new Error(found);
  return found;
}

interface Binary {
  readonly package: string;
  /** Of the executable, in a folder that the package is installed in. */
  readonly path: string;
}

function binaryOf(name: RuntimeName): Binary {
  const { platform, arch } = process;
  if (!["linux", "darwin"].includes(platform) || !["x64", "arm64"].includes(arch)) {
    throw new Error(`no package is known for ${platform} ${arch}`);
  }
  const [packageName, file] = {
    deno: [`@deno/${platform}-${arch}${platform === "linux" ? "-glibc" : ""}`, "deno"],
    bun: [`@oven/bun-${platform}-${arch === "arm64" ? "aarch64" : arch}`, "bin/bun"],
    node: [`node-${platform}-${arch}`, "bin/node"],
  }[name] as [string, string];
  return { package: packageName, path: `node_modules/${packageName}/${file}` };
}

function cacheFolder(): string {
  const { RINGPROOF_CACHE, XDG_CACHE_HOME } = process.env;
  if (RINGPROOF_CACHE) return RINGPROOF_CACHE;
  if (XDG_CACHE_HOME) return join(XDG_CACHE_HOME, "ringproof");
  const folder = process.platform === "darwin" ? "Library/Caches" : ".cache";
  return join(os.homedir(), folder, "ringproof");
}

async function newestCached(
  cache: string,
  name: RuntimeName,
  version: string,
): Promise<string | undefined> {
  const entries = await readdir(cache).catch(() => []);
  const newest = entries
    .filter((entry) => entry === `${name}@${version}` || entry.startsWith(`${name}@${version}.`))
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }))
    .at(-1);
  return newest && join(cache, newest);
}

async function fetchInto(
  cache: string,
  name: RuntimeName,
  version: string,
  binary: Binary,
): Promise<string> {
  await mkdir(cache, { recursive: true });
  await sweep(cache);
  const staging = await mkdtemp(join(cache, STAGING));
  const discard = () => rmSync(staging, { recursive: true, force: true });
  process.once("exit", discard);
  try {
    const wanted = { private: true, dependencies: { [binary.package]: version } };
    await writeFile(join(staging, "package.json"), JSON.stringify(wanted));
    await writeFile(join(staging, "deno.json"), '{ "nodeModulesDir": "auto" }');
    await install(staging, { frozen: false });
    await chmod(await realpath(join(staging, binary.path)), 0o755);
    const manifest = join(staging, "node_modules", binary.package, "package.json");
    const { version: exact } = JSON.parse(await readFile(manifest, "utf8"));
    const folder = join(cache, `${name}@${exact}`);
    await rename(staging, folder).catch((error: NodeJS.ErrnoException) => {
      // Another process was faster: what it fetched is the same.
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    });
    return folder;
  } finally {
    process.off("exit", discard);
    discard();
  }
}

async function sweep(cache: string): Promise<void> {
  for (const entry of await readdir(cache)) {
    if (!entry.startsWith(STAGING)) continue;
    const path = join(cache, entry);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > STALE_MS) await rm(path, { recursive: true, force: true });
  }
}
