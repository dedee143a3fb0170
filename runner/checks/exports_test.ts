import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { root } from "../root.ts";

/** The names that `text` gives to modules of ours: Deno, TypeScript and Bun, Node have a list each. */
function named(text: string, prefix: string): [name: string, path: string][] {
  const entry = new RegExp(
    `"${prefix}/(\\w+)": \\[?"\\./((?:impls|conformance)/[\\w/]+\\.ts)"`,
    "g",
  );
  return [...text.matchAll(entry)].map(([, name, path]) => [name!, path!]);
}

test("the three lists of the package's modules agree, and each module is there", () => {
  const read = (file: string) => readFileSync(join(root, file), "utf8");
  const modules = named(read("package.json"), "\\.");
  assert(modules.length > 2);
  assertEquals(named(read("deno.json"), "ringproof"), modules);
  assertEquals(named(read("tsconfig.json"), "ringproof"), modules);
  for (const [, path] of modules) assert(existsSync(join(root, path)), path);
});
