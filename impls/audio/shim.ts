/** The native half: compiled once by the machine's C compiler into a cache, then loaded. */
import process from "node:process";
import { fileURLToPath } from "node:url";
import { buildLibrary, type NativeCode } from "../shared/build.ts";
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

const code: NativeCode = {
  name: "audio",
  what: "the audio shim",
  language: "C",
  sources: ["shim.c", "callback.h"].map((name) => fileURLToPath(new URL(name, import.meta.url))),
  // nodelete: the clock's code must outlive a runtime's unloading of the library.
  flags: ["-std=c11", "-O2", "-shared", "-fPIC", "-pthread", "-Wl,-z,nodelete"],
};

/** Path of the compiled library, which is compiled first if the cache has none. */
export const buildShim = (environment?: NodeJS.ProcessEnv): Promise<string> =>
  buildLibrary(code, environment);

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
