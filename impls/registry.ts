/**
 * Every built-in adapter by name. Nothing is imported before it is asked for, so that a broken
 * package or a missing compiler costs only its own adapter.
 */
import type { Adapter, Family } from "./contract.ts";

export interface Entry {
  readonly family: Family;
  /** A published package or platform facility to compare with, not one of ours. */
  readonly peer: boolean;
  load(): Promise<Adapter<unknown>>;
}

export const registry: Readonly<Record<string, Entry>> = {
  bounded: ours("channel", () => import("./channel/bounded.ts")),
  futex_ring: ours("locking", () => import("./locking/futex_ring.ts")),
  spsc: ours("atomics", () => import("./atomics/spsc.ts")),
  capture: ours("audio", () => import("./audio/capture.ts")),
  playback: ours("audio", () => import("./audio/playback.ts")),
  duplex: ours("audio", () => import("./audio/duplex.ts")),
  websocket: ours("network", () => import("./network/websocket.ts")),
  ringbuf_js: peer("atomics", () => import("./peers/ringbuf_js.ts")),
};

type Module = { readonly adapter: Adapter<unknown> };

function ours(family: Family, module: () => Promise<Module>): Entry {
  return { family, peer: false, load: async () => (await module()).adapter };
}

function peer(family: Family, module: () => Promise<Module>): Entry {
  return { family, peer: true, load: async () => (await module()).adapter };
}
