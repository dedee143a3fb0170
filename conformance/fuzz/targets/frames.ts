/** What strangers send to a served ring: messages of its protocol in any order, and nearly of it. */
import fc from "fast-check";
import { WebSocket } from "ws";
import { openWebSocket } from "../../../impls/network/websocket.ts";
import * as wire from "../../../impls/network/websocket/protocol.ts";
import { fromHex, nearly } from "../bytes.ts";
import { assertHarmless, nothingHeld, type Target } from "../target.ts";

/** Each message in hexadecimal. */
interface Input {
  readonly messages: readonly string[];
  /** It does not say goodbye. */
  readonly breaks: boolean;
}

const CAPACITY = 4, WIDTH = 2;
const items = (count: number) => [wire.ITEMS, ...new Array(count * WIDTH).fill(7)];
/** Every message that there is, to either side. */
const good: readonly (readonly number[])[] = [
  [wire.OPEN, wire.WRITER],
  [wire.OPEN, wire.READER],
  items(1),
  items(CAPACITY),
  [wire.CONSUMED, 1],
  [wire.LEAVE, wire.WRITER],
  [wire.LEAVE, wire.READER],
  [wire.CLOSE],
  [wire.SEEN],
  [wire.RECOVER, 1, 2, 3, 4, 0],
  [wire.HELLO, wire.MAGIC, wire.VERSION, 4, 2, 0, 1000, 1, 2, 3, 4],
  [wire.CREDIT, 4],
];
const bytesOf = (words: readonly number[]) => new Uint8Array(wire.message(...words).buffer);

export const frames: Target = {
  name: "frames",
  sentence:
    "A stranger who knows a ring's name can take its ends, and harms nobody otherwise: the " +
    "ring is served to the next, and ends when its owner ends it.",
  prepare: () =>
    Promise.resolve({
      ...nothingHeld,
      inputs: fc.record({
        messages: fc.array(
          fc.oneof(
            fc.constantFrom(...good.map(bytesOf)).map((bytes) => nearlyNothing(bytes)),
            nearly(good.map(bytesOf), 2),
          ),
          { minLength: 1, maxLength: 8 },
        ),
        breaks: fc.boolean(),
      }),
      attempt,
    }),
};

const nearlyNothing = (bytes: Uint8Array) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

async function attempt({ messages, breaks }: Input): Promise<void> {
  await using ring = await openWebSocket({ capacity: CAPACITY, width: WIDTH });
  const stranger = await greeted(ring.handle.at as string);
  for (const bytes of messages) stranger.send(fromHex(bytes));
  await heard(stranger);
  await over(stranger, breaks);
  // Closed, it may be: by whom is nobody's business. Else both its ends can be had and used.
  const next = await openEnd(() => ring.writer());
  if (!next) return;
  const accepted = countOf(() => next.tryWrite(new Int32Array(2 * CAPACITY * WIDTH)));
  assertHarmless(accepted <= CAPACITY, `${accepted} items went into ${CAPACITY} slots`);
}

/** A stranger to whom the ring has said hello. */
function greeted(at: string): Promise<WebSocket> {
  const socket = new WebSocket(at.replace("ring:", "ws:"));
  return new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.once("message", () => {
      socket.on("error", () => {}); // from here on the ring may send it away
      resolve(socket);
    });
  });
}

/** Resolves once the ring has seen all that was sent: it answers a ping, or has closed. */
function heard(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState === socket.CLOSED) return resolve();
    socket.once("pong", () => resolve());
    socket.once("close", () => resolve());
    if (socket.readyState === socket.OPEN) socket.ping();
  });
}

function over(socket: WebSocket, breaks: boolean): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState === socket.CLOSED) return resolve();
    socket.once("close", () => resolve());
    if (breaks) socket.terminate();
    else socket.close(1000);
  });
}

async function openEnd<E>(open: () => Promise<E>): Promise<E | undefined> {
  try {
    return await open();
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    assertHarmless(
      code === "RING_BUSY" || code === "RING_CLOSED",
      `the next writer: ${String(error)}`,
    );
  }
}

function countOf(write: () => number): number {
  try {
    return write();
  } catch (error) {
    assertHarmless((error as { code?: unknown }).code === "RING_CLOSED", String(error));
    return 0;
  }
}
