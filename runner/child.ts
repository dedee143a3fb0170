/** A script of ours in a process of its own, on the runtime that it is to be tried on. */
import { type ChildEnd, runProcess, type Watch } from "./process.ts";
import { invocation, type Runtime } from "./runtimes.ts";

export type { ChildEnd } from "./process.ts";

/** Rejects when it cannot be started or onLine throws; every other end is an answer. */
export function runChild(
  options: Watch & {
    readonly runtime: Runtime;
    readonly script: string | URL;
    readonly args?: readonly string[];
  },
): Promise<ChildEnd> {
  const { runtime, script, args = [], ...watch } = options;
  return runProcess({ ...watch, ...invocation(runtime, script, args) });
}
