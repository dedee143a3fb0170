/**
 * `--watch`: runs the command again whenever a ring's file changes, until it is interrupted. Each run
 * is a process of its own, since no runtime imports a changed module anew; a change ends the run that
 * it makes pointless.
 */
import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { exitCode } from "../../runner/exit.ts";
import { invocation, thisRuntime } from "../../runner/runtimes.ts";
import { Sources } from "./sources.ts";

/** Nobody listens any more: a process ends with its children at once, and says nothing. */
const SUPERSEDED = "SIGHUP";
const CLEAR = "\x1b[2J\x1b[H";

/** `files`: the modules to watch; `args`: of one run of conformance. Resolves to the last exit code. */
export async function watchRuns(
  files: readonly string[],
  args: readonly string[],
): Promise<number> {
  let child: ChildProcess | undefined;
  let tell: (why: "changed" | "interrupted") => void = () => {};
  const sources = new Sources(files, () => tell("changed"));
  let interrupted = false;
  const interrupt = (signal: NodeJS.Signals) => {
    if (interrupted) process.exit(130);
    interrupted = true;
    send(child, signal);
    tell("interrupted");
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  // The terminal is gone: what runs ends too.
  process.on("SIGHUP", () => process.exit(129));
  process.on("exit", () => send(child, SUPERSEDED));
  const told = () => new Promise<"changed" | "interrupted">((resolve) => tell = resolve);

  let code = 0;
  try {
    while (!interrupted) {
      const event = told();
      const count = sources.look();
      if (process.stdout.isTTY) process.stdout.write(CLEAR);
      const run = start(args);
      child = run.child;
      const first = await Promise.race([run.ended, event]);
      if (first === "changed") send(child, SUPERSEDED);
      code = await run.ended;
      child = undefined;
      if (interrupted || first === "changed") continue;
      const watched = count === 1 ? files[0] : `${count} files from ${files.join(", ")} on`;
      process.stderr.write(`exit code ${code}; watching ${watched}\n`);
      await event;
    }
    return code;
  } finally {
    sources.close();
  }
}

/** In a process group of its own: an interrupt of the terminal is passed on, and comes once. */
function start(args: readonly string[]): { child: ChildProcess; ended: Promise<number> } {
  const { file, args: all } = invocation(thisRuntime, new URL("../main.ts", import.meta.url), args);
  const child = spawn(file, all, { stdio: ["ignore", "inherit", "inherit"], detached: true });
  const ended = new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? exitCode.inconclusive));
  });
  return { child, ended };
}

/** Not by the child's own kill(), after which Deno takes every end for one by that signal. */
function send(child: ChildProcess | undefined, signal: NodeJS.Signals): void {
  try {
    if (child?.pid !== undefined) process.kill(child.pid, signal);
  } catch {
    // It has ended already.
  }
}
