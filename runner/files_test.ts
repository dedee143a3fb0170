import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { assertEquals, assertRejects } from "@std/assert";
import { z } from "zod";
import { UsageError } from "./command.ts";
import { readJson, writeFileAtomic } from "./files.ts";
import { inScratchFolder } from "./scratch.ts";

const schema = z.object({ schema: z.literal("x@1"), cells: z.array(z.number()) });

test("a file is written with its folders, replaced, and leaves nothing beside it", async () => {
  await inScratchFolder(async (folder) => {
    const path = join(folder, "a/b/results.json");
    await writeFileAtomic(path, "old");
    await Promise.all(["new", "new"].map((text) => writeFileAtomic(path, text)));
    assertEquals(await readFile(path, "utf8"), "new");
    assertEquals(await readdir(join(folder, "a/b")), ["results.json"]);
  });
});

test("a write that fails leaves nothing behind", async () => {
  await inScratchFolder(async (folder) => {
    await writeFileAtomic(join(folder, "taken/inside"), "");
    await assertRejects(() => writeFileAtomic(join(folder, "taken"), "text"));
    assertEquals(await readdir(folder), ["taken"]);
  });
});

test("JSON is read by its schema", async () => {
  await inScratchFolder(async (folder) => {
    const path = join(folder, "results.json");
    await writeFile(path, '{ "schema": "x@1", "cells": [1, 2] }');
    assertEquals((await readJson(path, schema, "x results")).cells, [1, 2]);
  });
});

test("a missing, truncated or foreign file is refused in one line that names it", async () => {
  await inScratchFolder(async (folder) => {
    const path = join(folder, "results.json");
    const refusal = async (text?: string) => {
      if (text !== undefined) await writeFile(path, text);
      const error = await assertRejects(() => readJson(path, schema, "x results"), UsageError);
      assertEquals(error.message.includes("\n"), false);
      return error.message.replace(path, "FILE");
    };
    assertEquals(await refusal(), "cannot read x results FILE: no such file");
    const cut = "FILE is no x results: not JSON, or cut short (10 characters)";
    assertEquals(await refusal('{ "schema"'), cut);
    const foreign = await refusal('{ "schema": "x@1", "cells": [1, "2"] }');
    assertEquals(foreign.startsWith("FILE is no x results: "), true, foreign);
    assertEquals(foreign.endsWith(" at cells.1"), true, foreign);
  });
});
