/** What a runtime's executable is, in its own words, and the search along PATH. */
import { execFile } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";

export type RuntimeName = "deno" | "bun" | "node";

export interface Found {
  readonly name: RuntimeName;
  readonly version: string;
  readonly engine: string;
  readonly path: string;
}

type Versions = Readonly<Record<string, string | undefined>>;

const PROBE_TIMEOUT_MS = 30_000;
const QUESTION = "console.log(JSON.stringify({ path: process.execPath, ...process.versions }))";

/** The runtime that runs this. */
export const self: Found = described(process.versions as Versions, process.execPath);

/** Asks the executable. A string says why it is not that runtime. */
export async function probe(name: RuntimeName, path: string): Promise<Found | string> {
  if (!isExecutable(path)) return `${path} is no file that can be run`;
  const flags = name === "deno" ? ["eval", "--no-config", "--no-lock"] : ["-e"];
  try {
    const { stdout } = await promisify(execFile)(path, [...flags, QUESTION], {
      timeout: PROBE_TIMEOUT_MS,
      killSignal: "SIGKILL",
    });
    const answer: Versions = JSON.parse(stdout);
    if (nameOf(answer) !== name) return `${path} is ${nameOf(answer)}, not ${name}`;
    // Installers put a script of the same name before the executable: its path is the real one.
    return described(answer, answer.path ?? path);
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    return `${path} does not run as ${name}: ${(stderr || message).trim().split("\n").at(-1)}`;
  }
}

/** The first one on PATH whose version is right; this very process before all others. */
export async function onPath(
  name: RuntimeName,
  right: (version: string) => boolean,
): Promise<Found | undefined> {
  if (self.name === name && right(self.version)) return self;
  for (const folder of new Set((process.env.PATH ?? "").split(delimiter))) {
    const path = join(folder, name);
    if (folder === "" || !isExecutable(path)) continue;
    const found = await probe(name, path);
    if (typeof found !== "string" && right(found.version)) return found;
  }
  return undefined;
}

function nameOf(versions: Versions): RuntimeName {
  return versions.deno ? "deno" : versions.bun ? "bun" : "node";
}

function described(versions: Versions, path: string): Found {
  const name = nameOf(versions);
  const { webkit, v8 = "unknown" } = versions;
  const engine = webkit ? `jsc ${webkit.slice(0, 12)}` : `v8 ${v8}`;
  return { name, version: versions[name] ?? "unknown", engine, path };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
