/**
 * Inputs tried on a thread of their own, under watch from this one: what blocks the thread for ever
 * is found out here, with the input that it was given, and what ends the thread as well.
 */
import { Worker } from "node:worker_threads";
import type { TargetName } from "./targets/index.ts";

/** What is to be tried. */
export interface Inputs {
  /** These first, in this order: what a corpus holds. */
  readonly kept?: readonly unknown[];
  /** And then so many of the target's own, or those of so much time. */
  readonly made?: { readonly seed: number; readonly runs: number; readonly seconds: number };
}

export interface CellOrders {
  readonly target: TargetName;
  /** By loadAdapter()'s names, for targets that try adapters. */
  readonly adapters: readonly string[];
  readonly inputs: Inputs;
  /** Milliseconds after which an input that is still being tried hangs. */
  readonly limitMs: number;
}

export interface CellEnd {
  readonly runs: number;
  readonly failure: CellFailure | undefined;
}

export interface CellFailure {
  /** Shrunk, unless it hung or ended the thread. */
  readonly input: unknown;
  readonly message: string;
}

/** What the thread tells: each input before it is tried, and at the end what became of them. */
export type CellMessage =
  | { readonly type: "trying"; readonly input: unknown }
  | { readonly type: "end"; readonly end: CellEnd };

/** An input has this much longer than its limit before the thread counts as blocked. */
const GRACE_MS = 500;
/** For the thread to start and to load what it is to try. */
const START_MS = 20_000;

export function runCell(orders: CellOrders): Promise<CellEnd> {
  const worker = new Worker(new URL("./cell_worker.ts", import.meta.url), {
    workerData: { fuzz: orders },
  });
  let runs = 0, input: unknown, timer: ReturnType<typeof setTimeout>;
  const { promise, resolve } = Promise.withResolvers<CellEnd>();
  const fail = (message: string) => resolve({ runs, failure: { input, message } });
  const watch = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => fail(`the thread was blocked for ${ms} ms`), ms);
  };
  worker.on("message", (message: CellMessage) => {
    if (message.type === "end") return resolve(message.end);
    runs++;
    input = message.input;
    watch(orders.limitMs + GRACE_MS);
  });
  worker.on("error", (error) => fail(`the thread died: ${String(error)}`));
  worker.on("exit", (code) => fail(`the thread exited with ${code}`));
  watch(START_MS);
  return promise.finally(async () => {
    clearTimeout(timer);
    await worker.terminate();
  });
}
