/**
 * The serving side of protocol.ts: who holds the two ends of a ring, and what passes between them.
 * What is in the ring is the ledger's business.
 *
 * A reader whose connection is lost may have read items that it could not report any more. For
 * RECOVERY_MS it can still do so on a new connection, and only then do the rest of its items go to
 * the next reader: nothing is lost and nothing is read twice. If it cannot (its process died, or the
 * network stays down), what it read and did not report is read again, by the next: at least once.
 */
import type { Buffer } from "node:buffer";
import { clearInterval, setInterval } from "node:timers";
import type { WebSocket } from "ws";
import { coalesced } from "./coalesce.ts";
import type { Ledger } from "./ledger.ts";
import { Peer } from "./peer.ts";
import * as wire from "./protocol.ts";
import { message, READER, type Side, Violation, WRITER } from "./protocol.ts";

export class Exchange {
  readonly #ledger: Ledger;
  readonly #beatMs: number;
  readonly #beats: ReturnType<typeof setInterval>;
  readonly #peers = new Set<Peer>();
  /** Who holds each end, by side. */
  readonly #holders: (Peer | undefined)[] = [undefined, undefined];
  /** The reader that may still report what it read, and those that want to succeed it. */
  #lost: { readonly key: Buffer; readonly timer: ReturnType<typeof setTimeout> } | undefined;
  #heirs: Peer[] = [];
  #state: "open" | "closing" | "ended" | "stopped" = "open";
  #closed: Promise<void> | undefined;

  constructor(ledger: Ledger, beatMs: number) {
    this.#ledger = ledger;
    this.#beatMs = beatMs;
    this.#beats = setInterval(() => this.#peers.forEach((peer) => peer.beat()), beatMs);
    this.#beats.unref();
  }

