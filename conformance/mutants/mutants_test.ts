import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { rules } from "../rules/index.ts";
import { mutants } from "./index.ts";
import { editedSource, makeMutant } from "./make.ts";

test("each mutant names a rule that exists, and its text is where it is to be edited", async () => {
  for (const mutant of mutants) {
    assert(rules.some(({ id }) => id === mutant.rule), `${mutant.name} names ${mutant.rule}`);
    await editedSource(mutant);
  }
});

test("a mutant is made beside the project's packages and leaves nothing behind", async () => {
  const made = await makeMutant(mutants[0]!);
  const path = fileURLToPath(made.ref);
  assert(existsSync(path));
  await made.remove();
  assert(!existsSync(path));
});

test("mutants have names of their own", () => {
  assertEquals(new Set(mutants.map(({ name }) => name)).size, mutants.length);
});

test("a mutant whose text is gone is refused", async () => {
  const stale = { ...mutants[0]!, find: "text that stands nowhere" };
  await assertRejects(() => makeMutant(stale), Error, "stands 0 times");
});
