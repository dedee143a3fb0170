/**
 * The client's half of a connection to a served ring: from the dial to the loss, in bounded time. What
 * the messages mean is not its business.
 */
import type { Buffer } from "node:buffer";
import { clearInterval, setInterval } from "node:timers";
import { WebSocket } from "ws";
import { RingError } from "../../errors.ts";
import { MAX_CAPACITY } from "../../shared/arguments.ts";
import * as wire from "./protocol.ts";
import { format, type RingUri } from "./uri.ts";

/** A server that is there answers within this time. */
const DIAL_MS = 5000;
const MIN_BEAT_MS = 10, MAX_BEAT_MS = 60_000;

/** Not in place, for the types of ws know no closeTimeout. */
const socketOptions = {
  perMessageDeflate: false,
  maxPayload: wire.MAX_MESSAGE_BYTES,
  closeTimeout: wire.GOODBYE_MS,
};

export interface Hello {
  readonly capacity: number;
  /** Words of an item. */
  readonly width: number;
  readonly closed: boolean;
  readonly beatMs: number;
  /** Names this connection to the server once it is lost; words. */
  readonly key: readonly number[];
}

/** Hears what comes after the hello, without a gap. */
export interface Hearer {
  hello(hello: Hello): void;
  message(type: number, bytes: Buffer): void;
  /** Once, unless close() came first. `ringIsGone`: nobody can attach to it any more. */
  lost(why: string, ringIsGone: boolean): void;
}

/**
 * Resolves once the hearer has the hello. Within `timeoutMs`, RING_LOST when nobody answers, and
 * RING_FOREIGN when whoever does serves no such ring.
 */
export function dial(uri: RingUri, hearer: Hearer, timeoutMs = DIAL_MS): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://${uri.host}:${uri.port}/${uri.name}`, socketOptions);
    let connection: Connection | undefined;
    const fail = (code: "RING_LOST" | "RING_FOREIGN", why: string, cause?: unknown) => {
      clearTimeout(timer);
      socket.terminate();
      const at = format(uri);
      reject(Object.assign(new RingError(code, "attach", `${at}: ${why}`, at), { cause }));
    };
    const timer = setTimeout(() => {
      const silent = socket.readyState === socket.CONNECTING;
      fail(silent ? "RING_LOST" : "RING_FOREIGN", `no answer within ${timeoutMs} ms`);
    }, timeoutMs);
    socket.on("message", (data, isBinary) => {
      if (connection) return connection.hear(data as Buffer, isBinary);
      const hello = parseHello(data as Buffer, isBinary);
      if (typeof hello === "string") return fail("RING_FOREIGN", hello);
      clearTimeout(timer);
      connection = new Connection(socket, hello, hearer);
      hearer.hello(hello);
      resolve(connection);
    });
    socket.on("close", (code, reason) => {
      if (connection) connection.end(code, reason.toString());
      else fail("RING_FOREIGN", "it closed the connection without a hello");
    });
    // Once there was a hello, the close that follows an error tells all.
    socket.on("error", (error) => {
      if (connection) return;
      fail(systemCode(error) ? "RING_LOST" : "RING_FOREIGN", error.message, error);
    });
  });
}

export class Connection {
  readonly #socket: WebSocket;
  readonly #hearer: Hearer;
  readonly #width: number;
  readonly #beats: ReturnType<typeof setInterval>;
  readonly #ended: Promise<void>;
  #silentBeats = 0;
  #over = false;

  /** Of dial(). */
  constructor(socket: WebSocket, { width, beatMs }: Hello, hearer: Hearer) {
    this.#socket = socket;
    this.#hearer = hearer;
    this.#width = width;
    this.#beats = setInterval(() => this.#beat(), beatMs);
    this.#beats.unref();
    this.#ended = new Promise((resolve) => socket.once("close", () => resolve()));
    socket.on("ping", () => this.#silentBeats = 0);
  }

  send(message: Int32Array): void {
    if (!this.#over) this.#socket.send(message);
  }

  /** Says goodbye after all that was sent; resolves once the socket is closed. */
  close(): Promise<void> {
    this.#stop();
    this.#socket.close(1000);
    return this.#ended;
  }

  hear(bytes: Buffer, isBinary: boolean): void {
    if (this.#over) return;
    this.#silentBeats = 0;
    try {
      this.#hearer.message(wire.typeOf(bytes, isBinary, "client", this.#width), bytes);
    } catch (error) {
      if (!(error instanceof wire.Violation)) throw error;
      this.#socket.close(error.closeCode);
      this.#lose(`the server sent ${error.message}`, false);
    }
  }

  end(code: number, reason: string): void {
    if (code === 1001) this.#lose("the ring was disposed", true);
    else this.#lose(`the connection closed with code ${code} ${reason}`.trimEnd(), false);
  }

  #beat(): void {
    if (++this.#silentBeats <= wire.SILENT_BEATS) return;
    this.#socket.terminate();
    this.#lose("the server does not answer", false);
  }

  #lose(why: string, ringIsGone: boolean): void {
    if (this.#over) return;
    this.#stop();
    this.#hearer.lost(why, ringIsGone);
  }

  #stop(): void {
    this.#over = true;
    clearInterval(this.#beats);
  }
}

/** What the server says of itself, or what is wrong with it. */
function parseHello(bytes: Buffer, isBinary: boolean): Hello | string {
  if (!isBinary || bytes.length < 3 * wire.WORD_BYTES || wire.word(bytes, 0) !== wire.HELLO) {
    return "it says something else than hello";
  }
  if (wire.word(bytes, 1) !== wire.MAGIC) return "it serves no ring";
  const version = wire.word(bytes, 2);
  if (version !== wire.VERSION) return `it speaks version ${version}, not ${wire.VERSION}`;
  if (bytes.length !== wire.HELLO_BYTES) return `a hello of ${bytes.length} bytes`;
  const [capacity, width, closed, beatMs] = [3, 4, 5, 6].map((at) => wire.word(bytes, at));
  const good = within(capacity!, 1, MAX_CAPACITY) && within(width!, 1, wire.MAX_WIDTH) &&
    within(closed!, 0, 1) && within(beatMs!, MIN_BEAT_MS, MAX_BEAT_MS);
  if (!good) return `a hello of capacity ${capacity}, width ${width}, beat ${beatMs} ms`;
  const key = [7, 8, 9, 10].map((at) => wire.word(bytes, at));
  return { capacity: capacity!, width: width!, closed: closed === 1, beatMs: beatMs!, key };
}

function within(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}

/** Of a system call that failed, as opposed to an answer that makes no sense. */
export function systemCode(error: unknown): string | undefined {
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  return typeof code === "string" && /^E[A-Z]+$/.test(code) ? code : undefined;
}
