/**
 * A ring between workers over a pair of the platform's MessagePorts, for items of any kind that can be
 * cloned: what shared memory cannot hold, at microseconds an item instead of nanoseconds.
 *
 * Each end has one port of the pair, and nobody stands between them. The ports are not listened to but
 * looked into, so that an end finds all that the other has done, at once and in order; who has to wait
 * sleeps on an event count, as in shared memory. Credit makes the capacity exact, from tryWrite() to
 * tryRead() (message_port/messages.ts).
 *
 * A handle names the ring and the thread that opened it, which keeps account of who has which end; a
 * port to it comes about by the messages that threads of one process can send each other
 * (message_port/switchboard.ts). Taking an end, giving it back and close() need that thread's event
 * loop, and taking one that of the other end's thread too; reading and writing need neither. The
 * writer's thread has a copy of each item until it next looks after the item was read.
 *
 * When a thread ends without giving its end back, the other end has RING_LOST as soon as it would
 * have to wait, within a second or so, until another thread takes the end: a new reader is given what
 * the last one had not reported to be read, a new writer goes on after what the reader had received.
 * When the opener's thread ends all have RING_LOST, after what had arrived. A ring keeps no process
 * alive; a wait does.
 */
import { randomUUID } from "node:crypto";
import { threadId } from "node:worker_threads";
import type { Adapter, Capabilities, Handle, OpenOptions } from "../contract.ts";
import { taskCapabilities } from "../core.ts";
import { RingError, shown } from "../errors.ts";
import { checkedHandle, checkedOptions } from "../shared/arguments.ts";
import { PortKeeper } from "./message_port/keeper.ts";
import { PortRing } from "./message_port/ring.ts";
import { connect, look } from "./message_port/switchboard.ts";

const capabilities: Capabilities = {
  ...taskCapabilities,
  producers: 1,
  consumers: 1,
  reach: "worker",
};

export const adapter: Adapter<unknown> = {
  name: "message_port",
  family: "channel",
  capabilities,
  unavailable: () => Promise.resolve(undefined),
  open: openMessagePort,
  attach: attachMessagePort,
};

/**
 * A new ring, kept by this thread. Items are cloned as by structuredClone(): one that cannot be makes
 * tryWrite() throw a DataCloneError, with nothing accepted.
 *
 * @example Objects from a worker
 * ```ts
 * import { isMainThread, Worker, workerData } from "node:worker_threads";
 * import { assertEquals } from "@std/assert";
 * import { attachMessagePort, openMessagePort } from "ringproof/message_port";
 *
 * if (isMainThread) {
 *   const ring = await openMessagePort({ capacity: 16 });
 *   const reader = await ring.reader();
 *   new Worker(new URL(import.meta.url), { workerData: ring.handle });
 *   const seen: unknown[] = [], batch: unknown[] = new Array(8);
 *   while (!reader.done) seen.push(...batch.slice(0, await reader.read(batch)));
 *   assertEquals(seen, [{ name: "one" }, new Map([["two", 2n]])]);
 * } else {
 *   const ring = await attachMessagePort(workerData);
 *   const writer = await ring.writer();
 *   await writer.write([{ name: "one" }, new Map([["two", 2n]])]);
 *   await ring.close();
 * }
 * ```
 */
export async function openMessagePort(options: OpenOptions): Promise<PortRing> {
  const { capacity } = checkedOptions(options, capabilities, 0);
  const name = randomUUID();
  const keeper = new PortKeeper(name, capacity);
  return await join(threadId, name, () => keeper.dispose());
}

/** The ring that another thread keeps. RING_FOREIGN for a handle of no ring that is open there. */
export async function attachMessagePort(handle: Handle): Promise<PortRing> {
  const { at } = checkedHandle(handle, adapter.name);
  const [, thread, name] = typeof at === "string" && URI.exec(at) || [];
  if (!thread || !name) {
    throw new RingError("RING_FOREIGN", "attach", `the handle is at ${shown(at)}`, at);
  }
  return await join(Number(thread), name);
}

/** The keeper's thread, and the name that it has for the ring. */
const URI = /^port:\/\/(\d{1,15})\/([0-9a-f-]{36})$/;

async function join(thread: number, name: string, dispose?: () => void): Promise<PortRing> {
  const port = await connect(thread, name).catch((cause) => {
    const why = `thread ${thread} does not answer: ${shown(cause?.code)}`;
    throw new RingError("RING_LOST", "attach", why, thread);
  });
  return await PortRing.join(port, {
    handle: { adapter: adapter.name, at: `port://${thread}/${name}` },
    look: () => look(thread, name),
    dispose,
  });
}
