/** A little of what `deno task fuzz` does for long, the same in every run, and all that was kept. */
import { test } from "node:test";
import { assert } from "@std/assert";
import { corpusOf } from "./corpus.ts";
import { fuzz, inWords } from "./fuzz.ts";
import { targetNames } from "./targets/index.ts";

/** Inputs of each target; a ring in memory that lies may be waited for, so time bounds them too. */
const RUNS = 50, SECONDS = 0.3;

for (const target of targetNames) {
  test(`${target}: what was kept, and ${RUNS} inputs of seed 1`, async () => {
    const kept = [...(await corpusOf(target)).values()];
    const made = { seed: 1, runs: RUNS, seconds: SECONDS };
    const { runs, failure } = await fuzz(target, { kept, made });
    assert(!failure, failure && inWords(target, failure));
    assert(runs > kept.length, "no input was made up");
  });
}
