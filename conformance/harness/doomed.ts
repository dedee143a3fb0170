/**
 * A thread that dies in the middle of a call: by its own hand at an item that the ring is copying,
 * or by somebody else's, anywhere in a loop of writes.
 */
import { setImmediate } from "node:timers/promises";
import process from "node:process";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import type { Handle, Slots } from "../../impls/contract.ts";
import { loadAdapter } from "../../impls/load.ts";
import type { Trial } from "../rule.ts";
import { interruptedAt } from "./interrupted.ts";
import { codecFor } from "./items.ts";
import { numbers } from "./subject.ts";

export interface Doom {
  /** "write" and "read": dies at the second of the items. "loop": writes them, until it is killed. */
  readonly act: "write" | "read" | "loop";
  readonly first: number;
  readonly count: number;
}

interface Work extends Doom {
  readonly doomed: true;
  readonly ref: string;
  readonly handle: Handle;
}

/** Calls between two turns of its event loop; some runtimes end a thread there only. */
const BURST = 50;

export interface Doomed {
  /** Resolves when it is attached and begins. */
  readonly up: Promise<unknown>;
  readonly dead: Promise<unknown>;
  kill(): Promise<unknown>;
}

export function startDoomed(trial: Trial, handle: Handle, doom: Doom): Doomed {
  const work: Work = { doomed: true, ref: trial.ref, handle, ...doom };
  const worker = new Worker(new URL(import.meta.url), { workerData: work });
  trial.after(() => worker.terminate());
  const dead = new Promise((resolve, reject) => {
    worker.once("exit", resolve);
    worker.once("error", reject);
  });
  const up = Promise.race([new Promise((resolve) => worker.once("message", resolve)), dead]);
  for (const promise of [up, dead]) promise.catch(() => {});
  return { up, dead, kill: () => worker.terminate() };
}

if (!isMainThread && workerData?.doomed) await die(workerData as Work);

async function die({ ref, handle, act, first, count }: Work): Promise<void> {
  const adapter = await loadAdapter(ref);
  const codec = codecFor(adapter.capabilities);
  const ring = await adapter.attach(handle);
  // A plain array is copied element by element, and a thread can be stopped at each of them.
  const items = Array.from(codec.encode(numbers(first, count)) as ArrayLike<unknown>);
  if (act === "read") (await ring.reader()).tryRead(lethalAt(codec.width, items));
  else if (act === "write") (await ring.writer()).tryWrite(lethalAt(codec.width, items));
  else {
    const writer = await ring.writer();
    parentPort!.postMessage("up");
    for (let at = 0, calls = 1; at < count; calls++) {
      at += writer.tryWrite(items, at);
      if (calls % BURST === 0) await setImmediate();
    }
  }
}

/** Whoever reads or writes the element ends the thread at once. */
function lethalAt(index: number, elements: readonly unknown[]): Slots<unknown> {
  return interruptedAt(index, elements, () => process.exit(0));
}
