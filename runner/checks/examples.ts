/** The examples of the documentation, as programs: whatever stands fenced under an `@example`. */
import { readFileSync } from "node:fs";
import { root } from "../root.ts";
import { sourceFiles } from "./sources.ts";

export interface Example {
  /** Where it stands: "impls/atomics/spsc.ts:63". */
  readonly at: string;
  readonly program: string;
}

export function examplesOf(file: string, source: string): Example[] {
  const fenced =
    /@example[^\n]*\n((?:[ \t]*\*[^\n]*\n)*?)[ \t]*\* ```ts\n((?:[ \t]*\*[^\n]*\n)*?)[ \t]*\* ```/g;
  return [...source.matchAll(fenced)].map((found) => ({
    at: `${file}:${source.slice(0, found.index).split("\n").length}`,
    program: found[2]!.replaceAll(/^[ \t]*\* ?/gm, ""),
  }));
}

/** Of all rings. */
export function allExamples(): Example[] {
  return sourceFiles()
    .filter((file) => file.startsWith("impls/") && !file.endsWith("_test.ts"))
    .flatMap((file) => examplesOf(file, readFileSync(root + file, "utf8")));
}
