/** A ring as those see it who hold ends of it: all they know has come over a port from its keeper. */
import type { MessagePort } from "node:worker_threads";
import type {
  EndOptions,
  Handle,
  Reader,
  ReaderOptions,
  Ring,
  Slots,
  Writer,
} from "../../contract.ts";
import { RingError, type RingErrorCode } from "../../errors.ts";
import { checkEnd, MAX_CAPACITY } from "../../shared/arguments.ts";
import { GateReader, GateWriter } from "../ends.ts";
import { Destination } from "./destination.ts";
import { type Counts, countsIn, Lookout, WatchedGate } from "./lookout.ts";
import {
  type Grant,
  isCount,
  type Notice,
  type Request,
  type Side,
  type WriterState,
} from "./messages.ts";
import { Source } from "./source.ts";

/** What a ring needs beside its port. */
export interface Origin {
  readonly handle: Handle;
  /** Has the keeper look for threads that are gone; false = its own is. */
  look(): Promise<boolean>;
  /** Of the one who opened the ring: frees the keeper. */
  readonly dispose?: () => void;
}

/** Something that the keeper answers. */
interface Question {
  readonly request: Asking;
  readonly answer: PromiseWithResolvers<Grant | undefined>;
}

type Asking =
  | { readonly type: "take"; readonly side: Side }
  | { readonly type: "release"; readonly side: Side; readonly state?: WriterState }
  | { readonly type: "close" };

export class PortRing implements Ring<unknown> {
  readonly handle: Handle;
  readonly #port: MessagePort;
  readonly #origin: Origin;
  readonly #greeted = Promise.withResolvers<void>();
  readonly #lookout: Lookout;
  /** What the sides sleep on, and the lines before them; there once the keeper has greeted. */
  #counts!: Counts;
  #room!: WatchedGate;
  #items!: WatchedGate;
  readonly #questions = new Map<number, Question>();
  #asked = 0;
  #capacity = 0;
  /** The halves of the sides that this holder has. */
  #source: Source | undefined = undefined;
  #destination: Destination | undefined = undefined;
  #closed = false;
  /** Sides that a thread held which is gone. */
  readonly #lost = new Set<Side>();
  /** Why nothing more is heard. */
  #cutOff: RingError | undefined = undefined;
  #disposal: Promise<void> | undefined = undefined;

  /** Resolves once the keeper has greeted; RING_FOREIGN when it does not know the ring. */
  static async join(port: MessagePort, origin: Origin): Promise<PortRing> {
    const ring = new PortRing(port, origin);
    await ring.#lookout.during(ring.#greeted.promise);
    return ring;
  }

