import { spawn } from "node:child_process";
import { once } from "node:events";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { invocation, thisRuntime } from "../../runner/runtimes.ts";
import { inScratchFolder } from "../../runner/scratch.ts";

const core = new URL("../../impls/core.ts", import.meta.url).href;
const ring = `import { adapterFromCore } from ${JSON.stringify(core)};
  import { fits } from "./fits.ts";
  export default adapterFromCore("trial", (capacity) => {
    const items = [];
    return {
      get length() { return items.length; },
      push: (item) => fits(items.length, capacity) && items.push(item) > 0,
      shift: () => items.shift(),
    };
  });`;
const fits = (condition: string) =>
  `export const fits = (length: number, capacity: number) => ${condition};`;
const LOADED = "the ring that hangs was loaded";

/** The command, watching; `until` resolves to all that it wrote, once that holds the text. */
function watching(args: readonly string[]) {
  const { file, args: all } = invocation(thisRuntime, new URL("../main.ts", import.meta.url), args);
  const child = spawn(file, all, { env: { ...process.env, CI: "" } });
  const exit = once(child, "exit") as Promise<[number | null, string | null]>;
  // However the test ends, nothing goes on watching.
  process.on("exit", () => child.kill("SIGHUP"));
  let output = "", look = () => {};
  const hear = (text: unknown) => {
    output += text;
    look();
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  const until = (text: string) =>
    new Promise<string>((resolve, reject) => {
      look = () => {
        if (!output.includes(text)) return;
        const all = output;
        output = "";
        resolve(all);
      };
      exit.then(([code]) => reject(new Error(`ended with ${code} before "${text}": ${output}`)));
      look();
    });
  return { child, exit, until };
}

test("each change of a file that the ring imports is a run, and the last one's code is the end's", () =>
  inScratchFolder(async (folder) => {
    const path = join(folder, "ring.ts"), imported = join(folder, "fits.ts");
    await writeFile(path, ring);
    await writeFile(imported, fits("length < capacity - 1"));
    const { name, path: program } = thisRuntime;
    const { child, exit, until } = watching([
      ...["--adapter", path, "--watch", "--rule", "CAP1", "--out", join(folder, "out")],
      ...["--runtimes", name, "--runtime", `${name}=${program}`],
    ]);
    const broken = await until("; watching ");
    assertStringIncludes(broken, "exit code 1;");
    assertMatch(broken, /✗ CAP1 \(MUST\) trial/);

    // A run that the next change makes pointless is not waited for.
    await writeFile(imported, `console.error("${LOADED}");\n${fits("{ for (;;); }")}`);
    await until(LOADED);
    await writeFile(`${imported}.new`, fits("length < capacity"));
    await rename(`${imported}.new`, imported);
    const mended = await until("; watching ");
    assertStringIncludes(mended, "exit code 0;");
    assertMatch(mended, /MUST +1 pass +0 fail/);

    process.kill(child.pid!, "SIGINT"); // after child.kill(), Deno tells of no exit code
    assertEquals(await exit, [0, null]);
  }));

test("an interrupt during a run ends it, and its code is the end's", () =>
  inScratchFolder(async (folder) => {
    const path = join(folder, "ring.ts");
    await writeFile(path, ring);
    const hangs = `console.error("${LOADED}");\n${fits("{ for (;;); }")}`;
    await writeFile(join(folder, "fits.ts"), hangs);
    const { name, path: program } = thisRuntime;
    const { child, exit, until } = watching([
      ...["--adapter", path, "--watch", "--rule", "CAP1", "--out", join(folder, "out")],
      ...["--runtimes", name, "--runtime", `${name}=${program}`],
    ]);
    await until(LOADED);
    process.kill(child.pid!, "SIGTERM");
    assertEquals(await exit, [3, null]);
  }));
