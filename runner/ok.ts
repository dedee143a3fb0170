/** `deno task ok`: all that must hold before a change goes in, except the conformance spec. */
import process from "node:process";
import { colour } from "./colour.ts";
import { exitCode, parse, run } from "./command.ts";
import { runInTerminal, runProcess } from "./process.ts";
import { duration } from "./progress.ts";
import { root } from "./root.ts";
import { self } from "./runtime/probe.ts";
import { findRuntimes, invocation } from "./runtimes.ts";

/** A checker that says nothing for so long hangs. */
const SILENCE_MS = 300_000;
const { red, green, dim, bold } = colour(process.stdout);

await run(async () => {
  const values = parse({
    name: "ok",
    summary: "Checks the format, lint and types of the sources, then runs the unit tests.",
    options: {
      "no-test": { kind: "boolean", help: "without the unit tests" },
      runtime: { kind: "list", placeholder: "NAME=PATH", help: "where a runtime is" },
    },
  });
  const paths = values.runtime ?? [];
  const [deno, node] = await findRuntimes(
    ["deno", "node"],
    paths.filter((path) => !path.startsWith("bun=")),
    (line) => console.error(line),
  );
  const checks: [name: string, file: string, args: string[]][] = [
    ["format", deno!.path, ["fmt", "--check"]],
    ["lint", deno!.path, ["lint"]],
    ["types, deno check", deno!.path, ["check", "--no-lock", "."]],
    ["types, tsc", node!.path, ["node_modules/typescript/bin/tsc", "--project", "."]],
  ];
  let failures = 0;
  for (const [name, file, args] of checks) {
    const good = await check(name, file, args);
    if (!good) failures++;
  }
  if (!values["no-test"]) {
    const test = new URL("test.ts", import.meta.url);
    const flags = ["--no-spec", ...paths.flatMap((path) => ["--runtime", path])];
    const { file, args } = invocation(self, test, flags);
    if (await runInTerminal(file, args) !== 0) failures++;
  }
  return failures === 0 ? exitCode.good : exitCode.failure;
});

/** A line that says how it went, with all that it said when it failed. */
async function check(name: string, file: string, args: readonly string[]): Promise<boolean> {
  const from = performance.now();
  const said: string[] = [];
  const say = (line: string) => said.push(line);
  const end = await runProcess({
    file,
    args,
    cwd: root,
    env: { NO_COLOR: "1" },
    silenceMs: SILENCE_MS,
    onLine: say,
    onErrorLine: say,
  });
  const good = end.how === "exit" && end.code === 0;
  const took = dim(duration(performance.now() - from));
  console.log(`${good ? green("ok") : red("FAILED")} ${bold(name)} ${took}`);
  if (!good) {
    console.log([...said, end.how === "silent" ? "it hung and was killed" : ""].join("\n"));
  }
  return good;
}
