/** The TypeScript files of this repository, found by walking it. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../root.ts";

/** Paths from the root, sorted, such as "impls/contract.ts". */
export function sourceFiles(): string[] {
  return walk("").sort();
}

function walk(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return isOurs(path, entry.name) ? walk(path) : [];
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}

function isOurs(path: string, name: string): boolean {
  return !name.startsWith(".") && name !== "node_modules" && path !== join("reports", "out");
}
