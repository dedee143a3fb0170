/** Makes an edited ring: a copy of the rings' sources with one edit, beside the project's packages. */
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Edit } from "./mutant.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
/** Within the project, so that the copies find the packages that the originals import. */
const folder = join(root, "reports/out/mutants");

/** An edited ring's module for loadAdapter(), and how to be rid of it. */
export interface Made {
  readonly ref: string;
  remove(): Promise<void>;
}

export async function makeMutant(edit: Edit): Promise<Made> {
  const edited = await editedSource(edit);
  mkdirSync(folder, { recursive: true });
  const copy = await mkdtemp(join(folder, "mutant-"));
  leftovers.add(copy);
  await cp(join(root, "impls"), join(copy, "impls"), { recursive: true });
  await writeFile(join(copy, edit.file ?? edit.module), edited);
  return {
    ref: pathToFileURL(join(copy, edit.module)).href,
    remove: async () => {
      await rm(copy, { recursive: true, force: true });
      leftovers.delete(copy);
    },
  };
}

/** Throws when the text to edit is not there exactly once: the edit must follow the ring. */
export async function editedSource(edit: Edit): Promise<string> {
  const file = edit.file ?? edit.module;
  const source = await readFile(join(root, file), "utf8");
  const found = source.split(edit.find).length - 1;
  if (found !== 1) {
    throw new Error(
      `"${edit.name}": its text stands ${found} times in ${file}, not once; ` +
        "bring the edit up to date",
    );
  }
  return source.replace(edit.find, () => edit.replace);
}

const leftovers = new Set<string>();
process.on("exit", () => {
  for (const copy of leftovers) rmSync(copy, { recursive: true, force: true });
});
