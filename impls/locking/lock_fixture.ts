/** Threads for tests, each at a lock: one holds it until it is told what to do, one waits, one counts. */
import process from "node:process";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import type { RingError } from "../errors.ts";
import { FutexMutex } from "./futex.ts";

type Role = "hold" | "wait" | "count";
interface Work {
  readonly fixture: "lock";
  readonly words: Int32Array;
  readonly role: Role;
}

/** What a counting thread adds to word 1. */
export const ROUNDS = 20_000;

export interface LockThread {
  /** "held"; "waiting", then "locked" or the error's code. */
  next(): Promise<unknown>;
  tell(order: "unlock" | "die"): Promise<void>;
  readonly exit: Promise<void>;
}

/** The lock is word 0. */
export function startThread(words: Int32Array, role: Role): LockThread {
  const work: Work = { fixture: "lock", words, role };
  const worker = new Worker(new URL(import.meta.url), { workerData: work });
  const messages: unknown[] = [];
  let wake = () => {};
  worker.on("message", (message: unknown) => (messages.push(message), wake()));
  const exit = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
  return {
    async next() {
      while (messages.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      return messages.shift();
    },
    tell(order) {
      worker.postMessage(order);
      return exit;
    },
    exit,
  };
}

/** Resolves once another thread has the lock. */
export async function startHolder(words: Int32Array): Promise<LockThread> {
  const holder = startThread(words, "hold");
  await holder.next();
  return holder;
}

if (!isMainThread && workerData?.fixture === "lock") work(workerData as Work);

function work({ words, role }: Work): void {
  const mutex = new FutexMutex(words, 0, { repair: () => {} });
  if (role === "hold") hold(mutex);
  else if (role === "wait") wait(mutex);
  else for (let i = 0; i < ROUNDS; i++) mutex.runExclusive(() => words[1]!++);
}

function hold(mutex: FutexMutex): void {
  mutex.lock();
  parentPort!.once("message", (order: "unlock" | "die") => {
    if (order === "unlock") mutex.unlock();
    process.exit(0);
  });
  parentPort!.postMessage("held");
}

function wait(mutex: FutexMutex): void {
  parentPort!.postMessage("waiting");
  try {
    mutex.lock();
    parentPort!.postMessage("locked");
  } catch (error) {
    parentPort!.postMessage((error as RingError).code);
  }
}
