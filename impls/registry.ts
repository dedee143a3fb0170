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
  streams: ours("channel", () => import("./channel/streams.ts")),
  message_port: ours("channel", () => import("./channel/message_port.ts")),
  async_mutex: ours("locking", () => import("./locking/locking_ring.ts")),
  futex_ring: ours("locking", () => import("./locking/futex_ring.ts")),
  spsc: ours("atomics", () => import("./atomics/spsc.ts")),
  mpmc: ours("atomics", () => import("./atomics/mpmc.ts")),
  records: ours("atomics", () => import("./atomics/records.ts")),
  leader_follower: ours("atomics", () => import("./atomics/leader_follower.ts")),
  leader_follower_many: ours("atomics", () => import("./atomics/leader_follower_many.ts")),
  broadcast: ours("atomics", () => import("./atomics/broadcast.ts")),
  broadcast_lossy: ours("atomics", () => import("./atomics/broadcast_lossy.ts")),
  overwrite: ours("atomics", () => import("./atomics/overwrite.ts")),
  capture: ours("audio", () => import("./audio/capture.ts")),
  playback: ours("audio", () => import("./audio/playback.ts")),
  duplex: ours("audio", () => import("./audio/duplex.ts")),
  websocket: ours("network", () => import("./network/websocket.ts")),

  ringbuf_js: peer("atomics", () => import("./peers/packages/ringbuf_js.ts")),
  denque: peer("channel", () => import("./peers/packages/denque.ts")),
  mnemonist_circular: peer("channel", () => import("./peers/packages/mnemonist_circular.ts")),
  mnemonist_deque: peer("channel", () => import("./peers/packages/mnemonist_deque.ts")),
  ts_chan: peer("channel", () => import("./peers/packages/ts_chan.ts")),
  thi_ng_csp: peer("channel", () => import("./peers/packages/thi_ng_csp.ts")),
  effect_queue: peer("channel", () => import("./peers/packages/effect_queue.ts")),
  async_mutex_npm: peer("channel", () => import("./peers/packages/async_mutex_npm.ts")),
  post_message: peer("channel", () => import("./peers/platform/post_message.ts")),
  broadcast_channel: peer("channel", () => import("./peers/platform/broadcast_channel.ts")),
  transform_stream: peer("channel", () => import("./peers/platform/transform_stream.ts")),
  pass_through: peer("channel", () => import("./peers/platform/pass_through.ts")),
  locked_array: peer("atomics", () => import("./peers/platform/locked_array.ts")),
};

type Module = { readonly adapter: Adapter<unknown> };

function ours(family: Family, module: () => Promise<Module>): Entry {
  return { family, peer: false, load: async () => (await module()).adapter };
}

function peer(family: Family, module: () => Promise<Module>): Entry {
  return { family, peer: true, load: async () => (await module()).adapter };
}
