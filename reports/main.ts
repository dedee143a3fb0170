/** `deno task report FILE...`: makes one site of any number of results files, of either kind. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { z } from "zod";
import { exitCode, parse, run, UsageError } from "../runner/command.ts";
import { readJson, writeFileAtomic } from "../runner/files.ts";
import { root } from "../runner/root.ts";
import { benchPage } from "./pages/bench.ts";
import { conformancePage } from "./pages/conformance.ts";
import { type AnyResults, type SiteEntry, sitePage } from "./pages/site.ts";
import { benchResults, conformanceResults } from "./schema.ts";

const anyResults = z.discriminatedUnion("schema", [benchResults, conformanceResults]);

await run(async () => {
  const values = parse({
    name: "report",
    summary:
      "Makes one site of results files; without any, of what bench and conformance wrote last.",
    positional: "FILE...",
    options: {
      out: {
        kind: "string",
        placeholder: "DIR",
        help: "folder for the site",
        default: "reports/out/site",
      },
    },
    examples: ["deno task report", "deno task report linux/bench.json mac/bench.json --out site"],
  });
  const files = values._.length > 0 ? values._ : lastWritten();
  // All are read before anything is written: a wrong one leaves the site as it was.
  const results = await Promise.all(
    files.map((file) => readJson<AnyResults>(file, anyResults, "results file")),
  );
  const entries = named(results);
  const pages = await Promise.all(entries.map(async ({ file, results }) => ({
    file,
    html: results.schema === "ringproof/bench@1"
      ? await benchPage(results)
      : await conformancePage(results),
  })));
  for (const { file, html } of [...pages, { file: "index.html", html: await sitePage(entries) }]) {
    const path = join(resolve(values.out), file);
    await writeFileAtomic(path, html);
    process.stdout.write(`${path}\n`);
  }
  return exitCode.good;
});

function lastWritten(): string[] {
  const places = ["bench", "conformance"].map((kind) =>
    join(root, "reports/out", kind, "results.json")
  );
  const found = places.filter((path) => existsSync(path));
  if (found.length > 0) return found;
  throw new UsageError(
    "no results file named, and none written yet; run deno task bench or deno task conformance first",
  );
}

/** bench.html, bench-2.html, conformance.html: in the order that the files were named. */
function named(all: readonly AnyResults[]): SiteEntry[] {
  const counts = new Map<string, number>();
  return all.map((results) => {
    const kind = results.schema === "ringproof/bench@1" ? "bench" : "conformance";
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return { results, file: count === 1 ? `${kind}.html` : `${kind}-${count}.html` };
  });
}
