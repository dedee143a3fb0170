/** Result files: written whole or not at all, and believed only after a look. */
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import process from "node:process";
import type { ZodType } from "zod";
import { UsageError } from "./exit.ts";

let written = 0;

/** A temporary file beside it, then a rename: a reader never sees half of it. Makes folders. */
export async function writeFileAtomic(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}-${written++}.tmp`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(temporary, text);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** The file's content; `what` it should be. Missing, truncated or foreign: UsageError. */
export async function readJson<T>(path: string, schema: ZodType<T>, what: string): Promise<T> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    const why = error.code === "ENOENT" ? "no such file" : error.code ?? error.message;
    throw new UsageError(`cannot read ${what} ${path}: ${why}`);
  });
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new UsageError(
      `${path} is no ${what}: not JSON, or cut short (${text.length} characters)`,
    );
  }
  const checked = schema.safeParse(content);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const at = issue!.path.length === 0 ? "" : ` at ${issue!.path.join(".")}`;
  throw new UsageError(`${path} is no ${what}: ${issue!.message}${at}`);
}
