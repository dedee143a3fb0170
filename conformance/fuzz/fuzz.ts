/** One target on its adapters. */
import { registry } from "../../impls/registry.ts";
import { type CellEnd, type CellFailure, type Inputs, runCell } from "./cell.ts";
import type { TargetName } from "./targets/index.ts";

/** The rings of this project: what published packages do with hostile input is theirs to mend. */
export const ownRings: readonly string[] = Object.keys(registry)
  .filter((name) => !registry[name]!.peer);

/** The longest that a ring waits for others that seem to be in the midst of something, and a bit. */
const LIMIT_MS = 8000;

export function fuzz(
  target: TargetName,
  inputs: Inputs,
  adapters: readonly string[] = ownRings,
): Promise<CellEnd> {
  return runCell({ target, adapters, inputs, limitMs: LIMIT_MS });
}

/** What happened, with the commands that do it again and keep it. */
export function inWords(target: TargetName, { input, message }: CellFailure): string {
  const json = JSON.stringify(input);
  const quoted = `'${json?.replaceAll("'", `'\\''`)}'`;
  return `${target}: ${message}\n` +
    `  input   ${json}\n` +
    `  again   deno task fuzz --target ${target} --input ${quoted}\n` +
    `  keep    deno task fuzz --target ${target} --input ${quoted} --keep NAME`;
}
