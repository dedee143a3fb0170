// The other thread, and the other process, of strategy_test.ts.
import { once } from "node:events";
import process from "node:process";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { WaitStrategy } from "../contract.ts";
import { waitingBy } from "./strategy.ts";
import { EVENT_COUNT_WORDS, EventCount } from "./waiting.ts";

/** Words that the threads share: an event count each way, and the last number each way. */
export const THERE = 0, BACK = EVENT_COUNT_WORDS;
export const SENT = 2 * EVENT_COUNT_WORDS, RETURNED = SENT + 1, WORDS = SENT + 2;

/** What a worker is asked to do: to send each number up to `rounds` back, as soon as it is there. */
export interface Echo {
  readonly words: Int32Array;
  readonly strategy: WaitStrategy;
  readonly rounds: number;
}

/** Until engines have done what they do after a start, compiling and collecting. */
const SETTLE_MS = 300;
const IDLE_MS = 1000;

if (!isMainThread) {
  echo(workerData as Echo);
  parentPort!.postMessage("done");
} else if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await sayIdleTime(process.argv[2] as WaitStrategy);
}

function echo({ words, strategy, rounds }: Echo): void {
  const there = waitingBy(strategy, new EventCount(words, THERE));
  const back = new EventCount(words, BACK);
  for (let round = 1; round <= rounds; round++) {
    there.waitSync(() => Atomics.load(words, SENT) === round, undefined, "read");
    Atomics.store(words, RETURNED, round);
    back.wake();
  }
}

/** Prints the processor time in milliseconds that a second takes in which a worker waits. */
async function sayIdleTime(strategy: WaitStrategy): Promise<void> {
  const words = new Int32Array(new SharedArrayBuffer(4 * WORDS));
  const worker = new Worker(new URL(import.meta.url), {
    workerData: { words, strategy, rounds: 1 } satisfies Echo,
  });
  await once(worker, "online");
  await delay(SETTLE_MS);
  const before = process.cpuUsage();
  await delay(IDLE_MS);
  const { user, system } = process.cpuUsage(before);
  const early = Atomics.load(words, RETURNED);
  Atomics.store(words, SENT, 1);
  new EventCount(words, THERE).wake();
  await once(worker, "message");
  console.log(early === 0 ? (user + system) / 1000 : "it did not wait");
}
