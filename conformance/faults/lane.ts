/** One direction of one connection of the proxy, and all that may happen to its bytes. */
import type { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import { setImmediate } from "node:timers";
import type { Random } from "../random.ts";

/** Between two pieces: timers are too coarse for thousands of pieces, and a turn may not poll. */
const APART_MS = 0.1;

/** Faults; without any of them, pieces of 1 to 16 bytes. */
export interface LaneOptions {
  /** Bytes of a piece, from `min` to `max`. Default 1 to 16. */
  readonly chunk?: { readonly min: number; readonly max: number };
  /** How long what is less than a piece waits for more, milliseconds. Default 0. */
  readonly coalesceMs?: number;
  /** Each piece arrives so much later, milliseconds, with others on their way meanwhile. */
  readonly delayMs?: number;
  readonly bytesPerSecond?: number;
  /** One bit is flipped in about one of `every` bytes, once `after` bytes have passed unharmed. */
  readonly corrupt?: { readonly after: number; readonly every: number };
  /** Once so many bytes have passed the connection is half open: see Proxy.drop(). */
  readonly dropAfterBytes?: number;
}

export class Lane {
  readonly direction: "up" | "down";
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #options: LaneOptions & { readonly random: Random };
  /** What is on its way has arrived. */
  #arrived: Promise<unknown> = Promise.resolve();
  #passed = 0;
  /** Milliseconds that the bytes passed so far should still take. */
  #debtMs = 0;
  #dropped = false;
  #stall: PromiseWithResolvers<void> | undefined;

  constructor(
    from: Socket,
    to: Socket,
    options: LaneOptions & { readonly random: Random; readonly direction: "up" | "down" },
  ) {
    this.direction = options.direction;
    this.#from = from;
    this.#to = to;
    this.#options = options;
  }

  stall(): void {
    this.#stall ??= Promise.withResolvers();
  }

  resume(): void {
    this.#stall?.resolve();
    this.#stall = undefined;
  }

  drop(): void {
    this.#dropped = true;
  }

  /** Until the end of the stream. */
  async pass(): Promise<void> {
    const from = this.#from, to = this.#to;
    while (await this.#anything()) {
      const piece = await this.#nextPiece();
      if (piece) await this.#send(piece);
      await apart();
    }
    await this.#arrived;
    if (this.#dropped) return;
    if (from.readableEnded) to.end();
    else to.destroy();
  }

  async #nextPiece(): Promise<Buffer | null> {
    const { chunk = { min: 1, max: 16 }, coalesceMs = 0, random } = this.#options;
    const from = this.#from;
    const wanted = chunk.min + random.integer(chunk.max - chunk.min + 1);
    if (from.readableLength < wanted && coalesceMs > 0) await delay(coalesceMs);
    return from.read(Math.min(wanted, from.readableLength));
  }

  async #send(piece: Buffer): Promise<void> {
    const { delayMs = 0, dropAfterBytes = Infinity } = this.#options;
    if (this.#passed >= dropAfterBytes) this.#dropped = true;
    if (this.#dropped) return;
    this.#corrupt(piece);
    this.#passed += piece.length;
    await this.#throttle(piece.length);
    if (delayMs === 0) return await sent(this.#to, piece);
    const due = delay(delayMs);
    this.#arrived = this.#arrived.then(() => due).then(() => sent(this.#to, piece));
  }

  #corrupt(piece: Buffer): void {
    const { corrupt, random } = this.#options;
    if (!corrupt) return;
    for (let i = 0; i < piece.length; i++) {
      if (this.#passed + i < corrupt.after || random.integer(corrupt.every) !== 0) continue;
      piece[i] = piece[i]! ^ (1 << random.integer(8));
    }
  }

  /** In steps of a timer: shorter ones than it has add up. */
  async #throttle(bytes: number): Promise<void> {
    const { bytesPerSecond } = this.#options;
    if (bytesPerSecond === undefined) return;
    this.#debtMs += bytes / bytesPerSecond * 1000;
    if (this.#debtMs < 1) return;
    const before = performance.now();
    await delay(this.#debtMs);
    this.#debtMs -= performance.now() - before;
  }

  /** Resolves once there is something to read, and no stall; false = never again. */
  async #anything(): Promise<boolean> {
    const from = this.#from;
    while (from.readableLength === 0 || this.#stall) {
      if (from.readableEnded || from.destroyed) return false;
      if (this.#stall) {
        await Promise.race([this.#stall.promise, either(from, "close")]);
        continue;
      }
      from.read(0);
      await either(from, "readable", "close", "end");
      if (from.readableLength === 0) from.read(); // at the end of the stream, this makes it end
    }
    return !from.destroyed;
  }
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
