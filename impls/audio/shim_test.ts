import { test } from "node:test";
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { memoryAt, type Pointer } from "../shared/ffi.ts";
import { layout } from "./layout.ts";
import { buildShim, loadShim } from "./shim.ts";

const run = promisify(execFile);

/** An empty cache, removed afterwards. */
async function withCache(use: (cache: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "ringproof-"));
  try {
    await use(join(folder, "cache"));
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("layout.ts has the offsets that were compiled", async () => {
  const shim = await loadShim();
  const compiled = memoryAt(shim.audio_layout() as Pointer, layout.length * 4);
  assertEquals([...new Uint32Array(compiled)], [...layout]);
});

test("the callback calls nothing that locks, allocates or sleeps", async () => {
  await withCache(async (folder) => {
    const callback = fileURLToPath(new URL("callback.h", import.meta.url)), object = `${folder}.o`;
    const flags = ["-std=c11", "-O2", "-fno-stack-protector", "-D_GNU_SOURCE", "-x", "c", "-c"];
    await run("cc", [...flags, callback, "-o", object]);
    const { stdout } = await run("nm", ["--undefined-only", object]);
    const called = stdout.split("\n").map((line) => line.replace(/^\s*U /, "")).filter(Boolean);
    // The one system call is FUTEX_WAKE, which wake() makes.
    assertEquals(called.sort(), ["memcpy", "memset", "syscall"]);
  });
});

test("the shim is compiled once, and leaves nothing else in the cache", async () => {
  await withCache(async (RINGPROOF_CACHE) => {
    const builds = [1, 2, 3].map(() => buildShim({ RINGPROOF_CACHE }));
    const [library] = await Promise.all(builds);
    const { ino } = await stat(library!);
    assertEquals(await buildShim({ RINGPROOF_CACHE }), library);
    assertEquals((await stat(library!)).ino, ino);
    assertEquals((await readdir(RINGPROOF_CACHE)).length, 1);
  });
});

test("another compiler or another of its options is another library", async () => {
  await withCache(async (RINGPROOF_CACHE) => {
    const plain = await buildShim({ RINGPROOF_CACHE, CC: "cc" });
    assert(plain !== await buildShim({ RINGPROOF_CACHE, CC: "cc -DOTHER" }));
    assertEquals(await buildShim({ RINGPROOF_CACHE, CC: "" }), plain);
  });
});

test("without a compiler the reason names it and the way out", async () => {
  await withCache(async (RINGPROOF_CACHE) => {
    const error = await assertRejects(() => buildShim({ RINGPROOF_CACHE, CC: "/nonexistent" }));
    assertEquals(
      error.message,
      "no C compiler: `/nonexistent` was not found; install gcc or clang, or set CC",
    );
    assertEquals(await readdir(RINGPROOF_CACHE), []);
  });
});

test("a compile error is reported by its first line", async () => {
  await withCache(async (RINGPROOF_CACHE) => {
    const error = await assertRejects(() => buildShim({ RINGPROOF_CACHE, CC: "cc -DMAGIC=;" }));
    assertMatch(error.message, /^`cc` cannot compile the audio shim: .*error.*$/);
  });
});

test("what stands in the library's place but is no file of ours is not loaded", async () => {
  await withCache(async (RINGPROOF_CACHE) => {
    const library = await buildShim({ RINGPROOF_CACHE });
    await rm(library);
    await mkdir(library);
    const error = await assertRejects(() => buildShim({ RINGPROOF_CACHE }));
    assertEquals(
      error.message,
      `${library} is not this user's own file; remove it, or set RINGPROOF_CACHE`,
    );
  });
});
