import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { self } from "../runtime/probe.ts";
import { inScratchFolder } from "../scratch.ts";
import { countTests, runTestFile } from "./test_file.ts";

function resultOf(source: string) {
  return inScratchFolder(async (folder) => {
    const file = join(folder, "sample_test.ts");
    await writeFile(file, `import { test } from "node:test";\n${source}`);
    return await runTestFile({ id: self.name, ...self }, file);
  });
}

test("passes, failures and skips are counted, and a failure's words are kept", async () => {
  const { output, ...counts } = await resultOf(`
    test("one", () => { console.log("<testcase><failure> not ok 1"); });
    test("two <failure> & co", () => {});
    test("three", () => { throw new Error("as it must"); });
    test("four", { skip: true }, () => {});`);
  assertEquals(counts, { passed: 2, failed: 1, skipped: 1 });
  assertStringIncludes(output, "as it must");
});

test("a file that ends early, cannot be loaded or holds no test has failed", async () => {
  const early = await resultOf(`
    import process from "node:process";
    test("one", () => { process.exit(7); });`);
  assertEquals([early.failed, early.passed], [1, 0]);
  const broken = await resultOf(`import "./missing.ts";`);
  assertEquals(broken.failed, 1);
  assertStringIncludes(broken.output, "missing.ts");
  const empty = await resultOf(`void test;`);
  assertEquals([empty.failed, empty.passed], [1, 0]);
});

test("a report that was never written counts nothing", () => {
  assertEquals(countTests(""), { passed: 0, failed: 0, skipped: 0 });
});
