/**
 * From a name or a file to an adapter. A module from outside is checked here, once, so that nothing
 * further in has to wonder what it got.
 */
import { z } from "zod";
import type { Adapter } from "./contract.ts";
import { registry } from "./registry.ts";

/** A plug-in that cannot be used; the message names what is missing. */
export class PluginError extends Error {
  override readonly name = "PluginError";
}

/** `ref`: a built-in name, or the file URL of a module whose default export is an Adapter. */
export function loadAdapter(ref: string): Promise<Adapter<unknown>> {
  const entry = Object.hasOwn(registry, ref) ? registry[ref] : undefined;
  return entry ? entry.load() : loadPlugin(ref);
}

async function loadPlugin(url: string): Promise<Adapter<unknown>> {
  const module = await importPlugin(url);
  // A built-in ring's own file exports `adapter`; a plug-in's default export is its adapter.
  const candidate = module.default ?? module.adapter;
  if (candidate === undefined) {
    throw new PluginError(`${url} has no default export; it must export default an Adapter`);
  }
  const faults = faultsOf(candidate);
  if (faults.length > 0) {
    throw new PluginError(`${url} exports no complete Adapter: ${faults.join("; ")}`);
  }
  return candidate as Adapter<unknown>;
}

/** What is wrong with it; looking at it may be wrong already. */
function faultsOf(candidate: unknown): string[] {
  try {
    const { error } = adapterShape.safeParse(candidate);
    return (error?.issues ?? []).map((issue) =>
      `${["adapter", ...issue.path].join(".")}: ${issue.message}`
    );
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

async function importPlugin(url: string): Promise<Record<string, unknown>> {
  try {
    return await import(url);
  } catch (error) {
    const why = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new PluginError(`${url} cannot be imported: ${why}`, { cause: error });
  }
}

const method = z.custom<unknown>((value) => typeof value === "function", "a function is needed");
const oneOrMany = z.union([z.literal(1), z.literal("many")], `1 or "many" is needed`);
const flag = z.boolean("true or false is needed");
const oneOf = <const T extends readonly [string, ...string[]]>(...names: T) =>
  z.enum(names, `one of ${names.join(", ")} is needed`);

const adapterShape = z.object({
  name: z.string("a name is needed").regex(/^[\w.-]{1,40}$/, "1 to 40 letters, digits, . _ -"),
  family: oneOf("channel", "locking", "atomics", "audio", "network"),
  capabilities: z.object({
    items: oneOf("any", "int32", "float32", "bytes", "records"),
    flow: oneOf("loop", "source", "sink", "duplex"),
    producers: oneOrMany,
    consumers: oneOrMany,
    delivery: oneOf("queue", "broadcast"),
    overflow: oneOf("wait", "drop", "overwrite"),
    progress: oneOf("wait-free", "lock-free", "locking"),
    reach: oneOf("task", "worker", "process", "network"),
    sizes: oneOf("any", "power-of-two"),
    atomicBatch: flag,
    width: flag,
    start: flag,
    strategies: flag,
    reserve: flag,
    stages: flag,
    blocking: flag,
  }, "an object is needed"),
  scripted: z.string().optional(),
  unavailable: method,
  open: method,
  attach: method,
}, "an object is needed");
