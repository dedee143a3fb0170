/** Which adapters a command was asked for: by name, by family, or from a file or package outside. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Family } from "../impls/contract.ts";
import { loadAdapter, PluginError } from "../impls/load.ts";
import { registry } from "../impls/registry.ts";
import { oneOf, UsageError } from "./command.ts";

export interface Selected {
  /** For loadAdapter(), in this process, a child or a worker. */
  readonly ref: string;
  readonly name: string;
  readonly family: Family;
  readonly kind: "ring" | "peer";
}

const families = ["channel", "locking", "atomics", "audio", "network"] as const;

/** The flags that every command which runs adapters has. */
export const selectionOptions = {
  adapters: { kind: "list", placeholder: "A,B", help: "built-in adapters, by name" },
  families: { kind: "list", placeholder: "F,G", help: "whole families", choices: families },
  adapter: {
    kind: "list",
    placeholder: "FILE",
    help: "an adapter of yours: ./my_ring.ts or a package's name; alone unless others are named",
  },
} as const;

interface SelectionValues {
  readonly adapters?: readonly string[] | undefined;
  readonly families?: readonly string[] | undefined;
  readonly adapter?: readonly string[] | undefined;
}

/** All rings (and peers, if wanted) when nothing was asked for. UsageError for what does not exist. */
export async function selectAdapters(
  values: SelectionValues,
  { peers }: { readonly peers: boolean },
): Promise<Selected[]> {
  const names = (values.adapters ?? []).map((name) =>
    oneOf("adapter", name, Object.keys(registry))
  );
  const wanted = new Set(values.families ?? []);
  const plugins = await Promise.all((values.adapter ?? []).map(selectPlugin));
  const all = names.length + wanted.size + plugins.length === 0;
  const builtIn = Object.entries(registry)
    .filter(([name, { family, peer }]) =>
      names.includes(name) || ((all || wanted.has(family)) && (peers || !peer))
    )
    .map(([name, { family, peer }]): Selected => ({
      ref: name,
      name,
      family,
      kind: peer ? "peer" : "ring",
    }));
  return [...builtIn, ...plugins];
}

/** A built-in adapter's name is accepted here too, so that one flag serves in every reproduction. */
async function selectPlugin(given: string): Promise<Selected> {
  const entry = Object.hasOwn(registry, given) ? registry[given] : undefined;
  if (entry) {
    const kind = entry.peer ? "peer" : "ring";
    return { ref: given, name: given, family: entry.family, kind };
  }
  const ref = pluginUrl(given);
  try {
    const { name, family } = await loadAdapter(ref);
    if (Object.hasOwn(registry, name)) {
      throw new UsageError(`adapter ${name} of ${given} has a built-in adapter's name; rename it`);
    }
    return { ref, name, family, kind: "ring" };
  } catch (error) {
    if (error instanceof PluginError) throw new UsageError(error.message);
    throw error;
  }
}

function pluginUrl(given: string): string {
  if (given.startsWith("file:")) return given;
  const path = resolve(given);
  if (existsSync(path)) return pathToFileURL(path).href;
  if (/^[./]|\.[cm]?[jt]s$/.test(given)) {
    throw new UsageError(`adapter file ${given} does not exist (looked for ${path})`);
  }
  try {
    return import.meta.resolve(given);
  } catch {
    throw new UsageError(
      `adapter ${given} is neither a file, an installed package, nor one of ${
        Object.keys(registry).join(", ")
      }`,
    );
  }
}
