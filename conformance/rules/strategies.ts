/** The ways in which an end passes the time: each keeps what waiting promises. */
import type { WaitStrategy } from "../../impls/contract.ts";
import { startRemote } from "../harness/remote.ts";
import { checkEqual, numbers, take } from "../harness/subject.ts";
import {
  all,
  attaches,
  check,
  keeps,
  loop,
  type Rule,
  strategies,
  type Trial,
  waits,
} from "../rule.ts";
import { nameOf } from "./blocking.ts";
import { codeOf } from "./close.ts";

const ways: readonly WaitStrategy[] = ["spin", "yield", "park", "spin-then-park"];

const BLK7: Rule = {
  id: "BLK7",
  group: "Blocking",
  level: "MUST",
  sentence: "Each wait strategy ends on an item, on room, on close(), a timeout and an abort.",
  why: "The strategy that is not the default is the one that nobody has tried.",
  source: "S0",
  technique: ["sequential", "history"],
  needs: all(strategies, loop),
  async run(trial) {
    const { capabilities } = trial.adapter;
    for (const waiting of ways) {
      await checkReads(trial, waiting);
      if (waits(capabilities) === undefined) await checkWrites(trial, waiting);
      if (capabilities.blocking) await checkBlockingTimeouts(trial, waiting);
      const threads = capabilities.blocking && attaches(capabilities) === undefined;
      if (threads && keeps(capabilities) === undefined) await checkThreads(trial, waiting);
    }
  },
};

async function checkReads(trial: Trial, waiting: WaitStrategy): Promise<void> {
  const subject = await trial.open();
  const drain = await subject.drain({ waiting }), feed = await subject.feed({ waiting });
  for (const timeout of [0, 12.5]) {
    trial.doing(`waiting for a timeout of ${timeout} ms, by ${waiting}`);
    const begun = performance.now();
    const name = await nameOf(drain.read(1, { timeout }));
    const took = performance.now() - begun;
    check(name === "TimeoutError", `a read by ${waiting} with a timeout ended with ${name}`);
    check(took >= timeout, `by ${waiting}, ${timeout} ms were over after ${took.toFixed(3)} ms`);
  }
  const controller = new AbortController();
  trial.doing(`waiting for a read that is aborted, by ${waiting}`);
  const cut = drain.read(1, { signal: controller.signal });
  controller.abort(new Error("changed my mind"));
  const name = await nameOf(cut);
  check(name === "changed my mind", `an aborted read by ${waiting} ended with ${name}`);
  for (const value of numbers(1, 5)) {
    trial.doing(`waiting for item ${value}, by ${waiting}`);
    const reading = drain.read(4);
    await feed.write([value]);
    checkEqual(await reading, [value], `a read by ${waiting}`);
  }
  trial.doing(`waiting for close(), by ${waiting}`);
  const last = drain.read(1);
  await subject.ring.close();
  checkEqual(await last, [], `a read by ${waiting} at close()`);
}

async function checkWrites(trial: Trial, waiting: WaitStrategy): Promise<void> {
  const subject = await trial.open({ capacity: 2 });
  const drain = await subject.drain({ waiting }), feed = await subject.feed({ waiting });
  await feed.write([1, 2]);
  trial.doing(`waiting for a write to be over, by ${waiting}`);
  const begun = performance.now();
  const late = await nameOf(feed.write([9], { timeout: 12.5 }));
  const took = performance.now() - begun;
  check(late === "TimeoutError", `a write by ${waiting} with a timeout ended with ${late}`);
  check(took >= 12.5, `by ${waiting}, 12.5 ms were over after ${took.toFixed(3)} ms`);
  const controller = new AbortController();
  const cut = feed.write([9], { signal: controller.signal });
  controller.abort(new Error("changed my mind"));
  const name = await nameOf(cut);
  check(name === "changed my mind", `an aborted write by ${waiting} ended with ${name}`);
  trial.doing(`waiting for room, by ${waiting}`);
  const writing = feed.write([3, 4, 5]);
  checkEqual(await take(drain, 3), [1, 2, 3], `read while a writer waits by ${waiting}`);
  await writing;
  trial.doing(`waiting for close() on a full ring, by ${waiting}`);
  const last = codeOf(() => feed.write([6]));
  await subject.ring.close();
  checkEqual([await last], ["RING_CLOSED"], `a write by ${waiting} at close()`);
}

async function checkBlockingTimeouts(trial: Trial, waiting: WaitStrategy): Promise<void> {
  const { codec, ...ends } = await opened(trial, waiting);
  const timed = (call: () => number, what: string) => {
    for (const timeout of [0, 7.5]) {
      const begun = performance.now();
      const count = call();
      const took = performance.now() - begun;
      check(count === 0, `${what} by ${waiting} moved ${count} items`);
      check(took >= timeout, `${what} by ${waiting} was over after ${took.toFixed(3)} ms`);
    }
  };
  timed(() => ends.reader.readSync!(codec.buffer(1), 7.5), "readSync() of nothing");
  if (waits(trial.adapter.capabilities) !== undefined) return;
  await ends.writer.write(codec.encode(numbers(1, 8)));
  timed(() => ends.writer.writeSync!(codec.encode([9]), 7.5), "writeSync() to a full ring");
}

async function opened(trial: Trial, waiting: WaitStrategy) {
  const subject = await trial.open();
  const reader = await subject.nearReader({ waiting });
  return { codec: subject.codec, reader, writer: await subject.nearWriter({ waiting }) };
}

/** A thread that blocks in readSync() and in writeSync() sends back all it gets, until the end. */
async function checkThreads(trial: Trial, waiting: WaitStrategy): Promise<void> {
  const there = await trial.open({ capacity: 1 });
  const back = await trial.open({ capacity: 1 });
  const into = back.ring.handle!;
  const echo = await startRemote(trial, there.ring, { role: "echo", into, waiting });
  const feed = await there.feed({ waiting }), drain = await back.drain({ waiting });
  echo.go();
  for (let round = 0; round < 10; round++) {
    trial.doing(`waiting for three items to come back from a thread that waits by ${waiting}`);
    // Three items fit on the way there and back only when the other thread waits for room.
    const values = numbers(3 * round + 1, 3);
    await feed.write(values);
    checkEqual(await take(drain, 3), values, `by ${waiting}, there and back`);
  }
  trial.doing(`waiting for a thread that waits by ${waiting} to see the end`);
  await there.ring.close();
  await echo.outcome;
}

export const strategyRules: readonly Rule[] = [BLK7];
