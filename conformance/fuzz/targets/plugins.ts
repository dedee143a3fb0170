/** Modules given as adapters: exports of every kind, which are looked at once and then refused. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { loadAdapter, PluginError } from "../../../impls/load.ts";
import { inScratchFolder } from "../../../runner/scratch.ts";
import { Harm, nothingHeld, type Target } from "../target.ts";

interface Input {
  readonly source: string;
}

const expressions = [
  ...["undefined", "null", "0", `""`, "[]", "{}", "() => {}", "class {}", "Symbol()", "10n"],
  ...["Object.create(null)", "Promise.resolve()", "new Proxy({}, {})", "globalThis"],
  "new Proxy({}, { get() { throw 0; } })",
  "(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; })()",
  "{ get name() { throw new Error('no'); } }",
  "{ name: 'x', family: 'atomics', capabilities: {}, unavailable() {}, open() {}, attach() {} }",
  "{ name: '../x', family: { toString: () => 'atomics' }, capabilities: new Proxy({}, {}) }",
];

export const plugins: Target = {
  name: "plugins",
  sentence: "A module that exports no adapter is refused, with what is missing.",
  prepare: () =>
    Promise.resolve({
      ...nothingHeld,
      inputs: fc.record({
        source: fc.oneof(
          fc.tuple(
            fc.constantFrom("export default", "export const adapter =", "export const other ="),
            fc.constantFrom(...expressions),
          ).map(([kind, expression]) => `const it = ${expression};\n${kind} it;\n`),
          fc.constantFrom(
            "throw 0;",
            "throw new Error('no');",
            "await 0; throw null;",
            "syntax error",
          ),
          fc.string({ maxLength: 20 }).map((text) => `export default ${JSON.stringify(text)};`),
        ),
      }),
      attempt: ({ source }: Input) => inScratchFolder((folder) => attempt(folder, source)),
    }),
};

async function attempt(folder: string, source: string): Promise<void> {
  const path = join(folder, "plugin.mjs");
  await writeFile(path, source);
  try {
    await loadAdapter(pathToFileURL(path).href);
  } catch (error) {
    if (error instanceof PluginError) return;
    throw new Harm(`it ended with ${inWords(error)}`);
  }
  throw new Harm("it was taken for an adapter");
}

function inWords(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
