/** What passes between real threads or processes: nothing lost, doubled, invented or overtaken. */
import type { Capabilities } from "../../impls/contract.ts";
import { checkFifo } from "../history/check.ts";
import type { Operation } from "../history/operation.ts";
import { type Job, type Remote, startRemote } from "../harness/remote.ts";
import {
  all,
  attaches,
  check,
  drops,
  loop,
  manyConsumers,
  manyProducers,
  type Rule,
  type Trial,
  when,
} from "../rule.ts";
import type { Subject } from "../harness/subject.ts";

const notDuplex = when((c) => c.flow !== "duplex", "its two directions are two rings");
const lossless = when((c) => c.overflow === "wait" || c.flow === "sink", "a full ring drops");

const FIF1: Rule = {
  id: "FIF1",
  group: "Order",
  level: "MUST",
  sentence: "The items of one producer come out in the order in which they went in.",
  why: "It is what a queue is for.",
  source: "S3",
  needs: all(attaches, lossless, notDuplex),
  async run(trial) {
    const { received } = await pass(trial, { producers: 1, consumers: 1, batch: 7 });
    let last = 0;
    for (const value of received[0]!) {
      check(value > last, `item ${value} came after item ${last}`);
      last = value;
    }
  },
};

const FIF2: Rule = {
  id: "FIF2",
  group: "Order",
  level: "MUST",
  sentence: "What all threads saw and when fits one bounded first-in-first-out queue.",
  why: "Each thread alone can look right while together they contradict each other.",
  source: "Emmi and Enea 2018, the bad patterns of queues",
  needs: all(attaches, lossless, loop),
  async run(trial) {
    const { operations } = await pass(trial, { ...sides(trial), batch: 1, record: true });
    // Over a network "empty" and "full" speak of what has arrived here, and order nothing.
    const moving = trial.adapter.capabilities.reach === "network"
      ? operations.flat().filter(({ value }) => value !== undefined)
      : operations.flat();
    const fault = checkFifo(moving);
    check(fault === undefined, `${fault?.pattern}: ${fault?.detail}`);
  },
};

const FIF3: Rule = {
  id: "FIF3",
  group: "Order",
  level: "MUST",
  sentence: "Between real threads or processes nothing is lost, duplicated or invented.",
  why: "It is the first thing that a ring with a data race breaks.",
  source: "S3",
  needs: all(attaches, lossless, notDuplex),
  async run(trial) {
    for (const batch of [1, 64]) {
      const { sent, received } = await pass(trial, { ...sides(trial), batch });
      checkOnce(sent, received.flat(), `batches of ${batch}`);
    }
  },
};

const FIF4: Rule = {
  id: "FIF4",
  group: "Order",
  level: "MUST",
  sentence: "Where a full ring drops, what arrives is in order, and what does not is counted.",
  why: "Loss is allowed; loss that nobody hears of, and items that come twice, are not.",
  source: "S2",
  needs: all(attaches, drops, when((c) => c.flow === "source", "no device writes into it")),
  async run(trial) {
    const { sent, received, lost } = await pass(trial, { producers: 1, consumers: 1, batch: 7 });
    let last = 0;
    for (const value of received[0]!) {
      check(value > last, `item ${value} came after item ${last}`);
      last = value;
    }
    const arrived = received[0]!.length;
    check(
      arrived + lost === sent,
      `${sent} were sent, ${arrived} arrived and ${lost} were counted as lost`,
    );
  },
};

const MPR1: Rule = {
  id: "MPR1",
  group: "Many",
  level: "MUST",
  sentence: "With several producers each one's items arrive exactly once and in its order.",
  why: "Two producers that claim one slot lose an item that both were told is in.",
  source: "S0",
  needs: all(attaches, manyProducers),
  async run(trial) {
    const { sent, received } = await pass(trial, { producers: 3, consumers: 1, batch: 5 });
    checkOnce(sent, received.flat(), "three producers");
    const share = sent / 3, last = [0, 0, 0];
    for (const value of received[0]!) {
      const producer = Math.floor((value - 1) / share);
      check(value > last[producer]!, `producer ${producer}: ${value} came after ${last[producer]}`);
      last[producer] = value;
    }
  },
};

const MPR2: Rule = {
  id: "MPR2",
  group: "Many",
  level: "MUST",
  sentence:
    "An end beyond those that the ring has is refused with RING_BUSY until one is given back.",
  why: "A second producer on a ring for one corrupts it without a sound.",
  source: "S4",
  needs: when((c) => c.producers === 1 || c.consumers === 1, "it has many of both ends"),
  async run(trial) {
    const { capabilities: { consumers, producers, flow } } = trial.adapter;
    const { ring } = await trial.open();
    if (producers === 1 && flow !== "source") await checkOneEnd("writer", () => ring.writer());
    if (consumers === 1 && flow !== "sink") await checkOneEnd("reader", () => ring.reader());
  },
};

