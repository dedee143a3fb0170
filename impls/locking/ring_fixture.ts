/** Threads for tests that die within a write or a read: an element of the caller's buffer kills them. */
import process from "node:process";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import type { Handle } from "../contract.ts";
import { attachFutexRing } from "./futex_ring.ts";

interface Work {
  readonly fixture: "ring";
  readonly handle: Handle;
  readonly act: "write" | "read";
}

/** Resolves once a thread has died at the second of three items that it wrote or read. */
export function dieWithin(act: "write" | "read", handle: Handle): Promise<void> {
  const work: Work = { fixture: "ring", handle, act };
  const worker = new Worker(new URL(import.meta.url), { workerData: work });
  return new Promise((resolve, reject) => {
    worker.once("error", reject);
    worker.once("exit", () => resolve());
  });
}

if (!isMainThread && workerData?.fixture === "ring") {
  const { handle, act } = workerData as Work;
  const ring = attachFutexRing(handle);
  const buffer = Object.defineProperty([101, 0, 103], 1, {
    get: () => process.exit(0),
    set: () => process.exit(0),
  });
  if (act === "write") (await ring.writer()).tryWrite(buffer);
  else (await ring.reader()).tryRead(buffer);
}
