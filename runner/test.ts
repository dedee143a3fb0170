/** `deno task test`: every unit test on every runtime, then the conformance spec in its quick profile. */
import process from "node:process";
import { colour } from "./colour.ts";
import { exitCode, parse, run, UsageError } from "./command.ts";
import { runInTerminal } from "./process.ts";
import { duration, Progress } from "./progress.ts";
import { self } from "./runtime/probe.ts";
import { findRuntimes, invocation, type Runtime } from "./runtimes.ts";
import { sourceFiles } from "./checks/sources.ts";
import { runTestFile, type TestCounts } from "./checks/test_file.ts";

const { red, green, dim, bold } = colour(process.stdout);

await run(async () => {
  const values = parse({
    name: "test",
    summary: "Runs every unit test on every runtime, then the conformance spec (quick profile).",
    options: {
      runtimes: {
        kind: "list",
        default: ["deno", "bun", "node"],
        help: "on these, each with a version if one is wanted: bun@1.4",
      },
      runtime: { kind: "list", placeholder: "NAME=PATH", help: "where a runtime is" },
      filter: { kind: "string", help: "only test files with this in their path" },
      "no-spec": { kind: "boolean", help: "unit tests only" },
    },
    examples: ["deno task test --runtimes bun --filter impls/atomics --no-spec"],
  });
  const { filter = "", runtimes: wanted, runtime: paths = [] } = values;
  const files = sourceFiles().filter((path) => path.endsWith("_test.ts") && path.includes(filter));
  if (files.length === 0) throw new UsageError(`--filter ${filter} is in no test file's path`);
  const runtimes = await findRuntimes(wanted, paths, (line) => console.error(line));

  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const runtime of runtimes) add(total, await testOn(runtime, files));
  const specPassed = values["no-spec"] || await runSpec(wanted, paths);
  const skipped = total.skipped === 0 ? "" : `, ${total.skipped} skipped`;
  console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
  return total.failed === 0 && specPassed ? exitCode.good : exitCode.failure;
});

/** One section of the output: a line for the runtime, and the failures in full. */
async function testOn(runtime: Runtime, files: readonly string[]): Promise<TestCounts> {
  const from = performance.now();
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const progress = new Progress(files.length, runtime.id);
  for (const file of files) {
    const result = await runTestFile(runtime, file);
    add(counts, result);
    progress.step(file);
    if (result.failed > 0) {
      progress.end();
      console.log(`\n${red("FAILED")} ${bold(file)} on ${runtime.id}\n${result.output}\n`);
    }
  }
  progress.end();
  const { passed, failed } = counts;
  const mark = failed === 0 ? green("ok") : red("FAILED");
  const took = duration(performance.now() - from);
  console.log(
    `${mark} ${bold(runtime.id)} ${passed} of ${passed + failed} tests passed ` +
      dim(
        `(${files.length} ${
          files.length === 1 ? "file" : "files"
        }, ${took}, ${runtime.version}, ${runtime.engine})`,
      ),
  );
  return counts;
}

async function runSpec(wanted: readonly string[], paths: readonly string[]): Promise<boolean> {
  const spec = new URL("../conformance/main.ts", import.meta.url);
  const flags = ["--peers", "--profile", "quick", "--runtimes", wanted.join(",")];
  const { file, args } = invocation(self, spec, [
    ...flags,
    ...paths.flatMap((path) => ["--runtime", path]),
  ]);
  const code = await runInTerminal(file, args);
  if (code !== 0) console.log(`${red("FAILED")} conformance ended with code ${code}`);
  return code === 0;
}

function add(total: { -readonly [K in keyof TestCounts]: number }, more: TestCounts): void {
  total.passed += more.passed;
  total.failed += more.failed;
  total.skipped += more.skipped;
}
