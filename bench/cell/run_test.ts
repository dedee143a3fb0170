import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { assertEquals, assertGreater, assertLess, assertStringIncludes } from "@std/assert";
import { inScratchFolder } from "../../runner/scratch.ts";
import { directs } from "../directs.ts";
import type { Job } from "./job.ts";
import { runCell } from "./run.ts";

const timing = { windowMs: 2, warmUpMs: 15, measureMs: 10 };

function job(ref: string, work: string, params: number | Job["params"] = {}): Job {
  const direct = directs.some(({ name }) => name === ref);
  return {
    ref,
    direct,
    case: work,
    params: typeof params === "number" ? { batch: params } : params,
    timing,
  };
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

const others: readonly [what: string, ref: string, work: string, params: Job["params"]][] = [
  ["the natural API of a ring between threads", "spsc:push", "throughput", { batch: 1 }],
  ["the natural API of a channel", "bounded:send", "awaited", { batch: 1 }],
  ["a channel behind the contract, awaited", "bounded", "awaited", { batch: 1 }],
  ["the naive loop", "naive_loop", "throughput", { batch: 1 }],
  ["batches of 512 in C++", "cpp_ring", "throughput", { batch: 512 }],
  ["round trips in C++", "cpp_ring", "latency", {}],
  ["two threads that sleep", "futex_ring", "wakeup", {}],
  ["two threads that wait for messages", "message_channel", "wakeup", {}],
  ["payloads between threads", "spsc", "payload", { bytes: 65_536 }],
  ["payloads that are merely copied", "memcpy", "payload", { bytes: 65_536 }],
  ["records", "records:copy", "throughput", { batch: 1 }],
  ["records of 64 KiB", "records:copy", "payload", { bytes: 65_536 }],
  ["a link between two event loops", "message_port", "wakeup", {}],
  ["indices in place", "simple_pair", "throughput", { batch: 64 }],
  ["three producers", "futex_ring", "topology", { shape: "3:1" }],
  ["three readers", "broadcast", "topology", { shape: "1:3" }],
  ["readers behind each other", "leader_follower", "topology", { shape: "pipeline" }],
  ["a reader behind two", "leader_follower_many", "topology", { shape: "diamond" }],
];
for (const [what, ref, work, params] of others) {
  test(`${what}: measured and verified`, async () => {
    const { status, reason, value } = await runCell(job(ref, work, params));
    assertEquals([status, reason], ["ok", undefined]);
    assertGreater(value!, 0);
  });
}

test("threads beyond the cores are flagged", async () => {
  const { note } = await runCell(job("futex_ring", "topology", { shape: "3:1" }));
  const cores = availableParallelism();
  assertEquals(note, cores < 4 ? `4 threads on ${cores} cores` : undefined);
});

test("a reader that sleeps costs little, and is seen to have slept", async () => {
  for (const ref of ["spsc", "bounded", "message_channel"]) {
    const { status, reason, value } = await runCell(job(ref, "idle"));
    assertEquals([status, reason], ["ok", undefined], ref);
    assertLess(value!, 20, ref); // a spinning reader costs 100 %
  }
});

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
        return {
          tryRead(into, from = 0) { ${tryRead} },
          readSync(into) {
            for (;;) {
              const got = this.tryRead(into);
              if (got > 0) return got;
            }
          },
        };
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
const mixing = `
  const got = reader.tryRead(into, from);
  const other = seen;
  if (got > 0) seen = into[from];
  if (got > 0) into[from] = other;
  return got;`;
const tearing = `
  const got = reader.tryRead(into, from);
  seen += got;
  if (seen > 100_000 && got > 5000) into.fill(0, from + 1, from + got);
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
test("the cell of a ring that mixes up one producer's items is invalid", () =>
  withPlugin(broken("locking/futex_ring.ts", mixing), async (ref) => {
    const outcome = await runCell(job(ref, "topology", { shape: "3:1" }));
    assertEquals(outcome.status, "invalid");
    assertStringIncludes(outcome.reason!, "next item should be");
  }));

test("the cell of a ring that loses the inside of a payload is invalid", () =>
  withPlugin(broken("atomics/spsc.ts", tearing), async (ref) => {
    const outcome = await runCell(job(ref, "payload", { bytes: 65_536 }));
    assertEquals(outcome.status, "invalid");
    assertStringIncludes(outcome.reason!, " of payload ");
  }));

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
