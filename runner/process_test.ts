import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { runChild } from "./child.ts";
import { type ChildEnd, runProcess } from "./process.ts";
import { self } from "./runtime/probe.ts";
import { inScratchFolder } from "./scratch.ts";

const PATIENCE_MS = 60_000;
const nothing = () => {};

async function sh(
  script: string,
  options: Partial<Parameters<typeof runProcess>[0]> = {},
): Promise<ChildEnd & { lines: string[] }> {
  const lines: string[] = [];
  const end = await runProcess({
    file: "sh",
    args: ["-c", script],
    silenceMs: PATIENCE_MS,
    onLine: (line) => lines.push(line),
    ...options,
  });
  return { ...end, lines };
}

test("a child's lines, exit code and stderr come back", async () => {
  const end = await sh("echo one; printf 'two\\nhalf'; echo oops >&2; exit 3");
  assertEquals(end, {
    how: "exit",
    code: 3,
    signal: null,
    stderr: "oops\n",
    lines: ["one", "two", "half"],
  });
});

test("a crash is told from an exit", async () => {
  const end = await sh("kill -ABRT $$");
  assertEquals([end.how, end.code, end.signal], ["exit", null, "SIGABRT"]);
});

test("input is written and closed, and need not be read", async () => {
  assertEquals((await sh("cat", { input: "a\nb\n" })).lines, ["a", "b"]);
  assertEquals((await sh("exit 0", { input: "x".repeat(1 << 20) })).code, 0);
});

test("characters split between two reads stay whole, and stderr is cut to its end", async () => {
  const end = await sh(
    "printf '\\303'; echo >&2; printf '\\274\\n'; i=0; while [ $i -lt 1000 ]; do echo line $i >&2; i=$((i+1)); done",
  );
  assertEquals(end.lines, ["ü"]);
  assertEquals(end.stderr.length, 4096);
  assertStringIncludes(end.stderr, "line 999\n");
});

test("a silent child is killed with all that it started", async () => {
  await inScratchFolder(async (folder) => {
    const gone = await pipeIn(folder);
    const end = await sh(`exec 3>${gone.path}; echo up; sleep 1000 & sleep 1000`, {
      silenceMs: 300,
    });
    assertEquals([end.how, end.signal, end.lines], ["silent", "SIGKILL", ["up"]]);
    assertEquals(await gone.closed, "exit");
  });
});

test("lines keep a child alive beyond the silence that it is allowed", async () => {
  const end = await sh("for i in 1 2 3 4 5 6 7 8 9 10 11; do echo $i; sleep 0.2; done", {
    silenceMs: 2000,
  });
  assertEquals([end.how, end.lines.length], ["exit", 11]);
});

test("an abort kills the child", async () => {
  const controller = new AbortController();
  const onLine = () => controller.abort();
  const end = await sh("echo up; sleep 1000", { signal: controller.signal, onLine });
  assertEquals([end.how, end.signal], ["aborted", "SIGKILL"]);
  const none = await sh("echo up", { signal: controller.signal });
  assertEquals([none.how, none.code, none.lines], ["aborted", null, []]);
});

test("what a child left running is killed at its end", async () => {
  await inScratchFolder(async (folder) => {
    const gone = await pipeIn(folder);
    assertEquals((await sh(`exec 3>${gone.path}; sleep 1000 & exit 0`)).code, 0);
    assertEquals(await gone.closed, "exit");
  });
});

test("a program that is not there and a listener that throws reject", async () => {
  await assertRejects(() => sh("", { file: "/nowhere/at-all" }));
  const onLine = () => {
    throw new Error("not this line");
  };
  await assertRejects(() => sh("echo up; sleep 1000", { onLine }), Error, "not this line");
});

test("a script runs on a runtime with the packages that it imports", async () => {
  const runtime = { id: self.name, ...self };
  const script = new URL("./child_example.ts", import.meta.url);
  const lines: string[] = [];
  const end = await runChild({
    runtime,
    script,
    args: ["a", "b c"],
    input: "text",
    onLine: (line) => lines.push(line),
    silenceMs: PATIENCE_MS,
  });
  assertEquals(end.stderr, "");
  assertEquals([end.code, lines], [0, [JSON.stringify([self.name, ["a", "b c"], "text"])]]);
});

for (
  const [how, last] of [
    ["exits", "process.exit(0)"],
    ["throws", "throw new Error('on purpose')"],
    ["is terminated", "process.kill(process.pid, 'SIGTERM')"],
    ["is interrupted", "process.kill(process.pid, 'SIGINT')"],
    ["loses its terminal", "process.kill(process.pid, 'SIGHUP')"],
  ] as const
) {
  test(`children end when their parent ${how}`, async () => {
    await inScratchFolder(async (folder) => {
      const gone = await pipeIn(folder);
      const script = join(folder, "parent.ts");
      const runner = new URL("./process.ts", import.meta.url);
      await writeFile(
        script,
        `import process from "node:process";
         import { runProcess } from ${JSON.stringify(runner.href)};
         runProcess({
           file: "sh",
           args: ["-c", "exec 3>${gone.path}; echo up; sleep 1000"],
           silenceMs: 1e6,
           onLine: () => { setTimeout(() => { ${last} }, 0); },
         });`,
      );
      const runtime = { id: self.name, ...self };
      const end = await runChild({ runtime, script, onLine: nothing, silenceMs: PATIENCE_MS });
      assertEquals(end.how, "exit");
      assertEquals(await gone.closed, "exit");
    });
  });
}

/** A named pipe, and how a reader of it ends: by itself once the last writer has gone. */
async function pipeIn(folder: string): Promise<{ path: string; closed: Promise<string> }> {
  const path = join(folder, "pipe");
  await promisify(execFile)("mkfifo", [path]);
  const reader = runProcess({ file: "cat", args: [path], silenceMs: PATIENCE_MS, onLine: nothing });
  return { path, closed: reader.then(({ how }) => how) };
}
