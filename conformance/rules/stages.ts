/** Readers behind readers: nobody passes those that it is gated by. */
import type { ReaderName } from "../../impls/contract.ts";
import { startRemote } from "../harness/remote.ts";
import { checkEqual, type Drain, numbers, type Subject, take } from "../harness/subject.ts";
import { check, type Rule, stages, type Trial } from "../rule.ts";

const GAT3: Rule = {
  id: "GAT3",
  group: "Gates",
  level: "MUST",
  sentence: "A reader gated behind others gets an item only after each of them has read it.",
  why: "It works on what they made of the item; passing them, it works on what is not made yet.",
  source: "S0",
  technique: ["model", "history"],
  needs: stages,
  async run(trial) {
    await checkPositions(trial);
    await checkUngating(trial);
    await checkNames(trial);
    const { reach, reserve } = trial.adapter.capabilities;
    if (reserve) await checkOpenClaim(trial);
    // What an earlier stage did with an item is known to be done only where it claims the item.
    if (reach === "worker" && reserve) await checkDiamond(trial);
  },
};

/** P → {A, B} → C → D. */
async function network(subject: Subject) {
  const a = await subject.drain(), b = await subject.drain();
  const c = await subject.drain({ after: [a.end!, b.end!] });
  // By its id, as another thread would.
  const d = await subject.drain({ after: [{ id: c.end!.id! }] });
  return { feed: await subject.feed(), drains: [a, b, c, d] as const };
}

async function checkPositions(trial: Trial): Promise<void> {
  const capacity = 8;
  const { feed, drains } = await network(await trial.open({ capacity }));
  const read = [0, 0, 0, 0];
  let written = 0;
  const limits = [
    () => written,
    () => written,
    () => Math.min(read[0]!, read[1]!),
    () => read[2]!,
  ];
  for (let round = 0; round < 300; round++) {
    const offered = 1 + trial.random.integer(capacity);
    const due = Math.min(offered, capacity - (written - Math.min(...read)));
    const accepted = feed.tryWrite(numbers(written + 1, offered));
    check(accepted === due, `${accepted} of ${offered} items went in where ${due} fit`);
    written += due;
    for (const [at, drain] of drains.entries()) {
      const there = limits[at]!() - read[at]!;
      const taking = trial.random.integer(there + 1);
      const values = await take(drain, taking);
      checkEqual(values, numbers(read[at]! + 1, taking), `stage ${at}, round ${round}`);
      read[at]! += taking;
      if (taking === there) checkEqual(drain.tryRead(1), [], `stage ${at} beyond its gate`);
    }
  }
}

/** Whoever leaves gates nobody; whoever waits behind is woken by reads, leaves and the end. */
async function checkUngating(trial: Trial): Promise<void> {
  const subject = await trial.open({ capacity: 8 });
  const { feed, drains: [a, b, c, d] } = await network(subject);
  await feed.write([1, 2, 3, 4]);
  trial.doing("waiting for a read to complete once those before it have read");
  const reading = c.read(2);
  await take(a, 3);
  await take(b, 2);
  checkEqual(await reading, [1, 2], "a read that waited behind two others");
  checkEqual(c.tryRead(8), [], "beyond the slower of the two");
  trial.doing("waiting for a read to complete once one before it has left");
  const rest = c.read(8);
  await b.end![Symbol.asyncDispose]();
  checkEqual(await rest, [3], "after the slower of the two left");
  await subject.ring.close();
  check(!c.done && !d.done, "a stage is done while those before it have more to read");
  await a.end![Symbol.asyncDispose]();
  trial.doing("draining the stages after all before them have left");
  await drained(c, [4]);
  await drained(d, [1, 2, 3, 4]);
}

async function drained(drain: Drain, due: number[]): Promise<void> {
  checkEqual(await take(drain, due.length), due, "drained behind others");
  checkEqual(await drain.read(1), [], "after the end, behind others");
  check(drain.done, "drained behind others, yet not done");
}

/** What `after` must name. */
async function checkNames(trial: Trial): Promise<void> {
  const { ring } = await trial.open();
  const gone = await ring.reader();
  const left = { id: gone.id! };
  await gone[Symbol.asyncDispose]();
  const strange: [string, ReaderName][] = [
    ["a reader that has left", left],
    ["no reader", { id: -1 }],
    ["half a reader", { id: 0.5 }],
    ["no number", { id: "1" as unknown as number }],
  ];
  for (const [what, name] of strange) {
    let code: unknown = "success";
    try {
      await ring.reader({ after: [name] });
    } catch (error) {
      code = (error as { code?: unknown }).code ?? error;
    }
    const fitting = code === "RING_INVALID" || code === "RING_STALE";
    check(fitting, `reader({ after }) with ${what} ended with ${String(code)}`);
  }
}

/** An item that is claimed and not yet freed is not read yet. */
async function checkOpenClaim(trial: Trial): Promise<void> {
  const { feed, drains: [a, b, c] } = await network(await trial.open({ capacity: 8 }));
  await feed.write([1, 2, 3]);
  await take(b, 3);
  const claim = a.end!.reserve!(2);
  check(claim, "two of three items could not be claimed");
  checkEqual(c.tryRead(3), [], "behind a claim that is not committed");
  claim.commit();
  checkEqual(await take(c, 2), [1, 2], "behind a claim that is committed");
  checkEqual(c.tryRead(3), [], "beyond the claim");
}

/** On threads: A and B mark each item while they have it, C checks the marks of both. */
async function checkDiamond(trial: Trial): Promise<void> {
  const { ring } = await trial.open({ capacity: 64 });
  const count = Math.ceil(trial.effort.items / 10);
  const marks = () => new SharedArrayBuffer(4 * (count + 1));
  const marked = [marks(), marks()];
  const read = { role: "consume", batch: 8, claims: true } as const;
  const first = await Promise.all(
    marked.map((buffer) => startRemote(trial, ring, { ...read, marks: buffer })),
  );
  const after = first.map(({ id }) => id!);
  const last = await startRemote(trial, ring, { ...read, claims: false, after, marked });
  const write = { role: "produce", first: 1, count, batch: 8 } as const;
  const writer = await startRemote(trial, ring, write);
  for (const remote of [last, ...first, writer]) remote.go();
  trial.doing("waiting for a network of a writer, two readers and a reader behind them");
  await writer.outcome;
  await ring.close();
  for (const { outcome } of [...first, last]) {
    checkEqual((await outcome).values!, numbers(1, count), "a reader of the network");
  }
}

export const stageRules: readonly Rule[] = [GAT3];
