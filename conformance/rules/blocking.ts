/** Waiting: timeouts, aborts, wake-ups, and who is served first. */
import {
  all,
  always,
  blocking,
  check,
  loop,
  manyConsumers,
  manyProducers,
  nearReader,
  nearWriter,
  type Rule,
  waits,
  when,
} from "../rule.ts";
import { checkEqual, numbers, take } from "../harness/subject.ts";
import { startRemote } from "../harness/remote.ts";

const group = "Blocking";
const attachesWorker = when((c) => c.reach !== "task", "a ring of one task has no other thread");

const BLK1: Rule = {
  id: "BLK1",
  group,
  level: "MUST",
  sentence: "A wait with a timeout rejects with TimeoutError, and never before the time is up.",
  why: "A wait that ends early makes its caller give up on something that was coming.",
  source: "S3",
  technique: ["sequential"],
  needs: nearReader,
  async run(trial) {
    const subject = await trial.open();
    const drain = await subject.drain();
    for (const timeout of [0, 1, 5, 20.5, 60]) {
      trial.doing(`waiting for a timeout of ${timeout} ms on an empty ring`);
      const begun = performance.now();
      const name = await nameOf(drain.read(1, { timeout }));
      const took = performance.now() - begun;
      check(name === "TimeoutError", `a read with a timeout of ${timeout} ms ended with ${name}`);
      check(took >= timeout, `a timeout of ${timeout} ms was over after ${took.toFixed(3)} ms`);
    }
  },
};

const BLK2: Rule = {
  id: "BLK2",
  group,
  level: "MUST",
  sentence: "A write that timed out or was aborted has no effect beyond what stats() counts.",
  why: "An item that arrives though its write failed is delivered twice by every retry.",
  source: "S3",
  technique: ["sequential"],
  needs: all(nearWriter, waits),
  async run(trial) {
    const subject = await trial.open({ capacity: 4 });
    const drain = await subject.drain();
    const writer = await subject.nearWriter();
    await writer.write(subject.codec.encode([1, 2]));
    const late = await nameOf(writer.write(subject.codec.encode([3, 4, 5, 6]), { timeout: 5 }));
    check(late === "TimeoutError", `a write of which half fits ended with ${late}`);
    const controller = new AbortController();
    const cut = writer.write(subject.codec.encode([7]), { signal: controller.signal });
    controller.abort(new Error("changed my mind"));
    check(await nameOf(cut) === "changed my mind", "an aborted write rejects with signal.reason");
    const moved = writer.stats().moved;
    check(moved === 4, `${moved} items are counted as written of the 4 that fit`);
    checkEqual(await take(drain, 4), [1, 2, 3, 4], "what was accepted");
    await writer.write(subject.codec.encode([8]));
    checkEqual(await take(drain, 1), [8], "the next write after failed ones");
  },
};

const BLK3: Rule = {
  id: "BLK3",
  group,
  level: "MUST",
  sentence: "A read that timed out or was aborted consumes nothing.",
  why: "An item given to a caller who has left is lost.",
  source: "S3",
  technique: ["sequential"],
  needs: nearReader,
  async run(trial) {
    const { feed, drain } = await (await trial.open()).ends();
    const late = await nameOf(drain.read(1, { timeout: 2 }));
    check(late === "TimeoutError", `a read of an empty ring ended with ${late}`);
    const controller = new AbortController();
    const cut = drain.read(1, { signal: controller.signal });
    controller.abort(new Error("changed my mind"));
    check(await nameOf(cut) === "changed my mind", "an aborted read rejects with signal.reason");
    await feed.write([1, 2, 3]);
    trial.doing("reading what was written after reads that were given up");
    checkEqual(await take(drain, 3), [1, 2, 3], "after reads that were given up");
  },
};

