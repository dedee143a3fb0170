import { chmod, mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { UsageError } from "./command.ts";
import { onPath, probe, self } from "./runtime/probe.ts";
import { findRuntimes, invocation } from "./runtimes.ts";
import { inScratchFolder } from "./scratch.ts";

const own = { id: self.name, ...self };
const unheard = (line: string) => {
  throw new Error(`nothing is to be fetched here: ${line}`);
};

/** An executable that answers as a runtime of that version would. */
async function stub(folder: string, name: string, versions: object): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\necho '${JSON.stringify({ path, ...versions })}'\n`);
  await chmod(path, 0o755);
  return path;
}

test("a runtime says what it is, and this very one is found first", async () => {
  assertEquals(await probe(self.name, self.path), self);
  assertEquals(await onPath(self.name, () => true), self);
  assertEquals(await findRuntimes([self.name], [], unheard), [own]);
});

test("a runtime that was asked for twice, in whatever words, is there once", async () => {
  const major = self.version.split(".")[0];
  const wanted = [self.name, `${self.name}@${self.version}`, `${self.name}@${major}`, self.name];
  assertEquals(await findRuntimes(wanted, [], unheard), [own]);
});

test("two versions side by side have ids that tell them apart, and a path is kept as given", async () => {
  await inScratchFolder(async (folder) => {
    const path = await stub(folder, "bun", { bun: "1.2.23", webkit: "abc" });
    const other = await stub(folder, "other", { bun: "1.4.99", webkit: "abc" });
    const found = await findRuntimes(
      ["bun@1.2", "bun@1.4"],
      [`bun=${path}`, `bun=${other}`],
      unheard,
    );
    assertEquals(found, [
      { id: "bun@1.2.23", name: "bun", version: "1.2.23", engine: "jsc abc", path },
      { id: "bun@1.4.99", name: "bun", version: "1.4.99", engine: "jsc abc", path: other },
    ]);
    const twin = await stub(folder, "twin", { bun: "1.4.99", webkit: "abc" });
    await refused(["bun"], [`bun=${other}`, `bun=${twin}`], "are both bun@1.4.99");
  });
});

test("PATH is searched past what is too old or is something else", async () => {
  await inScratchFolder(async (folder) => {
    const name = self.name === "bun" ? "node" : "bun";
    const folders = ["old", "foreign", "right"].map((one) => join(folder, one));
    const versions = [{ [name]: "1.2.0" }, { deno: "9.9.9" }, { [name]: "99.1.0" }];
    const paths: string[] = [];
    for (const [i, path] of folders.entries()) {
      await mkdir(path);
      paths.push(await stub(path, name, versions[i]!));
    }
    const path = [...folders, process.env.PATH].join(delimiter);
    await withEnvironment({ PATH: path }, async () => {
      const [found] = await findRuntimes([`${name}@99`], [], unheard);
      assertEquals([found?.path, found?.version], [paths[2], "99.1.0"]);
    });
  });
});

test("the cache is looked through before anything is fetched, for the newest that fits", async () => {
  await inScratchFolder(async (cache) => {
    for (const version of ["1.2.9", "1.2.23", "1.20.1"]) {
      const folder = join(
        cache,
        `node@${version}/node_modules/node-${process.platform}-${process.arch}/bin`,
      );
      await mkdir(folder, { recursive: true });
      await stub(folder, "node", { node: version, v8: "11" });
    }
    await withEnvironment({ RINGPROOF_CACHE: cache }, async () => {
      const [found] = await findRuntimes(["node@1.2"], [], unheard);
      assertEquals(found?.version, "1.2.23");
    });
  });
});

test("a runtime that cannot be fetched is refused with the ways out", async () => {
  await inScratchFolder(async (folder) => {
    const cache = await stub(folder, "a_file", {});
    await withEnvironment({ RINGPROOF_CACHE: cache }, async () => {
      const find = () => findRuntimes(["bun@0.0"], [], () => {});
      const { message } = await assertRejects(find, UsageError);
      assertStringIncludes(message, "bun 0.0 is not on PATH and could not be fetched (");
      assertStringIncludes(message, "give --runtime bun=/path/to/bun, put it on PATH");
    });
  });
});

test("what cannot be is refused in words that name it", async () => {
  await inScratchFolder(async (folder) => {
    const old = await stub(folder, "old", { node: "20.1.0", v8: "11" });
    await refused(["dno"], [], "unknown runtime dno; did you mean deno?");
    await refused(["bun@new"], [], "runtime bun@new: a version looks like");
    await refused(["bun"], ["bun"], "--runtime bun: give it as name=path");
    await refused(["bun"], ["bum=/x"], "unknown runtime bum; did you mean bun?");
    await refused(["bun"], ["bun=/nowhere"], "/nowhere is no file that can be run");
    await refused(["bun"], [`bun=${old}`], "is node, not bun");
    await refused(["deno"], [`node=${old}`], "node is not among the runtimes asked for");
    await refused(["node"], [`node=${old}`], "is node 20.1.0, and node 26 or newer is wanted");
  });
});

test("a script is started with its arguments as they are", () => {
  for (const name of ["deno", "bun", "node"] as const) {
    const script = new URL("./a%20b.ts", "file:///somewhere/");
    const { file, args } = invocation({ name, path: "/x" }, script, ["--flag", "a b"]);
    assertEquals([file, args.slice(-3)], ["/x", ["/somewhere/a b.ts", "--flag", "a b"]]);
  }
});

async function refused(wanted: string[], paths: string[], words: string): Promise<void> {
  const error = await assertRejects(() => findRuntimes(wanted, paths, unheard), UsageError);
  assertStringIncludes(error.message, words);
}

async function withEnvironment(
  values: Readonly<Record<string, string>>,
  run: () => Promise<void>,
): Promise<void> {
  const before = { ...process.env };
  Object.assign(process.env, values);
  try {
    await run();
  } finally {
    for (const name of Object.keys(values)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
}
