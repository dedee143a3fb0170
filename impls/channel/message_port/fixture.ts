/** A thread for tests, which does on a ring what it is told to, one thing after the other. */
import process from "node:process";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import type { Handle, Reader, Ring, Writer } from "../../contract.ts";
import { attachMessagePort, openMessagePort } from "../message_port.ts";

export type Order =
  | { readonly act: "open"; readonly capacity: number }
  | { readonly act: "attach"; readonly handle: Handle }
  | { readonly act: "writer" | "reader" | "release writer" | "release reader" }
  | { readonly act: "write" | "tryWrite"; readonly items: readonly unknown[] }
  | { readonly act: "read" | "tryRead"; readonly count: number }
  /** Never lets its event loop turn until it has done it. */
  | { readonly act: "spin write"; readonly items: readonly unknown[] }
  | { readonly act: "spin read"; readonly count: number }
  | { readonly act: "close" | "dispose" | "exit" };

const FIXTURE = "message_port";

export class Peer implements AsyncDisposable {
  readonly #worker = new Worker(new URL(import.meta.url), { workerData: FIXTURE });
  readonly #gone = new Promise<void>((resolve) => this.#worker.once("exit", () => resolve()));

  #answer = Promise.withResolvers<unknown>();

  constructor() {
    this.#worker.on("message", (answer) => this.#answer.resolve(answer));
    this.#worker.on("error", (error) => this.#answer.reject(error));
  }

  /**
   * Resolves with the order's answer: a handle, a number, items; or the code of its error. One order
   * at a time.
   */
  ask(order: Order): Promise<unknown> {
    this.#answer = Promise.withResolvers();
    this.#worker.postMessage(order);
    return this.#answer.promise;
  }

  /** As when it fails: nothing is given back. */
  async die(how: "exit" | "terminate"): Promise<void> {
    if (how === "exit") this.#worker.postMessage({ act: "exit" });
    else await this.#worker.terminate();
    await this.#gone;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }
}

if (!isMainThread && workerData === FIXTURE) {
  let ring: Ring<unknown>, writer: Writer<unknown>, reader: Reader<unknown>;

  const done = async (order: Order): Promise<unknown> => {
    switch (order.act) {
      case "open":
        return (ring = await openMessagePort(order)).handle;
      case "attach":
        return (ring = await attachMessagePort(order.handle)).capacity;
      case "writer":
        return void (writer = await ring.writer());
      case "reader":
        return void (reader = await ring.reader());
      case "release writer":
        return await writer[Symbol.asyncDispose]();
      case "release reader":
        return await reader[Symbol.asyncDispose]();
      case "write":
        return await writer.write(order.items);
      case "tryWrite":
        return writer.tryWrite(order.items);
      case "spin write":
        return spin(order.items.length, (from) => writer.tryWrite(order.items, from));
      case "read": {
        const into = new Array(order.count);
        return into.slice(0, await reader.read(into));
      }
      case "tryRead": {
        const into = new Array(order.count);
        return into.slice(0, reader.tryRead(into));
      }
      case "spin read": {
        const into = new Array(order.count);
        spin(order.count, (from) => reader.tryRead(into, from));
        return into;
      }
      case "close":
        return await ring.close();
      case "dispose":
        return await ring[Symbol.asyncDispose]();
      case "exit":
        return process.exit(0);
    }
  };

  parentPort!.on("message", (order: Order) => {
    done(order).then(
      (answer) => parentPort!.postMessage(answer),
      (error) => parentPort!.postMessage(error.code ?? error.name),
    );
  });
}

function spin(count: number, step: (from: number) => number): void {
  for (let at = 0; at < count;) at += step(at);
}
