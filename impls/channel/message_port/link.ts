/**
 * One side's end of a link: a port that is looked into, and not listened to. A side that looks finds
 * all that the other said before, as it would in shared memory. (Where a port is listened to as well,
 * a message that is on its way to the listener is overtaken by one that is looked for.)
 */
import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";

export class Link<Heard, Told> {
  readonly #port: MessagePort;
  readonly #hear: (message: Heard) => void;

  /** `hear` is called by drain(). */
  constructor(port: MessagePort, hear: (message: Heard) => void) {
    this.#port = port;
    this.#hear = hear;
  }

  tell(message: Told): void {
    this.#port.postMessage(message);
  }

  drain(): void {
    for (;;) {
      const received = receiveMessageOnPort(this.#port);
      if (received === undefined) return;
      this.#hear(received.message as Heard);
    }
  }

  /** After a last look. */
  close(): void {
    this.drain();
    this.#port.close();
  }
}
