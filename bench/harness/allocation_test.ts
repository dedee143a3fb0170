import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { assertEquals, assertGreater, assertLess } from "@std/assert";
import { runProcess } from "../../runner/process.ts";
import { invocation, thisRuntime } from "../../runner/runtimes.ts";
import { inScratchFolder } from "../../runner/scratch.ts";
import { type Job, type Outcome, outcome } from "../cell/job.ts";
import { allocationEnvironment } from "./allocation.ts";

/** Of a cell in a process of its own, as the bench runs it. */
async function bytesAnOperation(ref: string, direct = false): Promise<number> {
  const timing = { windowMs: 2, warmUpMs: 15, measureMs: 10 };
  const job: Job = { ref, direct, case: "memory", params: {}, timing };
  const script = new URL("../cell/main.ts", import.meta.url);
  let found: Outcome | undefined;
  const { code, stderr } = await runProcess({
    ...invocation(thisRuntime, script, [JSON.stringify(job)]),
    env: allocationEnvironment,
    onLine: (line) => found = outcome.parse(JSON.parse(line)),
    silenceMs: 60_000,
  });
  assertEquals([code, found?.status, found?.reason], [0, "ok", undefined], stderr);
  return found!.value!;
}

test("a loop that allocates nothing is found to allocate next to nothing", async () => {
  assertLess(await bytesAnOperation("spsc"), 0.1);
  assertLess(await bytesAnOperation("spsc:push", true), 0.1);
});

test("an object an item shows, though it is garbage at once", () =>
  inScratchFolder(async (folder) => {
    const plugin = join(folder, "wasteful.mjs");
    const spsc = new URL("../../impls/atomics/spsc.ts", import.meta.url).href;
    await writeFile(
      plugin,
      `import { adapter } from ${JSON.stringify(spsc)};
       let last;
       const wasteful = (end) => ({ tryRead: (into) => end.tryRead(last = into.subarray(0)) });
       export default { ...adapter, name: "wasteful", async open(options) {
         const ring = await adapter.open(options);
         return {
           capacity: ring.capacity,
           writer: () => ring.writer(),
           reader: async () => wasteful(await ring.reader()),
           [Symbol.asyncDispose]: () => ring[Symbol.asyncDispose](),
         };
       } };`,
    );
    assertGreater(await bytesAnOperation(pathToFileURL(plugin).href), 8);
  }));
