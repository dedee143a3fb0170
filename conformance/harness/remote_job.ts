/** The body of the thread or process behind remote.ts: attaches to a ring and does one job on it. */
import { createInterface } from "node:readline";
import process from "node:process";
import { isMainThread, parentPort } from "node:worker_threads";
import type { Adapter, Ring } from "../../impls/contract.ts";
import { loadAdapter } from "../../impls/load.ts";
import { codecFor } from "./items.ts";
import type { Answer, Job, Order, RawOutcome } from "./job.ts";
import { consume } from "./roles/consume.ts";
import { capture, play } from "./roles/device.ts";
import { echo } from "./roles/echo.ts";
import { produce } from "./roles/produce.ts";

const answer = (message: Answer) => {
  if (isMainThread) process.stdout.write(JSON.stringify(message) + "\n");
  else parentPort!.postMessage(message);
};

let go = () => {};
const begun = new Promise<void>((resolve) => (go = resolve));

function onOrder(order: Order): void {
  if (order.type === "clock") answer({ type: "clock", now: performance.now() });
  else if (order.type === "go") go();
  else work(order).catch((error) => answer({ type: "error", message: String(error) }));
}

if (isMainThread) {
  createInterface({ input: process.stdin })
    .on("line", (line) => onOrder(JSON.parse(line) as Order))
    .on("close", () => process.exit(0));
} else parentPort!.on("message", onOrder);
answer({ type: "up" });

async function work({ ref, handle, job }: Extract<Order, { type: "job" }>): Promise<void> {
  const adapter = await loadAdapter(ref);
  const ring = await adapter.attach(handle);
  const { id, act } = await prepare(adapter, ring, job);
  answer({ type: "ready", id });
  await begun;
  answer({ type: "outcome", ...await act() });
}

interface Prepared {
  /** Of its reader, where it has one that has one. */
  readonly id?: number;
  act(): RawOutcome | Promise<RawOutcome>;
}

/** Takes the end that the job needs. */
async function prepare(
  adapter: Adapter<unknown>,
  ring: Ring<unknown>,
  job: Job,
): Promise<Prepared> {
  const codec = codecFor(adapter.capabilities, job.width);
  const { waiting } = job;
  switch (job.role) {
    case "produce": {
      const writer = await ring.writer({ waiting });
      return { act: () => produce(writer, codec, job) };
    }
    case "consume": {
      const after = job.after?.map((id) => ({ id }));
      const reader = await ring.reader({ after, waiting });
      return { id: reader.id, act: () => consume(reader, codec, job) };
    }
    case "capture":
      return { act: () => capture(ring, codec, job) };
    case "play":
      return { act: () => play(ring, codec, job) };
    case "echo": {
      const reader = await ring.reader({ waiting });
      const writer = await (await adapter.attach(job.into)).writer({ waiting });
      return { act: () => echo(reader, writer, codec) };
    }
  }
}
