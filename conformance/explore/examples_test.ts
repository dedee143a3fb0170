import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { explore } from "./explore.ts";

const verdicts = { mailbox: "deadlock", seqlock: "race", ringbuf_js: undefined } as const;

for (const [name, kind] of Object.entries(verdicts)) {
  test(`the example ${name}: ${kind ?? "no failure"}`, async () => {
    const program = new URL(`./examples/${name}.ts`, import.meta.url);
    const { failure } = await explore({ program, executions: 1000 });
    assertEquals(failure?.kind, kind, failure?.trace);
  });
}
