import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { runProcess } from "../../../runner/process.ts";
import { invocation, thisRuntime } from "../../../runner/runtimes.ts";
import { inScratchFolder } from "../../../runner/scratch.ts";
import type { Job } from "../../cell/job.ts";

test("without a compiler the reference is unavailable, and says what is missing", () =>
  inScratchFolder(async (folder) => {
    const timing = { windowMs: 2, warmUpMs: 15, measureMs: 10 };
    const job: Job = { ref: "cpp_ring", direct: true, case: "latency", params: {}, timing };
    const script = new URL("../../cell/main.ts", import.meta.url);
    const lines: string[] = [];
    await runProcess({
      ...invocation(thisRuntime, script, [JSON.stringify(job)]),
      env: { CXX: "/nonexistent", RINGPROOF_CACHE: folder },
      onLine: (line) => lines.push(line),
      silenceMs: 60_000,
    });
    assertEquals(JSON.parse(lines[0]!), {
      status: "unavailable",
      reason: "no C++ compiler: `/nonexistent` was not found; install g++ or clang++, or set CXX",
    });
  }));
