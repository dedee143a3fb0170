import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "node:test";
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { loadAdapter, PluginError } from "./load.ts";
import { registry } from "./registry.ts";

async function refusalOf(source: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "ringproof-load-"));
  try {
    const path = join(folder, "ring.ts");
    await writeFile(path, source);
    const error = await assertRejects(() => loadAdapter(pathToFileURL(path).href), PluginError);
    return error.message;
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("every built-in adapter loads, under its own name and family", async () => {
  for (const [name, { family, load }] of Object.entries(registry)) {
    const adapter = await load();
    assertEquals([adapter.name, adapter.family], [name, family]);
    const { flow } = adapter.capabilities;
    assertEquals(adapter.scripted !== undefined, flow !== "loop", `${name} is ${flow}`);
  }
});

test("what is no adapter is refused with what it lacks", async () => {
  assertStringIncludes(await refusalOf("export const x = 1;"), "no default export");
  assertStringIncludes(await refusalOf("export default 7;"), "an object is needed");
  assertStringIncludes(await refusalOf("syntax error"), "cannot be imported");
  const lacking = await refusalOf(
    `export default { name: "a b", family: "atomics", capabilities: { producers: 2 }, open() {} };`,
  );
  for (const lack of ["adapter.name", "producers", `1 or "many"`, "adapter.attach: a function"]) {
    assertStringIncludes(lacking, lack);
  }
});

test("a name that every object has is no built-in adapter", async () => {
  await assertRejects(() => loadAdapter("constructor"), PluginError);
});