  admit(socket: WebSocket): void {
    const peer = new Peer(socket);
    if (this.#state === "stopped") return peer.cut();
    this.#peers.add(peer);
    socket.on("message", (data, isBinary) => this.#hear(peer, data as Buffer, isBinary));
    socket.on("error", () => this.#drop(peer)); // what ws itself refuses; it sends the close code
    socket.on("close", () => this.#drop(peer));
    peer.send(this.#hello(peer));
  }

  /** Ends every connection; what is in the ring is gone. */
  async stop(): Promise<void> {
    this.#state = "stopped";
    clearInterval(this.#beats);
    clearTimeout(this.#lost?.timer);
    await Promise.all([...this.#peers].map((peer) => peer.close(1001)));
  }

  #hello({ key }: Peer): Int32Array {
    const { capacity, width } = this.#ledger;
    const closed = this.#state === "open" ? 0 : 1;
    const keyWords = [0, 4, 8, 12].map((at) => key.readInt32LE(at));
    const head = [wire.MAGIC, wire.VERSION, capacity, width, closed, this.#beatMs];
    return message(wire.HELLO, ...head, ...keyWords);
  }

  #hear(peer: Peer, bytes: Buffer, isBinary: boolean): void {
    if (!this.#peers.has(peer)) return; // on its way out
    peer.heard();
    try {
      this.#obey(peer, wire.typeOf(bytes, isBinary, "server", this.#ledger.width), bytes);
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      peer.refuse(error);
      this.#drop(peer);
      if (this.#lost?.key === peer.key) this.#settle(); // what it reports is worth nothing
    }
  }

  #obey(peer: Peer, type: number, bytes: Buffer): void {
    switch (type) {
      case wire.OPEN:
        return this.#open(peer, wire.sideOf(bytes));
      case wire.ITEMS:
        this.#require(peer, WRITER);
        if (this.#state === "ended") throw new Violation(1008, "items after the end");
        this.#ledger.accept(bytes);
        return this.#move();
      case wire.CONSUMED:
        this.#require(peer, READER);
        this.#ledger.consume(wire.word(bytes, 1));
        return this.#move();
      case wire.LEAVE:
        return this.#leave(peer, wire.sideOf(bytes));
      case wire.CLOSE:
        this.#closed ??= this.#close();
        this.#closed.then(() => peer.send(message(wire.CLOSED)));
        return;
      case wire.SEEN:
        if (!peer.answered()) throw new Violation(1008, "an answer to no question");
        return;
      case wire.RECOVER:
        return this.#recover(peer, bytes);
    }
  }

  #open(peer: Peer, side: Side): void {
    const holder = this.#holders[side];
    if (holder) this.#contend(peer, side, holder);
    else if (side === READER && this.#lost) this.#heirs.push(peer);
    else if (side === WRITER) this.#joinWriter(peer);
    else this.#joinReader(peer);
  }

  /** An end is busy only when its holder is alive; a broken connection may just not be known yet. */
  async #contend(peer: Peer, side: Side, holder: Peer): Promise<void> {
    if (holder !== peer) await holder.probe();
    if (!this.#peers.has(peer)) return;
    if (this.#holders[side] === holder) peer.send(message(wire.BUSY, side));
    else this.#open(peer, side);
  }

  #joinWriter(peer: Peer): void {
    this.#holders[WRITER] = peer;
    this.#ledger.joinWriter();
    peer.send(message(wire.OPENED, WRITER, this.#ledger.grant()));
  }

  #joinReader(peer: Peer): void {
    this.#holders[READER] = peer;
    this.#ledger.joinReader();
    peer.send(message(wire.OPENED, READER, 0));
    if (this.#state === "ended") peer.ask(this.#ended(peer));
    this.#move();
  }

  #leave(peer: Peer, side: Side): void {
    this.#require(peer, side);
    this.#holders[side] = undefined;
    peer.send(message(wire.LEFT, side));
  }

  #require(peer: Peer, side: Side): void {
    if (peer === this.#holders[side]) return;
    throw new Violation(1008, `it is not the ${wire.sideName(side)}`);
  }

  /** Credit to the writer and items to the reader, as far as there is any. */
  readonly #move = coalesced(() => {
    const [writer, reader] = this.#holders;
    const credit = writer ? this.#ledger.grant() : 0;
    if (credit > 0) writer!.send(message(wire.CREDIT, credit));
    while (reader) {
      const items = this.#ledger.next();
      if (!items) return;
      reader.send(items);
    }
  });

  async #close(): Promise<void> {
    this.#state = "closing";
    await this.#askAll(() => message(wire.CLOSING));
    this.#state = "ended";
    await this.#askAll((peer) => this.#ended(peer));
  }

  async #askAll(question: (peer: Peer) => Int32Array): Promise<void> {
    await Promise.all([...this.#peers].map((peer) => peer.ask(question(peer))));
  }

  #ended(peer: Peer): Int32Array {
    return message(wire.ENDED, peer === this.#holders[READER] ? this.#ledger.unsent : 0);
  }

  #drop(peer: Peer): void {
    if (!this.#peers.delete(peer)) return;
    const [writer, reader] = this.#holders;
    if (peer === writer) this.#holders[WRITER] = undefined;
    if (peer === reader) {
      this.#holders[READER] = undefined;
      if (this.#ledger.unconsumed > 0 && this.#state !== "stopped") {
        this.#lost = { key: peer.key, timer: setTimeout(() => this.#settle(), wire.RECOVERY_MS) };
      }
    }
    peer.gone();
  }

  #recover(peer: Peer, bytes: Buffer): void {
    const key = bytes.subarray(wire.KEY_IN_RECOVER, wire.POSITION_IN_RECOVER);
    const reader = this.#holders[READER];
    if (reader?.key.equals(key)) {
      // Its end of the connection broke first.
      reader.cut();
      this.#drop(reader);
    }
    if (this.#lost?.key.equals(key)) {
      this.#ledger.consume(bytes.readUInt32LE(wire.POSITION_IN_RECOVER));
      this.#settle();
    }
    peer.send(message(wire.RECOVERED));
  }

  /** The lost reader has reported, or never will. */
  #settle(): void {
    clearTimeout(this.#lost?.timer);
    this.#lost = undefined;
    const heirs = this.#heirs.filter((peer) => this.#peers.has(peer));
    this.#heirs = [];
    heirs.forEach((peer) => this.#open(peer, READER));
  }
}
