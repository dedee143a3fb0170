/**
 * Inputs that are tried again in every run, since they did harm once or reach far: corpus/TARGET/
 * NAME.json, each one input as it was printed.
 */
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { writeFileAtomic } from "../../runner/files.ts";
import type { TargetName } from "./targets/index.ts";

const folderOf = (target: TargetName) =>
  fileURLToPath(new URL(`./corpus/${target}/`, import.meta.url));

/** By name, in the order of their names. */
export async function corpusOf(target: TargetName): Promise<Map<string, unknown>> {
  const folder = folderOf(target);
  const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return []; // nothing was kept yet
    throw error;
  });
  const inputs = new Map<string, unknown>();
  for (const file of files.filter((file) => file.endsWith(".json")).sort()) {
    inputs.set(file, JSON.parse(await readFile(folder + file, "utf8")));
  }
  return inputs;
}

/** The file that it is in now. */
export async function keep(target: TargetName, name: string, input: unknown): Promise<string> {
  const path = `${folderOf(target)}${name}.json`;
  await writeFileAtomic(path, JSON.stringify(input, null, 2) + "\n");
  return path;
}
