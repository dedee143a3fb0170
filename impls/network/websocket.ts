/**
 * A ring between two processes or hosts: served over WebSocket by the one that opened it, attached by
 * URI from anywhere, with credit-based flow control (protocol.ts).
 *
 * The opener holds the ends of its ring through the same protocol as everybody else. A capacity is
 * exact wherever the items are: staged at the writer, on a socket, in the server's store or sent
 * ahead to the reader, an item takes one slot from tryWrite() to tryRead().
 *
 * When a connection breaks its ends have RING_LOST, and others can be had at once. Of what a writer
 * had accepted, a part from the beginning has arrived, each item once; the rest is lost with the
 * connection, and no writer sends it again. What a reader was sent and has not read is read by the
 * next one, and what it has read is not, provided that its process lives and gets through to the
 * server within a second; else what it had not reported is read again.
 *
 * The unguessable name in a ring's URI is the right to attach to it; the bytes travel in the clear, so
 * that beyond one machine or a trusted network a tunnel has to carry them.
 */
import { endianness } from "node:os";
import type { Adapter, Capabilities, Handle, OpenOptions } from "../contract.ts";
import { RingError, shown } from "../errors.ts";
import { checkedHandle, checkedOptions } from "../shared/arguments.ts";
import { MAX_WIDTH, WORD_BYTES } from "./websocket/protocol.ts";
import { WebSocketRing } from "./websocket/ring.ts";
import { serve } from "./websocket/server.ts";
import { format, named, served } from "./websocket/uri.ts";

const capabilities: Capabilities = {
  items: "int32",
  flow: "loop",
  producers: 1,
  consumers: 1,
  delivery: "queue",
  overflow: "wait",
  progress: "lock-free",
  reach: "network",
  sizes: "any",
  atomicBatch: false,
  width: true,
  start: false,
  strategies: false,
  reserve: false,
  stages: false,
  blocking: false,
  reconnect: { writes: "at-most-once", reads: "exactly-once" },
};

export const adapter: Adapter<number> = {
  name: "websocket",
  family: "network",
  capabilities,
  unavailable: () =>
    Promise.resolve(endianness() === "LE" ? undefined : "the wire is little-endian, this host not"),
  open: openWebSocket,
  attach: attachWebSocket,
};

/** Serves a new ring at `uri`, on a free port of this machine's loopback by default. */
export async function openWebSocket(options: OpenOptions): Promise<WebSocketRing> {
  const { capacity, width } = checkedOptions(options, capabilities, WORD_BYTES);
  if (width > MAX_WIDTH) {
    const why = `width must be at most ${MAX_WIDTH}, got ${shown(width)}`;
    throw new RingError("RING_INVALID", "open", why, width);
  }
  const server = await serve({ capacity, width, uri: served(options.uri) });
  try {
    return await WebSocketRing.connect(handleOf(format(server.uri)), server.uri, server);
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

/** The ring that another process serves. */
export async function attachWebSocket(handle: Handle): Promise<WebSocketRing> {
  const uri = named(checkedHandle(handle, adapter.name).at);
  return await WebSocketRing.connect(handleOf(format(uri)), uri);
}

function handleOf(at: string): Handle {
  return { adapter: adapter.name, at };
}
