/**
 * A TCP proxy on loopback that passes every byte on in order, in pieces of its own choosing, and can
 * break its connections. Where the pieces of a stream end means nothing, and a receiver that relies
 * on it is found out behind this proxy. The sizes of the pieces follow from the seed.
 */
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setImmediate } from "node:timers";
import { seeded } from "../random.ts";

/** Between two pieces: timers are too coarse for thousands of pieces, and a turn may not poll. */
const APART_MS = 0.1;

export interface ProxyOptions {
  readonly target: { readonly host: string; readonly port: number };
  readonly seed: number;
  /** Bytes of a piece, from `min` to `max`. Default 1 to 16. */
  readonly chunk?: { readonly min: number; readonly max: number };
  /** How long what is less than a piece waits for more, milliseconds. Default 0. */
  readonly coalesceMs?: number;
}

export interface Proxy {
  readonly host: string;
  readonly port: number;
  /** Breaks every connection; new ones are taken as before. */
  cut(): void;
  /** Breaks every connection and takes no more; resolves when all is closed. */
  close(): Promise<void>;
}

export async function openProxy(options: ProxyOptions): Promise<Proxy> {
  const { target, seed, chunk = { min: 1, max: 16 }, coalesceMs = 0 } = options;
  const random = seeded(seed);
  const sockets = new Set<Socket>();
  const nextSize = () => chunk.min + random.integer(chunk.max - chunk.min + 1);
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    const far = connect({ ...target, allowHalfOpen: true, noDelay: true });
    for (const [socket, other] of [[near, far], [far, near]] as const) {
      sockets.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => sockets.delete(socket));
      pass(socket, other, nextSize, coalesceMs);
    }
  });
  const host = "127.0.0.1";
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, host, resolve);
  });
  const cut = () => sockets.forEach((socket) => socket.destroy());
  return {
    host,
    port: (server.address() as AddressInfo).port,
    cut,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
}

/** One direction of one connection, until its end. */
async function pass(
  from: Socket,
  to: Socket,
  nextSize: () => number,
  coalesceMs: number,
): Promise<void> {
  while (await anything(from)) {
    const wanted = nextSize();
    if (from.readableLength < wanted && coalesceMs > 0) await delay(coalesceMs);
    const piece = from.read(Math.min(wanted, from.readableLength));
    if (piece) await sent(to, piece);
    await apart();
  }
  if (from.readableEnded) to.end();
  else to.destroy();
}

/** Resolves once there is something to read; false = never again. */
async function anything(from: Socket): Promise<boolean> {
  while (from.readableLength === 0) {
    if (from.readableEnded || from.destroyed) return false;
    from.read(0);
    await either(from, "readable", "close", "end");
    if (from.readableLength === 0) from.read(); // at the end of the stream, this makes it end
  }
  return !from.destroyed;
}

function either(socket: Socket, ...events: string[]): Promise<void> {
  return new Promise((resolve) => {
    const heard = () => {
      for (const event of events) socket.removeListener(event, heard);
      resolve();
    };
    for (const event of events) socket.on(event, heard);
  });
}

/** Resolves once the kernel has it, or never will. */
function sent(to: Socket, piece: Uint8Array): Promise<void> {
  return new Promise((resolve) => to.write(piece, () => resolve()));
}

/** Long enough that the receiver has probably read the last piece; else the kernel joins the next. */
async function apart(): Promise<void> {
  const start = performance.now();
  do await turn(); while (performance.now() - start < APART_MS);
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
