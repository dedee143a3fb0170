/** One connection as the server sees it. */
import type { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import type { WebSocket } from "ws";
import { KEY_BYTES, MAX_QUEUED_BYTES, SILENT_BEATS, type Violation } from "./protocol.ts";

export class Peer {
  /** Names the connection to the server once it is lost. */
  readonly key: Buffer = randomBytes(KEY_BYTES);
  readonly #socket: WebSocket;
  readonly #answers: (() => void)[] = [];
  /** Those that wait for the pong of a ping, by its number. */
  readonly #probes = new Map<number, () => void>();
  #pings = 0;
  #silentBeats = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("pong", (data) => this.#pong(Number(data.toString())));
  }

  heard(): void {
    this.#silentBeats = 0;
  }

  send(message: Int32Array): void {
    if (this.#socket.bufferedAmount > MAX_QUEUED_BYTES) this.#socket.terminate();
    else this.#socket.send(message);
  }

  /** Sends, and resolves at answered(), or when the connection is gone. */
  ask(message: Int32Array): Promise<void> {
    return new Promise((resolve) => {
      this.#answers.push(resolve);
      this.send(message);
    });
  }

  /** The oldest question is answered; false = there was none. */
  answered(): boolean {
    const resolve = this.#answers.shift();
    resolve?.();
    return resolve !== undefined;
  }

  /** Resolves once it has shown that it is still there, or is gone. */
  probe(): Promise<void> {
    return new Promise((resolve) => {
      this.#ping();
      this.#probes.set(this.#pings, resolve);
    });
  }

  /** Nothing more will come from it. */
  gone(): void {
    while (this.answered());
    this.#pong(this.#pings);
  }

  /** Once every beat: pings it, or gives it up. */
  beat(): void {
    if (++this.#silentBeats > SILENT_BEATS) this.#socket.terminate();
    else this.#ping();
  }

  refuse({ closeCode, message }: Violation): void {
    this.#socket.close(closeCode, message.slice(0, 120));
  }

  /** Resolves once the socket is closed. */
  close(code: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.readyState === this.#socket.CLOSED) return resolve();
      this.#socket.once("close", () => resolve());
      this.#socket.close(code);
    });
  }

  cut(): void {
    this.#socket.terminate();
  }

  #ping(): void {
    this.#socket.ping(String(++this.#pings));
  }

  #pong(number: number): void {
    this.heard();
    for (const [ping, resolve] of this.#probes) {
      if (!(ping <= number)) return;
      this.#probes.delete(ping);
      resolve();
    }
  }
}
