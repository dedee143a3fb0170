/** Results files: JSON that was cut, edited or made up, and texts in it that want to be more. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { conformancePage } from "../../../reports/pages/conformance.ts";
import { conformanceResults } from "../../../reports/schema.ts";
import { UsageError } from "../../../runner/command.ts";
import { readJson } from "../../../runner/files.ts";
import { inScratchFolder } from "../../../runner/scratch.ts";
import { fromHex, nearly } from "../bytes.ts";
import { assertHarmless, nothingHeld, type Target } from "../target.ts";

interface Input {
  /** The file, in hexadecimal. */
  readonly file: string;
}

/** Stands in every text of the file: it ends whatever it may stand in. */
const HOSTILE = `"'></script><img src=x onerror=alert(1)>{{\\u2028`;
const text = (name: string) => `${name} ${HOSTILE}`;

const good = JSON.stringify({
  schema: "ringproof/conformance@1",
  environment: {
    date: "2026-01-01T00:00:00Z",
    cpu: text("cpu"),
    cores: 2,
    memoryBytes: 1,
    os: text("os"),
    kernel: text("kernel"),
    load: 0,
    commit: text("commit"),
    seed: 1,
    profile: text("profile"),
    runtimes: [{ runtime: "bun", name: "bun", version: text("version"), engine: text("engine") }],
  },
  complete: true,
  rules: [{
    id: text("CAP1"),
    group: text("Capacity"),
    level: "MUST",
    sentence: text("sentence"),
    why: text("why"),
    source: text("source"),
  }],
  verdicts: [{
    adapter: text("spsc"),
    family: "atomics",
    runtime: "bun",
    rule: text("CAP1"),
    level: "MUST",
    verdict: "fail",
    reason: text("reason"),
    trace: text("trace"),
    seed: 1,
    repro: text("repro"),
    ms: 1,
  }],
  mutants: [{
    mutant: text("mutant"),
    rule: text("CAP1"),
    adapter: text("spsc"),
    runtime: "bun",
    killed: false,
    reason: text("reason"),
  }],
});

export const results: Target = {
  name: "results",
  sentence: "A results file is refused in a line, or makes a page in which its texts are texts.",
  prepare: () =>
    Promise.resolve({
      ...nothingHeld,
      inputs: fc.oneof(
        { weight: 1, arbitrary: fc.constant(good) },
        { weight: 2, arbitrary: fc.json() },
      ).chain((file) => nearly([new TextEncoder().encode(file)], 3)).map((file) => ({ file })),
      attempt: ({ file }: Input) =>
        inScratchFolder((folder) => attempt(join(folder, "r.json"), file)),
    }),
};

async function attempt(path: string, file: string): Promise<void> {
  await writeFile(path, fromHex(file));
  let read;
  try {
    read = await readJson(path, conformanceResults, "results file");
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return;
  }
  const page = await conformancePage(read);
  assertHarmless(!/<img/i.test(page), "a text of the file stands in the page as an element");
}
