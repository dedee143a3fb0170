import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { runChild } from "./child.ts";
import { self } from "./runtime/probe.ts";
import { inScratchFolder } from "./scratch.ts";

const interrupt = new URL("./interrupt.ts", import.meta.url).href;
const exit = new URL("./exit.ts", import.meta.url).href;

/** How a command with this body ends. */
function ending(body: string): Promise<[code: number | null, lines: string[], stderr: string]> {
  return inScratchFolder(async (folder) => {
    const script = join(folder, "command.ts");
    await writeFile(
      script,
      `import process from "node:process";
       import { run, UsageError } from ${JSON.stringify(exit)};
       import { onInterrupt } from ${JSON.stringify(interrupt)};
       const interrupted = () => new Promise<void>((resolve) => {
         // Holds the process until then: a signal's listener alone does not.
         const hold = setInterval(() => {}, 1000);
         onInterrupt().addEventListener("abort", () => { clearInterval(hold); resolve(); });
       });
       void UsageError; void interrupted;
       ${body}`,
    );
    const lines: string[] = [];
    const { code, stderr } = await runChild({
      runtime: { id: self.name, ...self },
      script,
      onLine: (line) => lines.push(line),
      silenceMs: 60_000,
    });
    return [code, lines, stderr];
  });
}

for (const signal of ["SIGINT", "SIGTERM"]) {
  test(`the first ${signal} aborts, and the command ends as it says`, async () => {
    const [code, lines, stderr] = await ending(`
      await run(async () => {
        const over = interrupted();
        process.kill(process.pid, "${signal}");
        await over;
        console.log("saved", onInterrupt().aborted);
        return 3;
      });`);
    assertEquals([code, lines], [3, ["saved true"]]);
    assertStringIncludes(stderr, "interrupted; once more to stop at once");
  });
}

test("the second SIGINT ends at once with 130", async () => {
  const [code, lines] = await ending(`
    await run(async () => {
      const over = interrupted();
      process.kill(process.pid, "SIGINT");
      await over;
      setInterval(() => process.kill(process.pid, "SIGINT"), 1);
      return await new Promise(() => {});
    });`);
  assertEquals([code, lines], [130, []]);
});

test("wrong usage is one line and 2, any other error its stack and 1", async () => {
  const usage = await ending(
    `await run(() => { throw new UsageError("no such thing\\n  at all"); });`,
  );
  assertEquals(usage, [2, [], "error: no such thing; at all\n"]);
  const [code, , stderr] = await ending(`await run(() => { throw new TypeError("a defect"); });`);
  assertEquals(code, 1);
  assertStringIncludes(stderr, "a defect");
  assertStringIncludes(stderr, "command.ts");
});

test("all output arrives before the process ends", async () => {
  const [code, lines] = await ending(`
    await run(async () => { console.log("x".repeat(1 << 20)); console.log("end"); return 0; });`);
  assertEquals([code, lines.map((line) => line.length)], [0, [1 << 20, 3]]);
});
