/**
 * Brings a port from a thread that knows a ring's name to the thread that keeps the ring, by the
 * messages between threads that Node introduced (worker_threads.postMessageToThread), which Deno and
 * Bun have too. They pass through no object of the user's, so that a handle is all that one needs.
 *
 * The same messages tell whether a thread is still there: they are answered by the event loop of the
 * other thread, and refused at once when it is gone.
 */
import process from "node:process";
import {
  MessageChannel,
  type MessagePort,
  postMessageToThread,
  threadId,
} from "node:worker_threads";
import { atDeadline } from "../../shared/deadline.ts";

/** One who answers for a ring on this thread. */
export interface Keeper {
  connect(port: MessagePort, thread: number): void;
  /** Finds out which of the other threads are gone. */
  look(): void;
}

/** Marks these messages among those of others, for this version of messages.ts. */
const KIND = "ringproof/message_port@1";

export function announce(name: string, keeper: Keeper): void {
  keepersHere().set(name, keeper);
}

export function withdraw(name: string): void {
  keepersHere().delete(name);
}

/** A port to the keeper on that thread, if there is one: it says "hello" or "unknown". */
export async function connect(thread: number, name: string): Promise<MessagePort> {
  keepersHere(); // from now on this thread answers when it is looked for
  const { port1, port2 } = new MessageChannel();
  const message: Message = { kind: KIND, name, port: port2 };
  // A message to a thread that has not come round to it keeps no process alive.
  const settle = atDeadline(Infinity, () => {});
  try {
    if (thread === threadId) receive(message, threadId);
    else await postMessageToThread(thread, message, [port2]);
  } finally {
    settle();
  }
  return port1;
}

/** Has the keeper look for threads that are gone; false = its own is. */
export async function look(thread: number, name: string): Promise<boolean> {
  if (thread !== threadId) return await isAlive(thread, name);
  keepersHere().get(name)?.look();
  return true;
}

/** The thread is there; to be asked of threads that have used this module. */
export async function isAlive(thread: number, name: string): Promise<boolean> {
  if (thread === threadId) return true;
  try {
    await postMessageToThread(thread, { kind: KIND, name });
  } catch (error) {
    // Other errors are those of listeners there, who then are alive.
    return (error as { code?: unknown }).code !== "ERR_WORKER_MESSAGING_FAILED";
  }
  return true;
}

interface Message {
  readonly kind: string;
  readonly name: string;
  /** Of one who wants to be connected; without one it is a look. */
  readonly port?: MessagePort;
}

/**
 * By name: the keepers of this thread, for all copies of this module that it has loaded, since a
 * message between threads comes to every listener. The first to ask has this thread listen.
 */
function keepersHere(): Map<string, Keeper> {
  const realm = globalThis as unknown as Record<symbol, Map<string, Keeper> | undefined>;
  const key = Symbol.for(KIND);
  const found = realm[key];
  if (found) return found;
  process.on("workerMessage", receive);
  return realm[key] = new Map();
}

/** Other programs' messages come here too. */
function receive(message: unknown, source: number): void {
  if (typeof message !== "object" || message === null) return;
  const { kind, name, port } = message as Partial<Message>;
  if (kind !== KIND) return;
  const keeper = keepersHere().get(name!);
  if (!port) keeper?.look();
  else if (keeper) keeper.connect(port, source);
  else port.postMessage({ type: "unknown" }); // who hears it closes the port
}
