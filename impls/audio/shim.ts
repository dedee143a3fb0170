/**
 * The native half: compiled once by the machine's C compiler into a cache, then loaded.
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
import { fileURLToPath } from "node:url";
import { type Functions, memoryAt, openLibrary, type Pointer } from "../shared/ffi.ts";
import { layout } from "./layout.ts";

const signatures = {
  audio_open: { parameters: ["u32", "u32", "u32", "u64", "u32", "u32"], result: "pointer" },
  audio_attach: { parameters: ["u32"], result: "pointer" },
  audio_callback: { parameters: ["pointer", "pointer", "pointer", "u32"], result: "i32" },
  audio_stop: { parameters: ["pointer"], result: "void" },
  audio_release: { parameters: ["pointer"], result: "void" },
  audio_sleep: { parameters: ["pointer", "u32", "u32", "u32"], result: "void" },
  audio_wake: { parameters: ["pointer"], result: "void" },
  audio_layout: { parameters: [], result: "pointer" },
} as const;
export type Shim = Functions<typeof signatures>;

let loading: Promise<Shim> | undefined;

/** The library's functions; rejects with a plain Error whose message is the reason and the way out. */
export function loadShim(): Promise<Shim> {
  loading ??= load().catch((error) => {
    loading = undefined; // a compiler may be installed meanwhile
    throw error;
  });
  return loading;
}

const sources = ["shim.c", "callback.h"].map((name) =>
  fileURLToPath(new URL(name, import.meta.url))
);
/** nodelete: the clock's code must outlive a runtime's unloading of the library. */
const flags = ["-std=c11", "-O2", "-shared", "-fPIC", "-pthread", "-Wl,-z,nodelete"];

/** Path of the compiled library, which is compiled first if the cache has none. */
export async function buildShim(environment: NodeJS.ProcessEnv = process.env): Promise<string> {
  const [compiler = "cc", ...options] = (environment.CC ?? "").split(/\s+/).filter(Boolean);
  const hash = createHash("sha256").update(
    JSON.stringify([compiler, options, flags, process.arch]),
  );
  for (const source of sources) hash.update(await readFile(source));
  const folder = cacheFolder(environment);
  const library = join(folder, `audio-${hash.digest("hex").slice(0, 32)}.so`);
  if (await isThere(library)) return library;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const fresh = join(folder, `${randomUUID()}.so`);
  try {
    await compile(compiler, [...options, ...flags, "-o", fresh, sources[0]!]);
    // Not a rename, which would replace a library that a worker compiled and loaded meanwhile: two
    // copies in one process would each have their own list of open rings.
    await link(fresh, library).catch(unlessExists);
  } finally {
    await rm(fresh, { force: true });
  }
  return library;
}

async function load(): Promise<Shim> {
  if (process.platform !== "linux") {
    throw new Error(`its C shim sleeps on Linux futexes, and this is ${process.platform}`);
  }
  const shim = openLibrary(await buildShim(), signatures);
  const compiled = new Uint32Array(memoryAt(shim.audio_layout() as Pointer, layout.length * 4));
  if (layout.some((value, index) => value !== compiled[index])) {
    throw new Error(`layout.ts differs from the layout that was compiled: ${compiled.join(" ")}`);
  }
  return shim;
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

function compile(compiler: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(compiler, args, { timeout: 120_000 }, (error, _stdout, stderr) => {
      if (!error) return resolve();
      const lines = stderr.split("\n").filter(Boolean);
      const fault = lines.find((line) => line.includes("error")) ?? lines[0] ?? error.message;
      reject(
        new Error(
          error.code === "ENOENT"
            ? `no C compiler: \`${compiler}\` was not found; install gcc or clang, or set CC`
            : `\`${compiler}\` cannot compile the audio shim: ${fault}`,
        ),
      );
    });
  });
}

function unlessExists(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}
