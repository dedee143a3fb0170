/**
 * The files that a module is made of: itself and what it imports from beside it. They are told to
 * have changed by their contents: an editor's save is several events, and some are of no change.
 */
import { createHash } from "node:crypto";
import { existsSync, type FSWatcher, readFileSync, watch } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Endings that some runtimes let a specifier leave out. */
const ENDINGS = ["", ".ts", ".js", ".mts", ".mjs"];

export class Sources {
  readonly #entries: readonly string[];
  readonly #onChange: () => void;
  readonly #watchers = new Map<string, FSWatcher>();
  #known = "";

  /** `onChange` is called whenever they are no longer what they were at the last look(). */
  constructor(entries: readonly string[], onChange: () => void) {
    this.#entries = entries;
    this.#onChange = onChange;
  }

  /** What they are now is what changes are told from. Returns how many files they are. */
  look(): number {
    // Folders first: a file that is replaced, as editors do, takes a watcher of its own with it.
    for (const folder of new Set([...filesOf(this.#entries).keys()].map((path) => dirname(path)))) {
      if (this.#watchers.has(folder) || !existsSync(folder)) continue;
      this.#watchers.set(folder, watch(folder, () => this.#compare()));
    }
    const files = filesOf(this.#entries);
    this.#known = digest(files);
    return files.size;
  }

  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #compare(): void {
    if (digest(filesOf(this.#entries)) !== this.#known) this.#onChange();
  }
}

type Files = ReadonlyMap<string, string | undefined>;

/** Contents by path; undefined where a file is imported and not there. */
export function filesOf(entries: readonly string[]): Files {
  const files = new Map<string, string | undefined>();
  const left = [...entries];
  for (let path = left.pop(); path !== undefined; path = left.pop()) {
    if (files.has(path)) continue;
    const text = textOf(path);
    files.set(path, text);
    left.push(...importsOf(text ?? "", path));
  }
  return files;
}

/** By text alone, so that a file which does not parse is still watched with all that it names. */
function importsOf(source: string, path: string): string[] {
  const specifiers = [
    /\b(?:from|import)\s*\(?\s*["'](\.{1,2}\/[^"']+|file:[^"']+)["']/g,
    /\bnew\s+URL\(\s*["'](\.{1,2}\/[^"']+)["']/g,
  ].flatMap((form) => [...source.matchAll(form)].map((match) => match[1]!));
  return specifiers.map((specifier) => {
    const named = specifier.startsWith("file:")
      ? fileURLToPath(specifier)
      : resolve(dirname(path), specifier);
    return ENDINGS.map((ending) => named + ending).find((one) => textOf(one) !== undefined) ??
      named;
  }).filter((file) => !file.includes("/node_modules/"));
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined; // not there, or a folder
  }
}

function digest(files: Files): string {
  const hash = createHash("sha256");
  for (const [path, text] of files) hash.update(`${path}\0${text ?? "\0"}\0`);
  return hash.digest("base64");
}
