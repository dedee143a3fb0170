/** The environment and the adapters of the sample results that the tests of the pages read. */
import type { Environment } from "../../schema.ts";

export const sampleEnvironment: Environment = {
  date: "2026-11-21T01:37:12.000Z",
  cpu: "AMD EPYC 9654 96-Core Processor",
  cores: 8,
  memoryBytes: 33_285_996_544,
  os: "Debian GNU/Linux 12 (bookworm)",
  kernel: "6.1.0-27-amd64",
  governor: "performance",
  load: 0.42,
  commit: "3f9c2d1a7b+",
  seed: 20261121,
  profile: "full",
  runtimes: [
    { runtime: "deno", name: "deno", version: "2.9.6", engine: "v8 15.0.245.2" },
    { runtime: "bun", name: "bun", version: "1.4.5", engine: "jsc 625.1.4" },
    { runtime: "node", name: "node", version: "26.10.0", engine: "v8 14.6.202.9" },
  ],
  probes: ["deno", "bun", "node"].flatMap((runtime) => [
    {
      runtime,
      probe: "Atomics.waitAsync notified as the last handle",
      expected: "resolves",
      found: runtime === "deno" ? "never settles" : "resolves",
      ok: runtime !== "deno",
    },
    {
      runtime,
      probe: "BroadcastChannel, 1000 in a burst",
      expected: "1000",
      found: runtime === "deno" ? "256, the newest" : "1000",
      ok: runtime !== "deno",
    },
    {
      runtime,
      probe: "growable SharedArrayBuffer across threads",
      expected: "seen",
      found: "seen",
      ok: true,
    },
  ]),
};

export const sampleAdapters = [
  { adapter: "bounded", family: "channel", kind: "ring", speed: 12 },
  { adapter: "futex_ring", family: "locking", kind: "ring", speed: 5.5 },
  { adapter: "spsc", family: "atomics", kind: "ring", speed: 23 },
  { adapter: "capture", family: "audio", kind: "ring", speed: 3.1 },
  { adapter: "playback", family: "audio", kind: "ring", speed: 2.9 },
  { adapter: "duplex", family: "audio", kind: "ring", speed: 1.4 },
  { adapter: "websocket", family: "network", kind: "ring", speed: 0.09 },
  { adapter: "ringbuf_js", family: "atomics", kind: "peer", speed: 7.8 },
  { adapter: "message_channel", family: "channel", kind: "peer", speed: 0.31 },
] as const;

/** Numbers in [0, 1) that are the same in every run. */
export function sequence(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}
