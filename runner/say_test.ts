import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { inScratchFolder } from "./scratch.ts";
import { runProcess } from "./process.ts";
import { invocation, thisRuntime } from "./runtimes.ts";
import { join } from "node:path";
import { writeFile } from "node:fs/promises";

test("a line longer than a pipe arrives whole from a process that ends at once", () =>
  inScratchFolder(async (folder) => {
    const script = join(folder, "talk.mjs");
    const say = new URL("./say.ts", import.meta.url).href;
    await writeFile(
      script,
      `import { say } from ${JSON.stringify(say)};
       process.stdout.on("error", () => {}); // a pipe that a runtime has taken hold of may not block
       say("x".repeat(1_000_000));
       say("end");
       process.exit(0);`,
    );
    const lengths: number[] = [];
    const { code } = await runProcess({
      ...invocation(thisRuntime, script, []),
      silenceMs: 60_000,
      onLine: (line) => lengths.push(line.length),
    });
    assertEquals([code, lengths], [0, [1_000_000, 3]]);
  }));
