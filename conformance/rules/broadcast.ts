/** Each item to every reader: who gets what, who is waited for, and who no longer is. */
import type { Reader } from "../../impls/contract.ts";
import { checkJoin, checkPart } from "../history/broadcast.ts";
import { isOf } from "../history/operation.ts";
import { checkOnce, checkRising, pass } from "../harness/pass.ts";
import { startRemote } from "../harness/remote.ts";
import { checkEqual, numbers, type Subject, take } from "../harness/subject.ts";
import {
  all,
  attaches,
  broadcasts,
  check,
  manyProducers,
  type Rule,
  type Trial,
  waits,
} from "../rule.ts";

const group = "Broadcast";

const BRC1: Rule = {
  id: "BRC1",
  group,
  level: "MUST",
  sentence: "Every reader sees all items since it came, in the one order that all see.",
  why: "Readers that disagree on what happened keep states that never meet again.",
  source: "S4",
  technique: ["history"],
  needs: all(attaches, broadcasts, waits),
  async run(trial) {
    await checkComingAndGoing(trial, true);
    await checkComingAndGoing(trial, false);
    const producers = manyProducers(trial.adapter.capabilities) === undefined ? 2 : 1;
    const items = trial.effort.items / 10; // each is read three times
    const { sent, received } = await pass(trial, { producers, consumers: 3, batch: 7, items });
    received.forEach((values, reader) => {
      checkOnce(sent, values, `reader ${reader}`);
      if (producers === 1) checkRising(values, `reader ${reader}`);
      const fault = checkPart(received[0]!, values);
      check(fault === undefined, `reader ${reader}: ${fault}`);
    });
  },
};

/** Joins that one run tries, and items that it writes; each join is held against all of them. */
const MOST_JOINS = 100, MOST_ITEMS = 50_000;

interface Joined {
  readonly called: number;
  readonly returned: number;
  readonly got: number[];
}

/**
 * Readers join and leave while another thread writes: beside a reader that stays, which holds the
 * writer back, or alone, when the writer runs free between two of them.
 */
async function checkComingAndGoing(trial: Trial, beside: boolean): Promise<void> {
  const subject = await trial.open({ capacity: 4 });
  const stays = beside ? await subject.nearReader() : undefined;
  const count = Math.min(MOST_ITEMS, Math.ceil(trial.effort.items / (beside ? 20 : 1)));
  const job = { role: "produce", first: 1, count, batch: 1, record: true } as const;
  const writer = await startRemote(trial, subject.ring, job);
  const closing = writer.outcome.then(() => subject.ring.close());
  closing.catch(() => {}); // a rule that has failed already does not wait for it
  writer.go();
  trial.doing("reading on readers that come and go while another thread writes");
  const joins: Joined[] = [];
  while (joins.length < MOST_JOINS) {
    const joined = await joinAndLeave(subject, stays);
    joins.push(joined);
    if (joined.got.length < READS) break; // the writer is at its end
  }
  await stays?.[Symbol.asyncDispose]();
  await closing;
  const { operations } = await writer.outcome;
  const writes = operations.filter(isOf("enqueue"));
  const all = numbers(1, count);
  for (const { got, ...times } of joins) {
    const fault = checkPart(all, got) ?? checkJoin(writes, times, got[0]);
    check(fault === undefined, `a reader that joined while items were written: ${fault}`);
  }
}

/** Calls that a reader reads by before it leaves: more items than lie in the ring. */
const READS = 6;

async function joinAndLeave(
  { ring, codec }: Subject,
  stays: Reader<unknown> | undefined,
): Promise<Joined> {
  const called = performance.now();
  const reader = await ring.reader();
  const joined: Joined = { called, returned: performance.now(), got: [] };
  const into = codec.buffer(3);
  for (let turn = 0; turn < READS; turn++) {
    if (stays) await stays.read(into);
    const count = await reader.read(into);
    if (count === 0) break;
    joined.got.push(...codec.decode(into, count));
  }
  await reader[Symbol.asyncDispose]();
  return joined;
}

const BRC2: Rule = {
  id: "BRC2",
  group,
  level: "MUST",
  sentence: "A reader joins at the next item that is written, and with no reader nothing waits.",
  why: "A reader that gets what it was not there for, or misses what it was, starts out wrong.",
  source: "S4",
  technique: ["sequential"],
  needs: broadcasts,
  async run(trial) {
    const capacity = 8;
    const subject = await trial.open({ capacity });
    const feed = await subject.feed();
    const write = (first: number, count: number) =>
      check(feed.tryWrite(numbers(first, count)) === count, `with no reader ${count} did not fit`);
    for (const round of [1, 2, 3]) {
      const first = 1000 * round;
      // In several pieces, more than fit: nobody is owed them.
      for (let i = 0; i < 5; i++) write(first + 3 * i, 3);
      const early = await subject.drain();
      checkEqual(early.tryRead(capacity), [], "written before the reader came");
      await feed.write(numbers(first + 15, 3));
      const late = await subject.drain();
      checkEqual(late.tryRead(capacity), [], "written before the second reader came");
      await feed.write(numbers(first + 18, 2));
      checkEqual(await take(early, 5), numbers(first + 15, 5), "the first reader");
      checkEqual(await take(late, 2), numbers(first + 18, 2), "the second reader");
      checkEqual([...early.tryRead(1), ...late.tryRead(1)], [], "after what was written");
      for (const { end } of [early, late]) await end![Symbol.asyncDispose]();
    }
  },
};

