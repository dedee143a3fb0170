import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { assertEquals } from "@std/assert";
import { inScratchFolder } from "../../runner/scratch.ts";
import { filesOf, Sources } from "./sources.ts";

test("a module is made of what it imports from beside it, in whatever form, and of no package", () =>
  inScratchFolder(async (folder) => {
    const at = (name: string) => join(folder, name);
    await mkdir(at("deep"));
    const texts: Record<string, string> = {
      "ring.ts": `import { a } from "./a.ts";
        import "./effect.js";
        export * from '../${folder.split("/").at(-1)}/deep/b.ts';
        import fc from "fast-check";
        import process from "node:process";
        const late = () => import("./late.ts");
        const worker = new Worker(new URL("./worker.ts", import.meta.url));
        import type { C } from "./without_ending";
        import { absent } from "./absent.ts";
        import other from ${JSON.stringify(pathToFileURL(at("other.ts")).href)};`,
      "a.ts": `import "./ring.ts"; // a circle`,
      "deep/b.ts": `import "../c.ts";`,
    };
    const leaves = ["effect.js", "late.ts", "worker.ts", "without_ending.ts", "other.ts", "c.ts"];
    for (const [name, text] of Object.entries(texts)) await writeFile(at(name), text);
    for (const name of leaves) await writeFile(at(name), "");
    const files = filesOf([at("ring.ts")]);
    assertEquals(
      [...files.keys()].sort(),
      [...Object.keys(texts), ...leaves, "absent.ts"].map(at).sort(),
    );
    assertEquals(files.get(at("absent.ts")), undefined);
  }));

const saves: Record<string, (path: string) => Promise<void>> = {
  "written in place": (path) => writeFile(path, "export const a = 2;"),
  "replaced, as editors do": async (path) => {
    await writeFile(`${path}.new`, "export const a = 2;");
    await rename(`${path}.new`, path);
  },
};

for (const [how, save] of Object.entries(saves)) {
  test(`a file that is imported and ${how} is a change`, () =>
    inScratchFolder(async (folder) => {
      const entry = join(folder, "ring.ts"), imported = join(folder, "a.ts");
      await writeFile(entry, `import "./a.ts";`);
      await writeFile(imported, "export const a = 1;");
      const { promise, resolve } = Promise.withResolvers<void>();
      const sources = new Sources([entry], resolve);
      assertEquals(sources.look(), 2);
      await save(imported);
      await promise;
      sources.close();
    }));
}
