import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { registry } from "../../impls/registry.ts";
import { rules } from "../rules/index.ts";
import { catalogue } from "./catalogue.ts";
import { equivalents } from "./equivalent.ts";
import { mutants } from "./index.ts";
import { editedSource, makeMutant } from "./make.ts";

test("each mutant names a rule that exists, and its text is where it is to be edited", async () => {
  for (const mutant of mutants) {
    assert(rules.some(({ id }) => id === mutant.rule), `${mutant.name} names ${mutant.rule}`);
    await editedSource(mutant);
  }
});

test("each rule is trusted for a mutant that it kills", () => {
  const killing = new Set(mutants.map(({ rule }) => rule));
  assertEquals(rules.map(({ id }) => id).filter((id) => !killing.has(id)), []);
});

test("each fault of the catalogue has a mutant, or a reason why no ring here has it", () => {
  for (const [number, { what, absent }] of Object.entries(catalogue)) {
    const there = mutants.some(({ fault }) => fault === Number(number));
    assert(there === (absent === undefined), `${number}, ${what}: ${absent ?? "has no mutant"}`);
  }
});

test("a mutant of a fault dies by a rule that is there to kill it", () => {
  for (const { name, fault, rule } of mutants) {
    if (fault === undefined) continue;
    const due = catalogue[fault]?.rules ?? [];
    assert(due.includes(rule), `${name} names ${rule}, fault ${fault} is for ${due.join(", ")}`);
  }
});

test("the catalogue is whole", () => {
  assertEquals(Object.keys(catalogue).map(Number), Array.from({ length: 62 }, (_, i) => i + 1));
});

test("edits that change nothing are there for rings of every family, where they are to be made", async () => {
  for (const edit of equivalents) await editedSource(edit);
  const families = new Set(equivalents.map(({ adapter }) => registry[adapter]!.family));
  assertEquals([...families].sort(), ["atomics", "audio", "channel", "locking", "network"]);
});

test("a mutant is made beside the project's packages and leaves nothing behind", async () => {
  const made = await makeMutant(mutants[0]!);
  const path = fileURLToPath(made.ref);
  assert(existsSync(path));
  await made.remove();
  assert(!existsSync(path));
});

test("edits have names of their own", () => {
  const names = [...mutants, ...equivalents].map(({ name }) => name);
  assertEquals(names.filter((name, place) => names.indexOf(name) !== place), []);
});

test("a mutant whose text is gone is refused", async () => {
  const stale = { ...mutants[0]!, find: "text that stands nowhere" };
  await assertRejects(() => makeMutant(stale), Error, "stands 0 times");
});
