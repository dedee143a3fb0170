/**
 * One test file on one runtime, in a process of its own: a crash or a hang is that file's, and the
 * files, which use real threads and sockets, do not disturb each other.
 */
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type ChildEnd, runProcess } from "../process.ts";
import { nodeFlags, type Runtime } from "../runtimes.ts";
import { inScratchFolder } from "../scratch.ts";
import { root } from "../root.ts";

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface FileResult extends TestCounts {
  /** All that it printed, and what to know about its end. */
  readonly output: string;
}

/** A test that says nothing for so long hangs. */
const SILENCE_MS = 120_000;

/** `file`: from the root of the repository, or absolute. */
export function runTestFile(runtime: Runtime, file: string): Promise<FileResult> {
  return inScratchFolder(async (folder) => {
    const report = join(folder, "junit.xml");
    const output: string[] = [];
    const end = await runProcess({
      file: runtime.path,
      args: testArguments(runtime, resolve(root, file), report),
      cwd: root,
      env: { NO_COLOR: "1" },
      silenceMs: SILENCE_MS,
      onLine: (line) => output.push(line),
      onErrorLine: (line) => output.push(line),
    });
    const counts = countTests(await readFile(report, "utf8").catch(() => ""));
    const fault = faultOf(end, counts);
    if (fault === undefined) return { ...counts, output: output.join("\n") };
    return { ...counts, failed: counts.failed + 1, output: [...output, fault].join("\n") };
  });
}

/** What failed without any test that says so. */
function faultOf(end: ChildEnd, counts: TestCounts): string | undefined {
  if (end.how === "silent") {
    const what = counts.passed > 0 ? "left something open that keeps it alive" : "hung";
    return `${what}: killed after ${SILENCE_MS / 1000} s without a line`;
  }
  if (counts.failed > 0) return undefined;
  if (end.code !== 0) return `ended with ${end.signal ?? `code ${end.code}`}`;
  return counts.passed + counts.skipped === 0 ? "ran no test" : undefined;
}

/** Of a JUnit report, as all three runtimes write it. */
export function countTests(junit: string): TestCounts {
  // Text in it has its "<" escaped, so that tags are all that looks like one.
  const cases = junit.split(/<testcase\b/).slice(1);
  const failed = cases.filter((one) => /<(failure|error)\b/.test(one)).length;
  const skipped = cases.filter((one) => /<skipped\b/.test(one)).length;
  return { passed: cases.length - failed - skipped, failed, skipped };
}

function testArguments({ name }: Runtime, file: string, report: string): string[] {
  switch (name) {
    case "deno":
      return ["test", "-A", "--no-check", "--no-lock", `--junit-path=${report}`, file];
    case "bun":
      // Bun alone has a limit for each test, 5 s, which a loaded machine exceeds.
      return [
        ...["test", `--timeout=${SILENCE_MS}`],
        ...["--reporter=junit", `--reporter-outfile=${report}`, file],
      ];
    case "node":
      return [
        ...nodeFlags,
        ...["--test-reporter=spec", "--test-reporter-destination=stdout"],
        ...["--test-reporter=junit", `--test-reporter-destination=${report}`, file],
      ];
  }
}
