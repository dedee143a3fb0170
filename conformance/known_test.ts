import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { registry } from "../impls/registry.ts";
import { known, knownFailure } from "./known.ts";
import { rules } from "./rules/index.ts";

test("only peers have known failures, of rules that there are", () => {
  const ids = rules.map(({ id }) => id);
  for (const { adapter, rules: failed } of known) {
    assert(registry[adapter]?.peer, `${adapter} is no peer`);
    for (const rule of failed) assert(ids.includes(rule), `${adapter}: there is no rule ${rule}`);
  }
});

test("a failure has one reason on each runtime", () => {
  for (const runtime of ["deno", "bun", "node"] as const) {
    const listed = known.filter(({ runtimes }) => !runtimes || runtimes.includes(runtime))
      .flatMap(({ adapter, rules: failed }) => failed.map((rule) => `${adapter} ${rule}`));
    assertEquals(listed.toSorted(), [...new Set(listed)].toSorted(), runtime);
  }
});

test("what is listed for one runtime is known on that one", () => {
  assertEquals(knownFailure("broadcast_channel", "deno", "FIF3")?.runtimes, ["deno"]);
  assertEquals(knownFailure("broadcast_channel", "bun", "FIF3"), undefined);
  assertEquals(knownFailure("spsc", "bun", "CAP1"), undefined);
});
