/** Holds the layout: which part of the suite may import which. Imports point one way. */
import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { root } from "../root.ts";
import { sourceFiles } from "./sources.ts";

const rings = ["registry", "load", "core", "shared", "contract", "errors"];
/** Each part, and the other parts that it may import from; itself it always may. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  contract: ["errors"],
  shared: ["contract", "errors"],
  core: ["shared", "contract", "errors"],
  family: ["core", "shared", "contract", "errors"],
  registry: ["family", "contract", "errors"],
  load: ["registry", "contract", "errors"],
  schema: [],
  pages: ["schema"],
  reports: ["pages", "schema", "runner"],
  runner: ["schema", "registry", "load", "contract", "errors"],
  conformance: [...rings, "faults", "runner", "schema", "pages"],
  // What speaks a ring's protocol as nobody should has to know it.
  faults: [...rings, "family", "conformance", "runner", "schema", "pages"],
  bench: [...rings, "runner", "schema", "pages"],
  std: [],
};

test("imports point one way, through the whole repository", () => {
  const own = "runner/checks/imports_test.ts";
  const files = sourceFiles();
  // Were the walk to find nothing, nothing would be held.
  assertEquals(files.includes(own), true);
  // The samples below are violations by intent.
  const wrong = files.filter((file) => file !== own)
    .flatMap((file) => violations(file, readFileSync(root + file, "utf8")));
  assertEquals(wrong, []);
});

test("an import against the arrows is found, whatever its form", () => {
  const wrong = (file: string, source: string) => violations(file, source).length;
  const cases: [file: string, source: string, count: number][] = [
    ["impls/atomics/a.ts", 'import { run } from "../../runner/command.ts";', 1],
    ["impls/atomics/a.ts", 'import type { Rule } from "../../conformance/rule.ts";', 1],
    ["impls/atomics/a.ts", 'export { b } from "../channel/b.ts";', 1],
    ["impls/atomics/a.ts", 'import {\n  b,\n  c,\n} from "../locking/b.ts";', 1],
    ["impls/atomics/a.ts", 'const b = await import("../peers/b.ts");', 1],
    ["impls/atomics/a.ts", 'type B = import("../audio/b.ts").B;', 1],
    ["impls/shared/a.ts", 'import "../registry.ts";', 1],
    ["impls/contract.ts", 'import type { A } from "./shared/a.ts";', 1],
    ["bench/main.ts", 'import { a } from "../impls/atomics/a.ts";', 1],
    ["bench/main.ts", 'import { a } from "../conformance/a.ts";', 1],
    ["conformance/rules/a.ts", 'import { a } from "../../bench/a.ts";', 1],
    ["reports/schema.ts", 'import { a } from "../impls/contract.ts";', 1],
    ["reports/main.ts", 'import { a } from "../impls/contract.ts";', 1],
    ["runner/a.ts", 'import { a } from "../bench/a.ts";', 1],
    ["runner/a.ts", 'import { a } from "../elsewhere/a.ts";', 1],
    ["runner/a.ts", 'import { a } from "../../outside.ts";', 1],
    ["impls/atomics/a.ts", 'import { b } from "./b.ts";\nimport { c } from "../shared/c.ts";', 0],
    ["impls/atomics/a_test.ts", 'import { test } from "node:test";\nimport "./a.ts";', 0],
    ["impls/registry.ts", 'const a = () => import("./atomics/a.ts");', 0],
    ["bench/main.ts", 'import { run } from "../runner/command.ts";', 0],
    ["bench/main.ts", '// as in: import { a } from "../impls/atomics/a.ts";', 0],
    ["conformance/mutants/a.ts", 'export const of = "../../impls/atomics/a.ts";', 0],
  ];
  for (const [file, source, count] of cases) assertEquals(wrong(file, source), count, source);
});

/** One line for each relative import that the table does not allow. */
function violations(file: string, source: string): string[] {
  return specifiers(source).filter((specifier) => specifier.startsWith(".")).flatMap(
    (specifier) => {
      const target = posix.join(posix.dirname(file), specifier);
      const [from, to] = [partOf(file), partOf(target)];
      if (from.part === to.part && from.folder === to.folder) return [];
      return allowed[from.part]?.includes(to.part) ? [] : [`${file} imports ${target}`];
    },
  );
}

/** Of static imports and re-exports, which begin a line, and of imports in expressions and types. */
function specifiers(source: string): string[] {
  const code = source.replaceAll(/^\s*(\/\/|\/?\*).*$/gm, "");
  const forms = [
    /^\s*(?:import|export)\s[^;"']*?\sfrom\s*["']([^"']+)["']/gm,
    /^\s*import\s*["']([^"']+)["']/gm,
    /\bimport\(\s*["'`]([^"'`]+)["'`]/g,
  ];
  return forms.flatMap((form) => [...code.matchAll(form)].map((match) => match[1]!));
}

/** A part of the suite, and which of its folders where these are kept apart. */
function partOf(path: string): { part: string; folder?: string } {
  const [top, second = ""] = path.split("/") as [string, string?];
  const file = second.replace(/(_test)?\.ts$/, "");
  if (top === "conformance" && ["faults", "fuzz"].includes(second)) return { part: "faults" };
  if (top === "impls" && second === "shared") return { part: "shared" };
  if (top === "impls") return file === second ? { part: "family", folder: second } : { part: file };
  if (top === "reports" && ["schema.ts", "pages"].includes(second)) return { part: file };
  return { part: top };
}
