/** The thread behind cell.ts. */
import fc from "fast-check";
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import type { CellEnd, CellMessage, CellOrders } from "./cell.ts";
import { Harm } from "./target.ts";
import { loadTarget } from "./targets/index.ts";

if (!isMainThread && workerData?.fuzz) {
  tell({ type: "end", end: await work(workerData.fuzz as CellOrders) });
}

function tell(message: CellMessage): void {
  parentPort!.postMessage(message);
}

async function work({ target: name, adapters, inputs, limitMs }: CellOrders): Promise<CellEnd> {
  await using attempts = await (await loadTarget(name)).prepare(adapters);
  let runs = 0;
  const attempt = async (input: unknown) => {
    runs++;
    tell({ type: "trying", input });
    await within(limitMs, attempts.attempt(input));
  };
  const { kept = [], made } = inputs;
  for (const input of kept) {
    try {
      await attempt(input);
    } catch (error) {
      return { runs, failure: { input, message: inWords(error) } };
    }
  }
  if (!made) return { runs, failure: undefined };
  const result = await fc.check(fc.asyncProperty(attempts.inputs, attempt), {
    seed: made.seed,
    numRuns: made.runs,
    interruptAfterTimeLimit: made.seconds * 1000,
    markInterruptAsFailure: false,
  });
  if (result.counterexample === null) return { runs, failure: undefined };
  const [input] = result.counterexample;
  return { runs, failure: { input, message: inWords(result.errorInstance) } };
}

function within(limitMs: number, attempt: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout>;
  const late = new Promise<void>((_, reject) => {
    timer = setTimeout(() => reject(new Harm(`it was not over after ${limitMs} ms`)), limitMs);
  });
  return Promise.race([attempt, late]).finally(() => clearTimeout(timer));
}

function inWords(error: unknown): string {
  if (error instanceof Harm) return error.message;
  return error instanceof Error ? error.stack ?? error.message : String(error);
}
