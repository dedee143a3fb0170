/** The body of the thread or process behind remote.ts: attaches to a ring and does one job on it. */
import { createInterface } from "node:readline";
import process from "node:process";
import { isMainThread, parentPort } from "node:worker_threads";
import type { Adapter, Reader, Ring, Slots, Writer } from "../../impls/contract.ts";
import { loadAdapter } from "../../impls/load.ts";
import { type Codec, codecFor } from "./items.ts";
import type {
  Answer,
  EchoJob,
  Job,
  Order,
  PlayJob,
  RawOutcome,
  ReadJob,
  WriteJob,
} from "./remote.ts";
import { numbers } from "./subject.ts";

/** How long a blocking call sleeps before it looks up whether the ring is done. */
const NAP_MS = 50;
/** Fruitless calls that a history keeps of one thread; a spin has millions. */
const MOST_FRUITLESS = 2000;

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
  const codec = codecFor(adapter.capabilities);
  const outcome = await prepare(adapter, ring, codec, job);
  answer({ type: "ready" });
  await begun;
  answer({ type: "outcome", ...await outcome() });
}

/** Takes the end that the job needs; what it returns does the job. */
async function prepare(
  adapter: Adapter<unknown>,
  ring: Ring<unknown>,
  codec: Codec,
  job: Job,
): Promise<() => Promise<RawOutcome>> {
  switch (job.role) {
    case "produce": {
      const writer = await ring.writer();
      return () => produce(writer, codec, job);
    }
    case "consume": {
      const reader = await ring.reader();
      return () => consume(reader, codec, job);
    }
    case "capture":
      return () => Promise.resolve(capture(ring, codec, job));
    case "play":
      return () => Promise.resolve(play(ring, codec, job));
    case "echo": {
      const reader = await ring.reader();
      const writer = await (await adapter.attach(job.into)).writer();
      return () => echo(reader, writer, codec, job);
    }
  }
}

async function produce(
  writer: Writer<unknown>,
  codec: Codec,
  { first, count, batch, record }: WriteJob,
): Promise<RawOutcome> {
  const log = new Log(record);
  for (let next = first; next < first + count;) {
    const size = Math.min(batch, first + count - next);
    const items = codec.encode(numbers(next, size));
    const accepted = log.of(0, next, () => writer.tryWrite(items));
    next += accepted;
    if (accepted > 0) continue;
    if (record) await turn();
    else if (writer.writeSync) next += writer.writeSync(items, NAP_MS);
    else {
      await writer.write(items);
      next += size;
    }
  }
  return { values: undefined, operations: log.entries, lost: writer.stats().lost };
}

async function consume(
  reader: Reader<unknown>,
  codec: Codec,
  { batch, record }: ReadJob,
): Promise<RawOutcome> {
  const log = new Log(record);
  const values: number[] = [];
  const into = codec.buffer(batch);
  const keep = (got: number) => {
    for (const value of codec.decode(into, got)) values.push(value);
  };
  while (!reader.done) {
    const got = log.of(1, () => codec.decode(into, 1)[0]!, () => reader.tryRead(into));
    keep(got);
    if (got > 0) continue;
    if (record) await turn();
    else keep(reader.readSync ? reader.readSync(into, NAP_MS) : await reader.read(into));
  }
  return { values, operations: log.entries, lost: reader.stats().lost };
}

/** Plays the device that writes; it waits for nobody. */
function capture(ring: Ring<unknown>, codec: Codec, job: WriteJob): RawOutcome {
  const { first, count, batch } = job;
  for (let next = first; next < first + count; next += batch) {
    const size = Math.min(batch, first + count - next);
    ring.device!.cycle(codec.encode(numbers(next, size)), undefined);
  }
  return { values: undefined, operations: [], lost: 0 };
}

/** Plays the device that reads, silence (0) left out, until it has had `count` numbers. */
function play(ring: Ring<unknown>, codec: Codec, { count, batch }: PlayJob): RawOutcome {
  const values: number[] = [];
  const output: Slots<unknown> = codec.buffer(batch);
  while (values.length < count) {
    ring.device!.cycle(undefined, output);
    for (const value of codec.decode(output, batch)) if (value !== 0) values.push(value);
  }
  return { values, operations: [], lost: 0 };
}

async function echo(
  reader: Reader<unknown>,
  writer: Writer<unknown>,
  codec: Codec,
  { count }: EchoJob,
): Promise<RawOutcome> {
  const into = codec.buffer(1);
  for (let done = 0; done < count; done++) {
    // No timeout: a wake-up that is lost must hang, or the rule could not see it.
    if (reader.readSync!(into) === 0) break;
    await writer.write(into);
  }
  return { values: undefined, operations: [], lost: 0 };
}

/** Lets others in: a spin that never ends its turn starves the sockets of its own event loop. */
const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

/** Records calls on this thread alone, so that the recording orders no two threads. */
class Log {
  readonly entries: number[] = [];
  readonly #on: boolean;
  #fruitless = 0;

  constructor(on: boolean) {
    this.#on = on;
  }

  /** `value`: the item that was given, or how to find the one that was got. */
  of(kind: 0 | 1, value: number | (() => number), call: () => number): number {
    if (!this.#on) return call();
    const called = performance.now();
    const count = call();
    const returned = performance.now();
    if (count > 0) {
      this.entries.push(kind, typeof value === "number" ? value : value(), called, returned);
    } else if (this.#fruitless++ < MOST_FRUITLESS) this.entries.push(kind, 0, called, returned);
    return count;
  }
}