const BLK4: Rule = {
  id: "BLK4",
  group,
  level: "MUST",
  sentence: "A call whose signal is aborted already rejects with its reason and has no effect.",
  why: "The caller has said before it began that it does not want it.",
  source: "S3",
  technique: ["sequential"],
  needs: always,
  async run(trial) {
    const signal = AbortSignal.abort(new Error("never mind"));
    const subject = await trial.open();
    const { flow } = trial.adapter.capabilities;
    const { feed, drain } = await subject.ends();
    await feed.write([1]);
    if (flow === "loop" || flow === "sink") {
      const name = await nameOf(feed.write([2], { signal }));
      check(name === "never mind", `write() with an aborted signal ended with ${name}`);
    }
    if (flow !== "sink") {
      const name = await nameOf(drain.read(1, { signal }));
      check(name === "never mind", `read() with an aborted signal ended with ${name}`);
    }
    await feed.write([3]);
    checkEqual(await take(drain, 2), [1, 3], "after calls that were aborted before they began");
  },
};

const BLK5: Rule = {
  id: "BLK5",
  group,
  level: "MUST",
  sentence: "No wake-up is lost between threads: each item sent to a sleeping peer comes back.",
  why: "A store and a notification in the wrong order hang a program once in a million times.",
  source: "S3",
  technique: ["history"],
  needs: all(loop, blocking, attachesWorker),
  async run(trial) {
    const there = await trial.open({ capacity: 1 });
    const back = await trial.open({ capacity: 1 });
    const rounds = trial.effort.wakes;
    const echo = await startRemote(trial, there.ring, {
      role: "echo",
      into: back.ring.handle!,
    });
    const feed = await there.feed();
    const drain = await back.drain();
    echo.go();
    for (let value = 1; value <= rounds; value++) {
      trial.doing(`waiting for item ${value} of ${rounds} to come back from a sleeping thread`);
      await feed.write([value]);
      checkEqual(await drain.read(1), [value], "echoed by the other thread");
    }
    await there.ring.close();
    trial.doing("waiting for the other thread to come to the end");
    await echo.outcome;
  },
};

const BLK6: Rule = {
  id: "BLK6",
  group,
  level: "SHOULD",
  sentence: "Waiters are served in the order they came.",
  why: "Served last in, first out, one that waits under load waits for ever.",
  source: "S3",
  technique: ["sequential"],
  needs: all(
    manyProducers,
    manyConsumers,
    when((c) => c.reach === "task", "no order over threads"),
  ),
  async run(trial) {
    const subject = await trial.open({ capacity: 1 });
    const { feed, drain } = await subject.ends();
    await feed.write([1]);
    const writing = numbers(2, 6).map((value) => feed.write([value]));
    trial.doing("reading what six writers wait to write");
    checkEqual(await take(drain, 7), numbers(1, 7), "six writers that wait, by arrival");
    await Promise.all(writing);
    const reading = numbers(1, 6).map(() => drain.read(1));
    await feed.write(numbers(11, 6));
    trial.doing("waking six readers that wait");
    const got = (await Promise.all(reading)).flat();
    checkEqual(got, numbers(11, 6), "six readers that wait, by arrival");
  },
};

const BLK8: Rule = {
  id: "BLK8",
  group,
  level: "SHOULD",
  sentence: "A timeout is over within 100 ms of its time, as a rule.",
  why: "Whoever says 5 ms has something else to do after 5 ms.",
  source: "S3",
  technique: ["sequential"],
  needs: nearReader,
  async run(trial) {
    const drain = await (await trial.open()).drain();
    const timeout = 5, lateness: number[] = [];
    for (let round = 0; round < 9; round++) {
      trial.doing(`waiting for a timeout of ${timeout} ms on an empty ring`);
      const begun = performance.now();
      await nameOf(drain.read(1, { timeout }));
      lateness.push(performance.now() - begun - timeout);
    }
    // The median: a loaded machine delays one or two by any time.
    const median = lateness.sort((a, b) => a - b)[4]!;
    check(median <= 100, `half of the timeouts came ${median.toFixed(0)} ms late and more`);
  },
};

/** What a promise rejects with: an error's name where it is the platform's, its message else. */
export async function nameOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return "success";
  } catch (error) {
    if (!(error instanceof Error)) return String(error);
    return error.name === "Error" ? error.message : error.name;
  }
}

export const blockingRules: readonly Rule[] = [BLK1, BLK2, BLK3, BLK4, BLK5, BLK6, BLK8];
