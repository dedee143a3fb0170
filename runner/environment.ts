/** The machine and the commit that results were made on, as far as it can be known. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import os from "node:os";
import { promisify } from "node:util";
import type { Environment } from "../reports/schema.ts";
import { root } from "./root.ts";
import type { Runtime } from "./runtimes.ts";

export async function captureEnvironment(
  options: {
    readonly runtimes: readonly Runtime[];
    readonly seed: number;
    readonly profile: string;
  },
): Promise<Environment> {
  const governor = await readIfThere("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
  const release = await readIfThere("/etc/os-release");
  return {
    date: new Date().toISOString(),
    cpu: os.cpus()[0]?.model.trim() || "unknown",
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    os: release?.match(/^PRETTY_NAME="?([^"\n]+)/m)?.[1] ?? os.type(),
    kernel: `${os.type()} ${os.release()} ${os.arch()}`,
    governor: governor?.trim(),
    load: os.loadavg()[0] ?? 0,
    commit: await commit(),
    seed: options.seed,
    profile: options.profile,
    runtimes: options.runtimes.map(({ id, name, version, engine }) => ({
      runtime: id,
      name,
      version,
      engine,
    })),
  };
}

/** The commit that is checked out, with "+" behind it when files differ from it. */
async function commit(): Promise<string> {
  try {
    const [prefix, head] = (await git("rev-parse", "--show-prefix", "HEAD")).split("\n");
    // A copy that lies inside another repository has no commit of its own.
    if (prefix !== "") return "unknown";
    const changes = await git("status", "--porcelain");
    return `${head!.slice(0, 12)}${changes === "" ? "" : "+"}`;
  } catch {
    return "unknown";
  }
}

async function git(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)("git", ["-C", root, ...args]);
  return stdout;
}

async function readIfThere(path: string): Promise<string | undefined> {
  return await readFile(path, "utf8").catch(() => undefined);
}