const GAT1: Rule = {
  id: "GAT1",
  group: "Gates",
  level: "MUST",
  sentence: "The slowest reader is waited for: what it has not read is never overwritten.",
  why: "A gate that is found too far on gives a reader the items of the next lap.",
  source: "S0",
  technique: ["model", "history"],
  needs: all(broadcasts, waits),
  async run(trial) {
    await checkLags(trial);
    if (attaches(trial.adapter.capabilities) !== undefined) return;
    // In the smallest rings each item meets the gate; readers in batches of all sizes lag in turns.
    for (const capacity of [1, 4]) {
      const { sent, received } = await pass(trial, {
        producers: 1,
        consumers: 3,
        batch: 3,
        capacity,
        // One by one through a slot that everybody waits for: some 10 µs each, at best.
        items: 600 + trial.effort.items / 200,
      });
      for (const values of received) checkEqual(values, numbers(1, sent), `capacity ${capacity}`);
    }
  },
};

/** Three readers at random distances behind the writer. */
async function checkLags(trial: Trial): Promise<void> {
  const capacity = 8;
  const subject = await trial.open({ capacity });
  const feed = await subject.feed();
  const drains = await Promise.all([0, 1, 2].map(() => subject.drain()));
  const read = drains.map(() => 0);
  let written = 0;
  for (let round = 0; round < 100; round++) {
    const offered = 1 + trial.random.integer(capacity + 2);
    const free = capacity - (written - Math.min(...read));
    const due = Math.min(offered, free);
    const accepted = feed.tryWrite(numbers(written + 1, offered));
    check(
      accepted === due,
      `${accepted} items went in, the slowest reader left room for ${free} of ${capacity}`,
    );
    written += due;
    const reader = trial.random.integer(drains.length);
    const taking = trial.random.integer(written - read[reader]! + 1);
    const values = await take(drains[reader]!, taking);
    checkEqual(values, numbers(read[reader]! + 1, taking), `reader ${reader}, round ${round}`);
    read[reader]! += taking;
  }
}

const GAT2: Rule = {
  id: "GAT2",
  group: "Gates",
  level: "MUST",
  sentence: "A reader that leaves is waited for no longer, and a writer that waits goes on.",
  why: "A reader that left with items unread would stop the writer for ever.",
  source: "S4",
  technique: ["sequential", "history"],
  needs: all(broadcasts, waits),
  async run(trial) {
    const capacity = 4;
    for (const lag of numbers(1, capacity)) {
      const subject = await trial.open({ capacity });
      const feed = await subject.feed();
      const stays = await subject.drain(), leaves = await subject.drain();
      await feed.write(numbers(1, capacity));
      await take(leaves, capacity - lag);
      checkEqual(await take(stays, capacity), numbers(1, capacity), "the reader that stays");
      trial.doing(`waiting for a write to complete after a reader left ${lag} behind`);
      const waiting = feed.write(numbers(capacity + 1, capacity));
      await leaves.end![Symbol.asyncDispose]();
      await waiting;
      checkEqual(await take(stays, capacity), numbers(capacity + 1, capacity), "after one left");
      await stays.end![Symbol.asyncDispose]();
      await feed.write(numbers(100, 3 * capacity));
    }
    if (attaches(trial.adapter.capabilities) === undefined) await checkLeaving(trial);
  },
};

/** Readers on other threads that read some and go, one after the other. */
async function checkLeaving(trial: Trial): Promise<void> {
  const subject: Subject = await trial.open({ capacity: 4 });
  const feed = await subject.feed();
  const leaving = await Promise.all(
    [3, 10, 40].map((limit) =>
      startRemote(trial, subject.ring, { role: "consume", batch: 1, limit })
    ),
  );
  for (const remote of leaving) remote.go();
  trial.doing("waiting for writes to complete while readers on other threads leave");
  for (const value of numbers(1, 200)) await feed.write([value]);
  for (const { job, outcome } of leaving) {
    const { values = [] } = await outcome;
    const limit = job.role === "consume" ? job.limit! : 0;
    checkEqual(values, numbers(1, limit), `a reader that left after ${limit} items`);
  }
}

export const broadcast: readonly Rule[] = [BRC1, BRC2, GAT1, GAT2];
