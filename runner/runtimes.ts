/** The runtimes to run on: given by path, found on PATH, or fetched once at the pinned version. */
import { fileURLToPath } from "node:url";
import { oneOf, UsageError } from "./command.ts";
import { fetched, pins } from "./runtime/fetch.ts";
import { type Found, onPath, probe, type RuntimeName, self } from "./runtime/probe.ts";

export interface Runtime {
  /** "bun", or "bun@1.4.5" where several versions of it stand side by side. */
  readonly id: string;
  readonly name: RuntimeName;
  readonly version: string;
  /** JavaScript engine and its version. */
  readonly engine: string;
  readonly path: string;
}

/** The one that runs this. */
export const thisRuntime: Runtime = { id: self.name, ...self };

/** What was asked for: any that is new enough, or one whose version begins so. */
interface Wanted {
  readonly name: RuntimeName;
  readonly version: string | undefined;
}

const names = Object.keys(pins) as RuntimeName[];

/**
 * `wanted`: "bun" (new enough), "bun@1.4", "bun@1.4.5". `paths`: "bun=/x/bun", which stands in for
 * the wanted ones of its name. UsageError where one is not to be had.
 */
export async function findRuntimes(
  wanted: readonly string[],
  paths: readonly string[],
  log: (line: string) => void,
): Promise<Runtime[]> {
  const asked = [...new Set(wanted)].map(parseWanted);
  const given = await Promise.all(paths.map((path) => probeGiven(path, asked)));
  const found = await Promise.all(asked.map(async (want) => {
    const fitting = given.filter((one) => one.name === want.name && fits(want, one.version));
    return fitting.length > 0 ? fitting : [await search(want, log)];
  }));
  return named(found.flat());
}

/** How a script of ours is started, from whatever folder. */
export function invocation(
  runtime: Pick<Runtime, "name" | "path">,
  script: string | URL,
  args: readonly string[],
): { file: string; args: string[] } {
  const flags = {
    deno: ["run", "-A", "--quiet", "--no-lock"],
    bun: [],
    node: nodeFlags,
  }[runtime.name];
  const path = script instanceof URL ? fileURLToPath(script) : script;
  return { file: runtime.path, args: [...flags, path, ...args] };
}

/** Node resolves no import map, and calls its FFI experimental. */
export const nodeFlags: readonly string[] = [
  "--import",
  new URL("../std/node.js", import.meta.url).href,
  "--disable-warning=ExperimentalWarning",
];

function parseWanted(text: string): Wanted {
  const [name, version] = text.split("@", 2) as [string, string | undefined];
  oneOf("runtime", name, names);
  if (version !== undefined && !/^\d+(\.\d+){0,2}(-[\w.]+)?$/.test(version)) {
    throw new UsageError(`runtime ${text}: a version looks like ${pins[name as RuntimeName].pin}`);
  }
  return { name: name as RuntimeName, version };
}

async function probeGiven(text: string, asked: readonly Wanted[]): Promise<Found> {
  const [, name, path] = text.match(/^(\w+)=(.+)$/) ?? [];
  if (name === undefined || path === undefined) {
    throw new UsageError(`--runtime ${text}: give it as name=path, such as bun=/opt/bun/bin/bun`);
  }
  oneOf("runtime", name, names);
  const found = await probe(name as RuntimeName, path);
  if (typeof found === "string") throw new UsageError(`--runtime ${text}: ${found}`);
  const wants = asked.filter((want) => want.name === name);
  if (wants.length === 0) {
    throw new UsageError(`--runtime ${text}: ${name} is not among the runtimes asked for`);
  }
  if (!wants.some((want) => fits(want, found.version))) {
    throw new UsageError(
      `--runtime ${text} is ${name} ${found.version}, and ${wants.map(phrase).join(", ")} is ` +
        `wanted; to use it all the same: --runtimes ${name}@${found.version}`,
    );
  }
  // As given, not as resolved: it may be a wrapper that sets things up.
  return { ...found, path };
}

async function search(want: Wanted, log: (line: string) => void): Promise<Found> {
  const there = await onPath(want.name, (version) => fits(want, version));
  if (there) return there;
  const { pin } = pins[want.name];
  const version = fits(want, pin) ? pin : want.version!;
  return await fetched(want.name, version, log).catch((error: Error) => {
    throw new UsageError(
      `${phrase(want)} is not on PATH and could not be fetched (${error.message}): ` +
        `give --runtime ${want.name}=/path/to/${want.name}, put it on PATH, or connect once`,
    );
  });
}

function fits({ name, version }: Wanted, found: string): boolean {
  if (version !== undefined) return found === version || found.startsWith(`${version}.`);
  const least = pins[name].least.split(".").map(Number);
  const parts = found.split(".").map((part) => parseInt(part));
  for (const [i, number] of least.entries()) {
    if (parts[i] !== number) return (parts[i] ?? 0) > number;
  }
  return true;
}

function phrase({ name, version }: Wanted): string {
  return version === undefined ? `${name} ${pins[name].least} or newer` : `${name} ${version}`;
}

/** Each once, with an id that tells versions of one runtime apart. */
function named(found: readonly Found[]): Runtime[] {
  const once = [...new Map(found.map((one) => [`${one.name} ${one.path}`, one])).values()];
  const runtimes = once.map((one) => {
    const alone = once.filter(({ name }) => name === one.name).length === 1;
    return { id: alone ? one.name : `${one.name}@${one.version}`, ...one };
  });
  for (const [i, { id, path }] of runtimes.entries()) {
    const twin = runtimes.slice(0, i).find((earlier) => earlier.id === id);
    if (twin) {
      throw new UsageError(
        `${twin.path} and ${path} are both ${id}: results could not tell them apart`,
      );
    }
  }
  return runtimes;
}
