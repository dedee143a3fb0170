/** Which runtime this is, and what of the platform it has. */
import process from "node:process";

export type RuntimeName = "deno" | "bun" | "node";

const versions = process.versions as Record<string, string | undefined>;

export const runtimeName: RuntimeName = versions.deno ? "deno" : versions.bun ? "bun" : "node";
export const runtimeVersion: string = versions[runtimeName] ?? "unknown";
/** JavaScript engine and its version, "v8 14.1" or "jsc 622.1". */
export const engine: string = versions.webkit
  ? `jsc ${versions.webkit.slice(0, 12)}`
  : `v8 ${versions.v8 ?? "unknown"}`;

/** Tells the processor that this is a spin loop; nothing where the engine has no such hint. */
export const pause: () => void =
  (Atomics as unknown as { pause?: () => void }).pause?.bind(Atomics) ?? (() => {});
