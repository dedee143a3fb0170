/**
 * A ring between two processes or hosts: served over WebSocket by the one that opened it, attached by
 * URI from anywhere, with credit-based flow control (protocol.ts).
 *
 * The opener holds the ends of its ring through the same protocol as everybody else. A capacity is
 * exact wherever the items are: staged at the writer, on a socket, in the server's store or sent
 * ahead to the reader, an item takes one slot from tryWrite() to tryRead().
 *
 * The unguessable name in a ring's URI is the right to attach to it; the bytes travel in the clear, so
 * that beyond one machine or a trusted network a tunnel has to carry them.
 */
import { endianness } from "node:os";
import type { Adapter, Capabilities, Handle, OpenOptions } from "../contract.ts";
import { RingError, shown } from "../errors.ts";
import { checkedOptions } from "../shared/arguments.ts";
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
  width: true,
  start: false,
  strategies: false,
  reserve: false,
  stages: false,
  blocking: false,
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
  if (handle.adapter !== adapter.name) {
    const why = `the handle is of ${shown(handle.adapter)}`;
    throw new RingError("RING_FOREIGN", "attach", why, handle.adapter);
  }
  const uri = named(handle.at);
  return await WebSocketRing.connect(handleOf(format(uri)), uri);
}

function handleOf(at: string): Handle {
  return { adapter: adapter.name, at };
}
