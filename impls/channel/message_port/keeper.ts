/**
 * Knows, on the thread that opened a ring, who has which side of it, and links the two. As long as
 * nobody has the writer it stands in for one, with the items that were not read.
 */
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { COUNTS_BYTES, countsIn } from "./lookout.ts";
import {
  isCount,
  type Notice,
  type Position,
  type Request,
  type Side,
  type WriterState,
} from "./messages.ts";
import { Source } from "./source.ts";
import { announce, isAlive, type Keeper, withdraw } from "./switchboard.ts";

export class PortKeeper implements Keeper {
  readonly #name: string;
  readonly #capacity: number;
  readonly #holders = new Set<Holder>();
  readonly #sides: Record<Side, Holder | undefined> = { reader: undefined, writer: undefined };
  readonly #words = new SharedArrayBuffer(COUNTS_BYTES);
  readonly #arrival = countsIn(this.#words).arrival;
  /** The newest link, of which the reader has its side: the writer's, until the reader has joined. */
  #links = 0;
  #joining: MessagePort | undefined = undefined;
  /** In place of a writer; undefined also while that is lost. */
  #source: Source | undefined;
  /** Sides whose holder's thread has gone, and which nobody has taken since. */
  readonly #lost = new Set<Side>();
  #closed = false;
  /** Who wait until no writer accepts an item any more. */
  readonly #closers: { readonly holder: Holder; readonly id: number }[] = [];

  constructor(name: string, capacity: number) {
    this.#name = name;
    this.#capacity = capacity;
    this.#source = new Source(capacity, { written: 0, items: [] }, this.#arrival);
    announce(name, this);
  }

  connect(port: MessagePort, thread: number): void {
    const holder: Holder = { port, thread };
    this.#holders.add(holder);
    port.addEventListener("message", (event) => {
      this.#heard(holder, (event as MessageEvent).data as Request);
    });
    port.addEventListener("close", () => this.#drop(holder));
    port.start();
    port.unref();
    tell(holder, {
      type: "hello",
      capacity: this.#capacity,
      closed: this.#closed,
      words: this.#words,
    });
    for (const side of this.#lost) tell(holder, { type: "lost", side });
  }

  look(): void {
    for (const holder of this.#holders) {
      isAlive(holder.thread, this.#name).then((alive) => alive || this.#drop(holder));
    }
  }

  dispose(): void {
    withdraw(this.#name);
    this.#source?.disconnect();
    this.#tellAll({ type: "gone" }); // who hears it closes the port
    this.#holders.clear();
  }

  #heard(holder: Holder, request: Request): void {
    if (!this.#holders.has(holder)) return;
    switch (request.type) {
      case "take":
        return this.#take(holder, request.side, request.id);
      case "release":
        if (this.#sides[request.side] === holder) this.#release(request.side, request.state);
        return tell(holder, { type: "answer", id: request.id, grant: undefined });
      case "close":
        return this.#close(holder, request.id);
      case "sealed":
        if (this.#sides.writer === holder) this.#answerClosers();
        return;
      case "joined":
        if (this.#sides.reader === holder) this.#joined(request.link, request.at);
        return;
      case "leave":
        this.#holders.delete(holder);
        return holder.port.close();
    }
  }

  #take(holder: Holder, side: Side, id: number): void {
    const held = this.#sides[side];
    if (held) return void this.#refuseWhileAlive(held, holder, side, id);
    this.#sides[side] = holder;
    const there = { reader: this.#sides.reader, writer: this.#sides.writer ?? this.#source };
    const linked = there.reader !== undefined && there.writer !== undefined;
    const state = side === "writer" ? this.#source?.handOver() : undefined;
    if (side === "writer") this.#source = undefined;
    tell(holder, { type: "answer", id, grant: { linked, state } });
    if (this.#lost.delete(side)) this.#tellAll({ type: "found", side });
    this.#link();
  }

  /** RING_BUSY, unless the thread that has the side is gone and nothing has said so. */
  async #refuseWhileAlive(held: Holder, holder: Holder, side: Side, id: number): Promise<void> {
    if (await isAlive(held.thread, this.#name)) {
      return tell(holder, { type: "answer", id, grant: undefined });
    }
    this.#drop(held);
    this.#take(holder, side, id);
  }

  #release(side: Side, state: WriterState | undefined): void {
    this.#sides[side] = undefined;
    if (side === "reader") return this.#unlink();
    this.#source = new Source(this.#capacity, this.#checked(state), this.#arrival);
    if (this.#closed) {
      this.#source.seal();
      this.#answerClosers();
    }
    this.#link();
  }

  /** What it says of itself, where that can be. */
  #checked(state: WriterState | undefined): WriterState {
    const items = state?.items;
    const good = Array.isArray(items) && items.length <= this.#capacity &&
      isCount(state?.written, items.length, Number.MAX_SAFE_INTEGER);
    return good ? state! : { written: 0, items: [] };
  }

  /** A new link between those who have the sides, or are going to. */
  #link(): void {
    this.#joining?.close();
    this.#joining = undefined;
    const { reader, writer } = this.#sides;
    if (!reader || !(writer || this.#source)) return;
    const { port1, port2 } = new MessageChannel();
    this.#joining = port1;
    tell(reader, { type: "link", side: "reader", link: ++this.#links, port: port2 }, [port2]);
  }

  #joined(link: number, at: Position | undefined): void {
    const port = this.#joining;
    if (!port || link !== this.#links) return;
    this.#joining = undefined;
    const { writer } = this.#sides;
    if (writer) tell(writer, { type: "link", side: "writer", at, port }, [port]);
    else this.#source?.connect(port, at);
  }

  /** The reader has left. */
  #unlink(): void {
    this.#joining?.close();
    this.#joining = undefined;
    this.#source?.disconnect();
    if (this.#sides.writer) tell(this.#sides.writer, { type: "unlink" });
  }

  #close(holder: Holder, id: number): void {
    this.#closers.push({ holder, id });
    if (!this.#closed) {
      this.#closed = true;
      this.#source?.seal();
      this.#tellAll({ type: "closing" });
    } else if (this.#sides.writer) tell(this.#sides.writer, { type: "closing" });
    if (!this.#sides.writer) this.#answerClosers();
  }

  #answerClosers(): void {
    for (const { holder, id } of this.#closers.splice(0)) {
      tell(holder, { type: "answer", id, grant: undefined });
    }
  }

  /** Its thread is gone. */
  #drop(holder: Holder): void {
    if (!this.#holders.delete(holder)) return;
    holder.port.close();
    for (const side of ["writer", "reader"] as const) {
      if (this.#sides[side] !== holder) continue;
      this.#sides[side] = undefined;
      this.#lost.add(side);
      this.#tellAll({ type: "lost", side });
      if (side === "reader") this.#unlink();
      else if (this.#closed) this.#answerClosers();
    }
  }

  #tellAll(notice: Notice): void {
    for (const holder of this.#holders) tell(holder, notice);
  }
}

/** A thread that has the ring open, with any of its sides or none. */
interface Holder {
  readonly port: MessagePort;
  readonly thread: number;
}

function tell({ port }: Holder, notice: Notice, transfer: MessagePort[] = []): void {
  port.postMessage(notice, transfer);
}
