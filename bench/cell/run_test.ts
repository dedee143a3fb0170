import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { inScratchFolder } from "../../runner/scratch.ts";
import type { Job } from "./job.ts";
import { runCell } from "./run.ts";

const timing = { windowMs: 2, warmUpMs: 15, measureMs: 10 };

function job(ref: string, work: string, batch?: number): Job {
  const reference = ["bare_loop", "message_channel"].includes(ref);
  return { ref, reference, case: work, params: batch ? { batch } : {}, timing };
}

const places = {
  "two tasks of one realm": "bounded",
  "two threads": "spsc",
  "two threads of a peer": "ringbuf_js",
  "two threads of the bare loop": "bare_loop",
  "two threads and a channel": "message_channel",
  "two processes": "websocket",
};
for (const [place, ref] of Object.entries(places)) {
  test(`throughput and latency between ${place} are measured and verified`, async () => {
    const single = await runCell(job(ref, "throughput", 1));
    assertEquals([single.status, single.reason], ["ok", undefined]);
    assertGreater(single.value!, 0);
    const batched = await runCell(job(ref, "throughput", 64));
    assertEquals([batched.status, batched.reason], ["ok", undefined]);
    const latency = await runCell(job(ref, "latency"));
    assertEquals([latency.status, latency.reason], ["ok", undefined]);
    assertEquals(latency.value, latency.percentiles?.p50);
  });
}

for (const device of ["capture", "playback", "duplex"]) {
  test(`throughput through the scripted device of ${device} is measured and verified`, async () => {
    for (const batch of [1, 64]) {
      const { status, reason } = await runCell(job(device, "throughput", batch));
      assertEquals([status, reason], ["ok", undefined]);
    }
  });
}

/** A plug-in: the ring in that file, with this put around what its reader's tryRead() does. */
function broken(base: string, tryRead: string): string {
  const url = new URL(`../../impls/${base}`, import.meta.url).href;
  return `
    import { adapter } from ${JSON.stringify(url)};
    const around = (ring) => ({
      capacity: ring.capacity,
      handle: ring.handle,
      writer: () => ring.writer(),
      close: () => ring.close(),
      async reader() {
        const reader = await ring.reader();
        let seen = 0;
        return { tryRead(into, from = 0) { ${tryRead} } };
      },
      [Symbol.asyncDispose]: () => ring[Symbol.asyncDispose](),
    });
    export default {
      ...adapter,
      name: "broken",
      open: async (options) => around(await adapter.open(options)),
      attach: async (handle) => around(await adapter.attach(handle)),
    };`;
}

const swapping = `
  const got = reader.tryRead(into, from);
  if (got > 1) [into[from], into[from + 1]] = [into[from + 1], into[from]];
  return got;`;
const losing = `
  const got = reader.tryRead(into, from);
  seen += got;
  return got > 0 && seen === 10_000 ? reader.tryRead(into, from) : got;`;
const doubling = `
  const last = into[from];
  const got = reader.tryRead(into, from);
  if (got > 0) seen++;
  if (got > 0 && seen === 10_000) into[from] = last;
  return got;`;
const faults = [
  ["swaps items in one realm", "channel/bounded.ts", swapping, 64, "item 0 should hold 0, holds 1"],
  ["swaps items between threads", "atomics/spsc.ts", swapping, 64, " should hold "],
  ["loses an item", "channel/bounded.ts", losing, 1, "item 9999 should hold 9999, holds 10000"],
  [
    "delivers an item twice",
    "channel/bounded.ts",
    doubling,
    1,
    "item 9999 should hold 9999, holds 9998",
  ],
] as const;
for (const [what, base, tryRead, batch, reason] of faults) {
  test(`the cell of a ring that ${what} is invalid`, () =>
    withPlugin(broken(base, tryRead), async (ref) => {
      const outcome = await runCell(job(ref, "throughput", batch));
      assertEquals([outcome.status, outcome.value], ["invalid", undefined]);
      assertStringIncludes(outcome.reason!, reason);
    }));
}

test("a ring that is unavailable is so with its reason, and one that throws has failed", async () => {
  const url = new URL("../../impls/channel/bounded.ts", import.meta.url).href;
  const plugin = (over: string) =>
    `import { adapter } from ${JSON.stringify(url)}; export default { ...adapter, ${over} };`;
  await withPlugin(plugin("unavailable: async () => 'no such device'"), async (ref) => {
    const outcome = await runCell(job(ref, "latency"));
    assertEquals(outcome, { status: "unavailable", reason: "no such device" });
  });
  await withPlugin(plugin("open: async () => { throw new Error('out of luck') }"), async (ref) => {
    const outcome = await runCell(job(ref, "latency"));
    assertEquals(outcome, { status: "failed", reason: "out of luck" });
  });
});

function withPlugin(source: string, use: (ref: string) => Promise<void>): Promise<void> {
  return inScratchFolder(async (folder) => {
    const path = join(folder, "plugin.mjs");
    await writeFile(path, source);
    await use(pathToFileURL(path).href);
  });
}