async function checkOneEnd(what: string, open: () => Promise<AsyncDisposable>): Promise<void> {
  const first = await open();
  let code: unknown;
  try {
    await open();
  } catch (error) {
    code = (error as { code?: unknown }).code;
  }
  check(code === "RING_BUSY", `a second ${what} was answered with ${String(code ?? "success")}`);
  await first[Symbol.asyncDispose]();
  const again = await open();
  await first[Symbol.asyncDispose]();
  code = undefined;
  try {
    await open();
  } catch (error) {
    code = (error as { code?: unknown }).code;
  }
  check(code === "RING_BUSY", `disposing of a ${what} twice gave its successor's place away`);
  await again[Symbol.asyncDispose]();
}

const MCO1: Rule = {
  id: "MCO1",
  group: "Many",
  level: "MUST",
  sentence: "With several consumers each item goes to exactly one of them.",
  why: "Two consumers that claim one slot do the same work twice.",
  source: "S3",
  needs: all(attaches, manyConsumers),
  async run(trial) {
    const { sent, received } = await pass(trial, { producers: 1, consumers: 3, batch: 5 });
    checkOnce(sent, received.flat(), "three consumers");
    for (const values of received) {
      let last = 0;
      for (const value of values) {
        check(value > last, `one consumer got ${value} after ${last}`);
        last = value;
      }
    }
  },
};

interface Passed {
  readonly sent: number;
  /** What each consumer got, in its order. */
  readonly received: number[][];
  readonly operations: Operation[][];
  readonly lost: number;
}

/** Threads write the numbers from 1 on, each its own share; threads read until the ring is done. */
async function pass(
  trial: Trial,
  { producers, consumers, batch, record = false }: {
    producers: number;
    consumers: number;
    batch: number;
    record?: boolean;
  },
): Promise<Passed> {
  const { flow } = trial.adapter.capabilities;
  const subject = await trial.open({ capacity: 64 });
  const share = Math.ceil(trial.effort.items / producers / (batch === 1 ? 4 : 1));
  const job = { batch, record };
  const start = (more: Job) => startRemote(trial, subject.ring, more);
  const reading = flow === "sink" ? [] : await Promise.all(
    numbersTo(consumers).map(() => start({ ...job, role: "consume" })),
  );
  const writing = flow === "source" ? [] : await Promise.all(
    numbersTo(producers).map((i) =>
      start({ ...job, role: "produce", first: 1 + i * share, count: share })
    ),
  );
  const far = flow === "loop" ? [] : [
    await start(
      flow === "source"
        ? { ...job, role: "capture", first: 1, count: share }
        : { role: "play", count: share, batch },
    ),
  ];
  const outcomes = await run(trial, subject, writing, [...far, ...reading]);
  return {
    sent: share * producers,
    received: outcomes.flatMap(({ values }) => values ? [values] : []),
    operations: outcomes.map(({ operations }) => operations),
    lost: outcomes.reduce((sum, { lost }) => sum + lost, 0),
  };
}

/** Starts all at once; the ring is closed when those that write have written. */
async function run(trial: Trial, { ring }: Subject, writing: Remote[], others: Remote[]) {
  for (const remote of [...others, ...writing]) remote.go();
  trial.doing("waiting for the producers to have written everything");
  const feeding = others.filter(({ job }) => job.role === "capture");
  const written = await Promise.all([...writing, ...feeding].map(({ outcome }) => outcome));
  // A sink plays on until it has all; closing it earlier is another rule's matter.
  const playing = others.filter(({ job }) => job.role === "play");
  const played = await Promise.all(playing.map(({ outcome }) => outcome));
  await ring.close();
  trial.doing("waiting for the consumers to come to the end");
  const rest = others.filter(({ job }) => job.role === "consume");
  return [...written, ...played, ...await Promise.all(rest.map(({ outcome }) => outcome))];
}

/** As many threads as its capabilities let it have, two at most on each side. */
function sides({ adapter: { capabilities } }: Trial): { producers: number; consumers: number } {
  const most = (end: Capabilities["producers"]) => (end === 1 ? 1 : 2);
  return { producers: most(capabilities.producers), consumers: most(capabilities.consumers) };
}

/** Each of 1 … `sent` exactly once, and nothing else. */
function checkOnce(sent: number, received: readonly number[], what: string): void {
  const seen = new Uint8Array(sent + 1);
  for (const value of received) {
    check(Number.isInteger(value) && value >= 1 && value <= sent, `${what}: invented ${value}`);
    check(seen[value] === 0, `${what}: item ${value} came twice`);
    seen[value] = 1;
  }
  const missing = seen.indexOf(0, 1);
  check(missing < 0, `${what}: item ${missing} of ${sent} was lost`);
}

const numbersTo = (count: number) => Array.from({ length: count }, (_, i) => i);

export const order: readonly Rule[] = [FIF1, FIF2, FIF3, FIF4, MPR1, MPR2, MCO1];
