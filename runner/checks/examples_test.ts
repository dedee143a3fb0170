import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { runProcess } from "../process.ts";
import { root } from "../root.ts";
import { invocation, thisRuntime } from "../runtimes.ts";
import { allExamples, examplesOf } from "./examples.ts";

/** Within the project, so that they import it by its name as its users do. */
const folder = join(root, "reports/out/examples");

const examples = allExamples();

test("examples are found, with their lines and without their stars", () => {
  const source =
    "/**\n * A ring.\n *\n * @example\n * ```ts\n * open();\n *\n * close();\n * ```\n */";
  assertEquals(examplesOf("a.ts", source), [{ at: "a.ts:4", program: "open();\n\nclose();\n" }]);
  assert(examples.length > 0);
});

for (const [i, { at, program }] of examples.entries()) {
  test(`the example at ${at} runs and ends well`, async () => {
    mkdirSync(folder, { recursive: true });
    const script = join(folder, `${i}_${process.pid}.ts`);
    writeFileSync(script, program);
    const { file, args } = invocation(thisRuntime, script, []);
    const lines: string[] = [];
    const add = (line: string) => lines.push(line);
    const end = await runProcess({
      file,
      args,
      cwd: root,
      silenceMs: 30_000,
      onLine: add,
      onErrorLine: add,
    });
    rmSync(script);
    assert(
      end.how === "exit" && end.code === 0,
      `${at} ended with ${end.how}\n${lines.join("\n")}`,
    );
  });
}
