/** The client's side of protocol.ts: one connection, with at most one writer and one reader on it. */
import type { Buffer } from "node:buffer";
import type { EndOptions, Handle, ReaderOptions, Ring } from "../../contract.ts";
import { RingError, type RingErrorCode } from "../../errors.ts";
import { checkEnd } from "../../shared/arguments.ts";
import { type Connection, dial, type Hearer, type Hello } from "./connection.ts";
import * as wire from "./protocol.ts";
import { message, READER, type Side, Violation, WRITER } from "./protocol.ts";
import { WebSocketReader } from "./reader.ts";
import { recover } from "./recover.ts";
import type { RingUri } from "./uri.ts";
import { WebSocketWriter } from "./writer.ts";

/** Something asked of the server; it answers in the order of the questions. */
interface Question<A> {
  answered(answer: A): void;
  failed(error: unknown): void;
}

export class WebSocketRing implements Ring<number>, Hearer {
  readonly handle: Handle;
  readonly #uri: RingUri;
  readonly #server: AsyncDisposable | undefined;
  #connection!: Connection;
  #hello!: Hello;
  #writer: WebSocketWriter | undefined;
  #reader: WebSocketReader | undefined;
  /** By side. */
  readonly #opening: readonly [Question<number>[], Question<number>[]] = [[], []];
  readonly #leaving: readonly [Question<void>[], Question<void>[]] = [[], []];
  readonly #closers: Question<void>[] = [];
  #closed = false;
  #closing: Promise<void> | undefined;
  #recovery: Promise<void> | undefined;
  #disposal: Promise<void> | undefined;
  /** Why nothing can be asked any more. */
  #fault: { readonly code: RingErrorCode; readonly why: string } | undefined;

  /** `server`: what is disposed with the ring, by the one who opened it. */
  static async connect(
    handle: Handle,
    uri: RingUri,
    server?: AsyncDisposable,
  ): Promise<WebSocketRing> {
    const ring = new WebSocketRing(handle, uri, server);
    ring.#connection = await dial(uri, ring);
    return ring;
  }

  private constructor(handle: Handle, uri: RingUri, server: AsyncDisposable | undefined) {
    this.handle = handle;
    this.#uri = uri;
    this.#server = server;
  }

  get capacity(): number {
    return this.#hello.capacity;
  }

  writer(options?: EndOptions): Promise<WebSocketWriter> {
    return Promise.try(() => {
      checkEnd("writer", options);
      return this.#open(WRITER, (credit) => {
        const { capacity, width } = this.#hello;
        const writer = new WebSocketWriter({
          width,
          capacity,
          credit,
          batch: wire.batchItems(capacity, width),
          send: (items) => this.#connection.send(items),
          leave: once(() => this.#leave(WRITER)),
        });
        if (this.#closed) refuseClosed(writer);
        return this.#writer = writer;
      });
    });
  }

