/**
 * Native code, compiled once by the machine's compiler into a cache.
 *
 * The cache is $RINGPROOF_CACHE, $XDG_CACHE_HOME/ringproof or ~/.cache/ringproof; the file's name
 * holds a hash of the sources, the compiler, its flags and the architecture.
 */
import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { link, lstat, mkdir, readFile, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";

export interface NativeCode {
  /** Begins the library's file name. */
  readonly name: string;
  /** As an error names it: "the audio shim". */
  readonly what: string;
  readonly language: "C" | "C++";
  /** Paths; the first is compiled, the others it includes. */
  readonly sources: readonly string[];
  readonly flags: readonly string[];
}

/** By language: the variable that names another compiler, and what stands for it when it is unset. */
const compilers = {
  "C": { variable: "CC", usual: "cc", packages: "gcc or clang" },
  "C++": { variable: "CXX", usual: "c++", packages: "g++ or clang++" },
} as const;

/** Path of the compiled library, which is compiled first if the cache has none. */
export async function buildLibrary(
  code: NativeCode,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const { variable, usual } = compilers[code.language];
  const [compiler = usual, ...options] = (environment[variable] ?? "").split(/\s+/).filter(Boolean);
  const hash = createHash("sha256").update(
    JSON.stringify([compiler, options, code.flags, process.arch]),
  );
  for (const source of code.sources) hash.update(await readFile(source));
  const folder = cacheFolder(environment);
  const library = join(folder, `${code.name}-${hash.digest("hex").slice(0, 32)}.so`);
  if (await isThere(library)) return library;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const fresh = join(folder, `${randomUUID()}.so`);
  try {
    await compile(code, compiler, [...options, ...code.flags, "-o", fresh, code.sources[0]!]);
    // Not a rename, which would replace a library that a worker compiled and loaded meanwhile: two
    // copies in one process would each have their own static data.
    await link(fresh, library).catch(unlessExists);
  } finally {
    await rm(fresh, { force: true });
  }
  return library;
}

function cacheFolder({ RINGPROOF_CACHE, XDG_CACHE_HOME }: NodeJS.ProcessEnv): string {
  return RINGPROOF_CACHE || join(XDG_CACHE_HOME || join(homedir(), ".cache"), "ringproof");
}

/** Code is loaded from this file, so it must be ours. */
async function isThere(library: string): Promise<boolean> {
  const found = await lstat(library).catch(() => undefined);
  if (found && (!found.isFile() || found.uid !== process.getuid?.())) {
    throw new Error(`${library} is not this user's own file; remove it, or set RINGPROOF_CACHE`);
  }
  return found !== undefined;
}

function compile(
  { what, language }: NativeCode,
  compiler: string,
  args: readonly string[],
): Promise<void> {
  const { variable, packages } = compilers[language];
  return new Promise((resolve, reject) => {
    execFile(compiler, args, { timeout: 120_000 }, (error, _stdout, stderr) => {
      if (!error) return resolve();
      const lines = stderr.split("\n").filter(Boolean);
      const fault = lines.find((line) => line.includes("error")) ?? lines[0] ?? error.message;
      reject(
        new Error(
          error.code === "ENOENT"
            ? `no ${language} compiler: \`${compiler}\` was not found; install ${packages}, or set ${variable}`
            : `\`${compiler}\` cannot compile ${what}: ${fault}`,
        ),
      );
    });
  });
}

function unlessExists(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}
