/** What passes between real threads or processes: nothing lost, doubled, invented or overtaken. */
import { patternNames } from "../history/fault.ts";
import { checkHistories, recordable } from "../harness/histories.ts";
import { checkOnce, checkRising, pass, sides } from "../harness/pass.ts";
import {
  all,
  attaches,
  check,
  manyConsumers,
  manyProducers,
  type Rule,
  type Trial,
  when,
} from "../rule.ts";

const notDuplex = when((c) => c.flow !== "duplex", "its two directions are two rings");
const lossless = when((c) => c.overflow === "wait" || c.flow === "sink", "a full ring drops");

const FIF1: Rule = {
  id: "FIF1",
  group: "Order",
  level: "MUST",
  sentence: "The items of one producer come out in the order in which they went in.",
  why: "It is what a queue is for.",
  source: "S3",
  technique: ["history"],
  needs: all(attaches, lossless, notDuplex),
  async run(trial) {
    for (const claims of ways(trial)) {
      const { received } = await pass(trial, { producers: 1, consumers: 1, batch: 7, claims });
      checkRising(received[0]!, claims ? "by claims" : "one producer");
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
  technique: ["history", "exploration"],
  needs: recordable,
  run: (trial) => checkHistories(trial, { capacity: 64 }, patternNames),
};

const FIF3: Rule = {
  id: "FIF3",
  group: "Order",
  level: "MUST",
  sentence: "Between real threads or processes nothing is lost, duplicated or invented.",
  why: "It is the first thing that a ring with a data race breaks.",
  source: "S3",
  technique: ["history"],
  needs: all(attaches, lossless, notDuplex),
  async run(trial) {
    for (const claims of ways(trial)) {
      for (const batch of claims ? [20] : [1, 64]) {
        const { sent, received } = await pass(trial, { ...sides(trial), batch, claims });
        checkOnce(sent, received.flat(), `batches of ${batch}${claims ? " by claims" : ""}`);
      }
    }
  },
};

/** How items are written and read: by calls that copy, and by claims where there are any. */
const ways = ({ adapter: { capabilities: { reserve } } }: Trial) =>
  reserve ? [false, true] : [false];

const MPR1: Rule = {
  id: "MPR1",
  group: "Many",
  level: "MUST",
  sentence: "With several producers each one's items arrive exactly once and in its order.",
  why: "Two producers that claim one slot lose an item that both were told is in.",
  source: "S0",
  technique: ["history"],
  needs: all(attaches, manyProducers),
  async run(trial) {
    for (const claims of ways(trial)) {
      const passing = { producers: 3, consumers: 1, batch: 5, claims };
      const { sent, received } = await pass(trial, passing);
      checkOnce(sent, received.flat(), `three producers${claims ? " by claims" : ""}`);
      const share = sent / 3;
      for (const producer of [0, 1, 2]) {
        const own = received[0]!.filter((value) => Math.floor((value - 1) / share) === producer);
        checkRising(own, `producer ${producer}`);
      }
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
  technique: ["sequential"],
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
  technique: ["history"],
  needs: all(attaches, manyConsumers),
  async run(trial) {
    const { sent, received } = await pass(trial, { producers: 1, consumers: 3, batch: 5 });
    checkOnce(sent, received.flat(), "three consumers");
    for (const values of received) checkRising(values, "one of three consumers");
  },
};

export const order: readonly Rule[] = [FIF1, FIF2, FIF3, MPR1, MPR2, MCO1];