  private constructor(port: MessagePort, origin: Origin) {
    this.#port = port;
    this.#origin = origin;
    this.handle = origin.handle;
    this.#lookout = new Lookout(() =>
      origin.look().then((there) =>
        there || this.#cut("RING_LOST", "the thread that keeps it is gone")
      )
    );
    port.addEventListener("message", (event) => {
      this.#heard((event as MessageEvent).data as Notice);
    });
    port.addEventListener("close", () => {
      this.#cut("RING_LOST", "the thread that keeps it has gone");
    });
    port.start();
    port.unref();
  }

  get capacity(): number {
    return this.#capacity;
  }

  async writer(options?: EndOptions): Promise<Writer<unknown>> {
    checkEnd("writer", options);
    await this.#take("writer");
    const source = this.#source!;
    return new GateWriter<unknown>({
      room: this.#room,
      tryWrite: (items, from) => this.#tryWrite(source, items, from),
      release: () => this.#release("writer"),
    });
  }

  async reader(options?: ReaderOptions): Promise<Reader<unknown>> {
    checkEnd("reader", options);
    await this.#take("reader");
    const destination = this.#destination!;
    return new GateReader<unknown>({
      items: this.#items,
      isDone: () => destination.done,
      tryRead: (into, from) => this.#tryRead(destination, into, from),
      release: () => this.#release("reader"),
    });
  }

  async close(): Promise<void> {
    this.#shut();
    if (this.#cutOff?.code !== "RING_CLOSED") await this.#ask({ type: "close" });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#disposal ??= this.#dispose();
  }

  async #dispose(): Promise<void> {
    if (this.#origin.dispose === undefined && !this.#cutOff) {
      for (const side of ["writer", "reader"] as const) await this.#release(side);
      this.#tell({ type: "leave" });
    }
    this.#cut("RING_CLOSED", "it was disposed of");
    this.#origin.dispose?.();
  }

  #tryWrite(source: Source, items: ArrayLike<unknown>, from: number): number {
    if (this.#closed) throw new RingError("RING_CLOSED", "write", "the ring is closed");
    if (this.#cutOff) throw this.#cutOff;
    if (source !== this.#source) throw givenBack("write");
    const offered = items.length - from;
    const count = Math.min(offered, source.room());
    if (count > 0) source.accept(Array.prototype.slice.call(items, from, from + count));
    else if (offered > 0 && this.#lost.has("reader")) {
      throw new RingError("RING_LOST", "write", "the ring is full and its reader's thread is gone");
    }
    return count;
  }

  #tryRead(destination: Destination, into: Slots<unknown>, from: number): number {
    if (destination !== this.#destination) throw givenBack("read");
    const count = destination.take(into, from);
    if (count > 0 || from === into.length || destination.ended) return count;
    if (this.#cutOff) throw this.#cutOff;
    if (this.#lost.has("writer")) {
      throw new RingError("RING_LOST", "read", "the ring is empty and its writer's thread is gone");
    }
    return 0;
  }

  async #take(side: Side): Promise<void> {
    const grant = await this.#ask({ type: "take", side });
    if (grant === undefined) {
      throw new RingError("RING_BUSY", `open a ${side}`, `the ring has its one ${side} already`);
    }
    if (grant.linked) await this.#untilLinked(side);
    if (this.#cutOff) throw this.#cutOff;
  }

  /** From then on an end finds all that the other has done, without a turn of the event loop. */
  async #untilLinked(side: Side): Promise<void> {
    const half = side === "writer" ? this.#source! : this.#destination!;
    const count = side === "writer" ? this.#counts.room : this.#counts.arrival;
    const linked = () => half.linked || this.#cutOff !== undefined;
    await this.#lookout.during(count.wait(linked, undefined, `open a ${side}`));
  }

  async #release(side: Side): Promise<void> {
    const source = this.#source, destination = this.#destination;
    if (this.#cutOff) return;
    if (side === "writer") this.#source = undefined;
    else this.#destination = undefined;
    this.#wakeAll();
    if (side === "reader") destination?.leave();
    const state = side === "writer" ? source?.handOver() : undefined;
    // Where the keeper is lost there is nothing left to give back.
    await this.#ask({ type: "release", side, state }).catch(() => {});
  }

  async #ask(request: Asking): Promise<Grant | undefined> {
    if (this.#cutOff) throw this.#cutOff;
    const answer = Promise.withResolvers<Grant | undefined>();
    const id = this.#asked++;
    this.#questions.set(id, { request, answer });
    this.#tell({ ...request, id });
    return await this.#lookout.during(answer.promise);
  }

  #tell(request: Request): void {
    this.#port.postMessage(request);
  }

  #heard(notice: Notice): void {
    switch (notice.type) {
      case "hello":
        return this.#greet(notice);
      case "unknown":
        return this.#cut("RING_FOREIGN", "no ring of its name is open there", "attach");
      case "answer":
        return this.#answered(notice.id, notice.grant);
      case "link":
        if (notice.side === "writer") this.#source?.connect(notice.port, notice.at);
        else this.#join(notice.link, notice.port);
        return this.#wakeAll();
      case "unlink":
        this.#source?.disconnect();
        return this.#wakeAll();
      case "closing":
        this.#shut();
        this.#source?.seal();
        return this.#tell({ type: "sealed" });
      case "lost":
        this.#lost.add(notice.side);
        if (notice.side === "writer") this.#destination?.disconnect();
        return this.#wakeAll();
      case "found":
        return void this.#lost.delete(notice.side);
      case "gone":
        return this.#cut("RING_CLOSED", "it was disposed of");
    }
  }

  #greet({ capacity, closed, words }: Extract<Notice, { type: "hello" }>): void {
    if (!isCount(capacity, 1, MAX_CAPACITY) || !(words instanceof SharedArrayBuffer)) {
      return this.#cutForeign();
    }
    this.#capacity = capacity;
    this.#closed = closed;
    this.#counts = countsIn(words);
    this.#room = new WatchedGate(this.#counts.room, this.#lookout);
    this.#items = new WatchedGate(this.#counts.arrival, this.#lookout);
    this.#greeted.resolve();
  }

  #join(link: number, port: MessagePort): void {
    if (!this.#destination) return port.close(); // given back meanwhile
    this.#tell({ type: "joined", link, at: this.#destination.connect(port) });
  }

  #answered(id: number, grant: Grant | undefined): void {
    const question = this.#questions.get(id);
    if (!question) return this.#cutForeign();
    this.#questions.delete(id);
    const { request, answer } = question;
    // At once, since the link that follows is for what is made here.
    if (request.type === "take" && grant) this.#make(request.side, grant);
    answer.resolve(grant);
  }

  #make(side: Side, { state, linked }: Grant): void {
    if (side === "reader") {
      this.#destination = new Destination(this.#capacity, this.#counts.room);
      return;
    }
    // Where neither the writer before nor a reader is there, everything begins anew.
    const known = state ?? (linked ? undefined : { written: 0, items: [] });
    this.#source = new Source(this.#capacity, known, this.#counts.arrival);
    if (this.#closed) this.#source.seal();
  }

  #shut(): void {
    this.#closed = true;
    this.#wakeAll();
  }

  /** Those who wait look again, here at once. */
  #wakeAll(): void {
    this.#room?.open();
    this.#items?.open();
    this.#counts?.room.wakeAlways();
    this.#counts?.arrival.wakeAlways();
  }

  #cutForeign(): void {
    this.#cut("RING_FOREIGN", "the other side of its port speaks another language");
  }

  /** Nothing will be heard any more. What has arrived can be read still, unless the ring was disposed of. */
  #cut(code: RingErrorCode, why: string, action = "use the ring"): void {
    if (this.#cutOff) return;
    const error = this.#cutOff = new RingError(code, action, why);
    if (code === "RING_CLOSED") {
      this.#closed = true;
      this.#destination?.discard();
    }
    this.#port.close();
    this.#greeted.promise.catch(() => {}); // heard by those who wait for it, if any do
    this.#greeted.reject(error);
    for (const { request, answer } of this.#questions.values()) {
      if (request.type === "take" || code !== "RING_CLOSED") answer.reject(error);
      else answer.resolve(undefined); // what is asked for has come about by the disposal
    }
    this.#questions.clear();
    this.#source?.disconnect();
    this.#destination?.disconnect();
    this.#wakeAll();
  }
}

function givenBack(action: "read" | "write"): RingError {
  return new RingError("RING_CLOSED", action, "this end was disposed of");
}
