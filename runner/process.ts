/**
 * One process and its lines, under a watchdog. It leads a process group of its own, and the whole
 * group is killed when it falls silent, is aborted, ends while children of its own live on, or when
 * this process ends.
 */
import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { setTimeout } from "node:timers";

export interface ChildEnd {
  readonly how: "exit" | "silent" | "aborted";
  readonly code: number | null;
  readonly signal: string | null;
  /** The last 4 KiB. */
  readonly stderr: string;
}

export interface Watch {
  /** Written to stdin, which is then closed. */
  readonly input?: string;
  readonly onLine: (line: string) => void;
  /** Killed after so long without a line. */
  readonly silenceMs: number;
  readonly signal?: AbortSignal;
}

export interface Program extends Watch {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Lines of stderr; they break the silence too. */
  readonly onErrorLine?: (line: string) => void;
}

/** Characters kept of what a child wrote to stderr. */
const STDERR_TAIL = 4096;
/** Characters: a line without an end is passed on in pieces of this size, so that memory is bounded. */
const LONGEST_LINE = 2 ** 24;
/** How long the pipes may stay open after the end, should a process have left the group with them. */
const PIPES_GRACE_MS = 2000;

/** Runs a program to its end. Rejects when it cannot be started or a listener throws. */
export async function runProcess(program: Program): Promise<ChildEnd> {
  const { signal, silenceMs } = program;
  if (signal?.aborted) return { how: "aborted", code: null, signal: null, stderr: "" };
  const child = start(program);
  let how: ChildEnd["how"] = "exit";
  const kill = (why: ChildEnd["how"]) => {
    how = why;
    killGroup(child.pid);
  };
  const abort = () => kill("aborted");
  signal?.addEventListener("abort", abort, { once: true });
  const watchdog = new Watchdog(silenceMs, () => kill("silent"));
  const unwatch = () => {
    watchdog.end();
    signal?.removeEventListener("abort", abort);
  };
  let stderr = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-STDERR_TAIL);
  });
  try {
    const faulty = listen(child, program, () => watchdog.feed());
    const { exited, closed } = endOf(child);
    const [code, signalName] = await Promise.race([exited, faulty]);
    unwatch();
    killGroup(child.pid);
    await Promise.race([closed, faulty]);
    return { how, code, signal: signalName, stderr };
  } finally {
    unwatch();
    killGroup(child.pid);
    groups.delete(child.pid);
  }
}

/** Runs a program that has the terminal to itself, and returns its exit code. */
export function runInTerminal(file: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: "inherit" });
    const kill = () => child.kill("SIGKILL");
    const forward = (signal: NodeJS.Signals) => child.kill(signal);
    // The terminal sends its SIGINT to both; when to end is the program's choice.
    const ignore = () => {};
    const settle = (act: () => void) => {
      process.off("exit", kill).off("SIGINT", ignore).off("SIGTERM", forward);
      act();
    };
    process.on("exit", kill).on("SIGINT", ignore).on("SIGTERM", forward);
    child.on("error", (error) => settle(() => reject(error)));
    child.on("exit", (code) => settle(() => resolve(code ?? 1)));
  });
}

function start({ file, args, cwd, env, input }: Program): ChildProcess {
  leaveNoneBehind();
  const child = spawn(file, args, {
    cwd,
    env: env && { ...process.env, ...env },
    detached: true,
    stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  groups.add(child.pid);
  // A child that ends without reading its input is no failure of ours.
  child.stdin?.on("error", () => {});
  child.stdin?.end(input);
  return child;
}

/** Passes the lines on; rejects with what a listener throws. */
function listen(child: ChildProcess, program: Program, heard: () => void): Promise<never> {
  return new Promise((_, reject) => {
    const listener = (onLine: (line: string) => void) => (line: string) => {
      heard();
      try {
        onLine(line);
      } catch (error) {
        reject(error);
      }
    };
    eachLine(child.stdout!, listener(program.onLine));
    if (program.onErrorLine) eachLine(child.stderr!, listener(program.onErrorLine));
  });
}

/** Its exit (or that it could not be started), and when all that it wrote has been read. */
function endOf(child: ChildProcess): {
  exited: Promise<[code: number | null, signal: string | null]>;
  closed: Promise<void>;
} {
  const closed = new Promise<void>((resolve) => {
    child.on("close", resolve);
    child.on("exit", () => {
      const grace = setTimeout(() => {
        child.stdout!.destroy();
        child.stderr!.destroy();
        resolve();
      }, PIPES_GRACE_MS);
      child.on("close", () => clearTimeout(grace));
    });
  });
  const exited = new Promise<[number | null, string | null]>((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve([code, signal]));
  });
  return { exited, closed };
}

/** Barks once nothing has fed it for a while; feeding is one store, as lines may come fast. */
class Watchdog {
  readonly #bark: () => void;
  #fedAt = performance.now();
  #timer: NodeJS.Timeout;

  constructor(silenceMs: number, bark: () => void) {
    this.#bark = bark;
    this.#timer = setTimeout(() => this.#look(silenceMs), silenceMs);
  }

  feed(): void {
    this.#fedAt = performance.now();
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #look(silenceMs: number): void {
    const left = this.#fedAt + silenceMs - performance.now();
    if (left <= 0) this.#bark();
    else this.#timer = setTimeout(() => this.#look(silenceMs), left);
  }
}

function eachLine(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) onLine(line);
    if (rest.length > LONGEST_LINE) {
      onLine(rest);
      rest = "";
    }
  });
  stream.on("end", () => {
    if (rest !== "") onLine(rest);
  });
}

/** Process groups that still run; each is named by the process id of its leader. */
const groups = new Set<number | undefined>();
let watching = false;

/** From now on, the end of this process is the end of its children too. */
function leaveNoneBehind(): void {
  if (watching) return;
  watching = true;
  process.on("exit", killAll);
  // Deno ends on an uncaught error without an "exit".
  process.on("uncaughtExceptionMonitor", killAll);
  for (const [name, number] of [["SIGINT", 2], ["SIGTERM", 15], ["SIGHUP", 1]] as const) {
    process.on(name, () => {
      // Where someone else listens too, they say when it ends: see interrupt.ts.
      if (process.listenerCount(name) === 1) process.exit(128 + number);
    });
  }
}

function killAll(): void {
  groups.forEach(killGroup);
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // All of them have ended already.
  }
}