  reader(options?: ReaderOptions): Promise<WebSocketReader> {
    return Promise.try(() => {
      checkEnd("reader", options);
      return this.#open(READER, () => {
        const { capacity, width } = this.#hello;
        return this.#reader = new WebSocketReader({
          width,
          window: wire.windowItems(capacity, width),
          send: (report) => this.#connection.send(report),
          leave: once(() => this.#leave(READER)),
        });
      });
    });
  }

  close(): Promise<void> {
    return this.#closing ??= new Promise((resolve, reject) => {
      if (this.#fault?.code === "RING_CLOSED") return resolve();
      this.#check("close");
      this.#refuseWrites();
      this.#closers.push({ answered: resolve, failed: reject });
      this.#connection.send(message(wire.CLOSE));
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#disposal ??= this.#dispose();
  }

  hello(hello: Hello): void {
    this.#hello = hello;
    this.#closed = hello.closed;
  }

  message(type: number, bytes: Buffer): void {
    switch (type) {
      case wire.OPENED: {
        const credit = this.#itemsIn(wire.word(bytes, 2)); // before the question counts as answered
        return next(this.#opening[wire.sideOf(bytes)]).answered(credit);
      }
      case wire.BUSY:
        return next(this.#opening[wire.sideOf(bytes)]).failed(busy(wire.sideOf(bytes)));
      case wire.ITEMS:
        return this.#reader?.accept(bytes);
      case wire.CREDIT:
        return this.#writer?.grant(wire.word(bytes, 1));
      case wire.LEFT:
        return next(this.#leaving[wire.sideOf(bytes)]).answered();
      case wire.CLOSING:
        this.#refuseWrites();
        return this.#connection.send(message(wire.SEEN));
      case wire.ENDED:
        this.#reader?.end(this.#itemsIn(wire.word(bytes, 1)));
        return this.#connection.send(message(wire.SEEN));
      case wire.CLOSED:
        return next(this.#closers).answered();
      default:
        throw new Violation(1008, `a message of type ${type} that nobody asked for`);
    }
  }

  lost(why: string, ringIsGone: boolean): void {
    this.#fault = { code: "RING_LOST", why };
    this.#giveUp();
    this.#writer?.refuse("RING_LOST", why);
    const reader = this.#reader;
    if (!reader) return;
    reader.cutOff();
    const gone = ringIsGone
      ? Promise.resolve(true)
      : recover(this.#uri, this.#hello.key, reader.position);
    this.#recovery = gone.then((gone) => reader.lose(why, gone));
  }

  /** A number of items that are in the ring, or have room in it; Violation when they cannot be. */
  #itemsIn(count: number): number {
    const { capacity } = this.#hello;
    if (count <= capacity) return count;
    throw new Violation(1008, `${count} items in a ring of ${capacity}`);
  }

  /** Asks for an end, which is made when the answer comes and before anything that follows it. */
  #open<E>(side: Side, make: (credit: number) => E): Promise<E> {
    return new Promise((resolve, reject) => {
      this.#check(`open a ${wire.sideName(side)}`);
      this.#opening[side].push({ answered: (credit) => resolve(make(credit)), failed: reject });
      this.#connection.send(message(wire.OPEN, side));
    });
  }

  #leave(side: Side): Promise<void> {
    if (side === WRITER) this.#writer = undefined;
    else this.#reader = undefined;
    if (this.#fault) return Promise.resolve();
    return new Promise((resolve) => {
      this.#leaving[side].push({ answered: resolve, failed: () => resolve() });
      this.#connection.send(message(wire.LEAVE, side));
    });
  }

  async #dispose(): Promise<void> {
    const ends = [this.#writer, this.#reader].map((end) => end?.[Symbol.asyncDispose]());
    this.#fault = { code: "RING_CLOSED", why: "the ring was disposed" };
    await this.#connection.close(); // the server hears of the ends before this
    this.#giveUp();
    await Promise.all([...ends, this.#recovery]);
    await this.#server?.[Symbol.asyncDispose]();
  }

  #refuseWrites(): void {
    this.#closed = true;
    this.#writer?.flush();
    if (this.#writer) refuseClosed(this.#writer);
  }

  #check(action: string): void {
    if (this.#fault) throw new RingError(this.#fault.code, action, this.#fault.why);
  }

  /** Nothing will be answered any more. */
  #giveUp(): void {
    const { code, why } = this.#fault!;
    const questions = [...this.#opening, ...this.#leaving, this.#closers];
    for (const { failed } of questions.flatMap((line) => line.splice(0) as Question<never>[])) {
      failed(new RingError(code, "hear from the ring", why));
    }
  }
}

function next<A>(line: Question<A>[]): Question<A> {
  const question = line.shift();
  if (!question) throw new Violation(1008, "an answer to no question");
  return question;
}

function refuseClosed(writer: WebSocketWriter): void {
  writer.refuse("RING_CLOSED", "the ring is closed");
}

function busy(side: Side): RingError {
  const name = wire.sideName(side);
  return new RingError("RING_BUSY", `open a ${name}`, `its one ${name} is taken`);
}

/** An end may be disposed of again; by then its slot may be its successor's. */
function once(leave: () => Promise<void>): () => Promise<void> {
  let left: Promise<void> | undefined;
  return () => left ??= leave();
}
