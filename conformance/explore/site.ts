/** Where in the explored program an operation stands. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface Site {
  /** The last part of the path. */
  readonly file: string;
  readonly line: number;
  /** That line, without what it is indented by. */
  readonly source: string;
}

const own = new URL("./", import.meta.url).href;
/** The explorer's own files, which are no part of the program; its examples and tests are. */
const ownFile = /\/(\w+)\.ts/;
const ownFiles = new Set([
  ...["atomics", "clock", "kernel", "scheduler", "session", "site", "views", "worker"],
]);

/** The innermost frame that is not the explorer's. */
export function siteOf(stack: string): Site | undefined {
  for (const frame of stack.split("\n").slice(1)) {
    const [, path, line] = frame.match(/((?:file:\/\/|\/)[^\s()]+?):(\d+)(?::\d+)?\)?$/) ?? [];
    if (path === undefined || isOwn(path)) continue;
    return {
      file: path.slice(path.lastIndexOf("/") + 1).replace(/\?.*$/, ""),
      line: Number(line),
      source: sourceLine(path, Number(line)),
    };
  }
  return undefined;
}

function isOwn(path: string): boolean {
  const url = path.startsWith("/") ? `file://${path}` : path;
  if (!url.startsWith(own)) return false;
  const [, name] = url.slice(own.length - 1).match(ownFile) ?? [];
  return ownFiles.has(name ?? "");
}

const files = new Map<string, string[]>();

function sourceLine(path: string, line: number): string {
  let lines = files.get(path);
  if (!lines) {
    try {
      const file = path.startsWith("file:") ? fileURLToPath(path.replace(/\?.*$/, "")) : path;
      lines = readFileSync(file, "utf8").split("\n");
    } catch {
      lines = [];
    }
    files.set(path, lines);
  }
  return lines[line - 1]?.trim() ?? "";
}
