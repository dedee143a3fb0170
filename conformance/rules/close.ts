/** The end: what close() refuses, what it lets drain, whom it wakes. */
import {
  all,
  always,
  blocking,
  check,
  loop,
  nearReader,
  nearWriter,
  type Rule,
  type Trial,
  when,
} from "../rule.ts";
import { interruptedAt } from "../harness/interrupted.ts";
import { checkEqual, numbers, take } from "../harness/subject.ts";

const group = "Close";

const CLS1: Rule = {
  id: "CLS1",
  group,
  level: "MUST",
  sentence: "A write after close() fails with RING_CLOSED and has no effect.",
  why: "What is accepted after the end is never read.",
  source: "S3",
  technique: ["sequential"],
  needs: nearWriter,
  async run(trial) {
    const subject = await trial.open();
    const writer = await subject.nearWriter();
    const items = subject.codec.encode([1, 2]);
    await subject.ring.close();
    for (const act of [() => Promise.resolve(writer.tryWrite(items)), () => writer.write(items)]) {
      const code = await codeOf(act);
      check(code === "RING_CLOSED", `a write after close() ended with ${String(code)}`);
    }
    check(writer.stats().moved === 0, `${writer.stats().moved} items were accepted after close()`);
  },
};

export async function codeOf(act: () => unknown): Promise<unknown> {
  try {
    await act();
  } catch (error) {
    return (error as { code?: unknown }).code ?? error;
  }
  return "success";
}

const CLS2: Rule = {
  id: "CLS2",
  group,
  level: "MUST",
  sentence: "After close() everything accepted is delivered, then the end, and the end stays.",
  why: "Items dropped by an orderly end are the ones that nobody looks for.",
  source: "S3",
  technique: ["sequential"],
  needs: nearReader,
  async run(trial) {
    for (const inside of [0, 1, 5, 8]) {
      const subject = await trial.open({ capacity: 8 });
      const { feed, drain } = await subject.ends();
      await feed.write(numbers(1, inside));
      await subject.ring.close();
      trial.doing(`draining ${inside} items after close()`);
      checkEqual(await take(drain, inside), numbers(1, inside), "drained after close()");
      for (let again = 0; again < 3; again++) {
        checkEqual(await drain.read(4), [], "a read after the end");
        check(drain.done, "closed and drained, yet not done");
        checkEqual(drain.tryRead(4), [], "tryRead() after the end");
      }
    }
    if (threads(trial.adapter.capabilities) === undefined) await checkCloseWithinWrite(trial);
  },
};

/** Another thread can close the ring at any moment of a write. */
const threads = all(loop, blocking, when((c) => c.reach === "worker", "one thread has it"));

/** What the write then says of its items is what comes out. */
async function checkCloseWithinWrite(trial: Trial): Promise<void> {
  const { ring, codec, ...subject } = await opened(trial);
  await subject.writer.write(codec.encode([1]));
  const items = interruptedAt(codec.width, codec.encode([2, 3, 4]), () => void ring.close());
  let accepted = 0;
  const code = await codeOf(() => {
    accepted = subject.writer.tryWrite(items);
  });
  check(
    code === "success" || code === "RING_CLOSED",
    `a write that close() came into ended with ${String(code)}`,
  );
  const due = numbers(1, 1 + accepted);
  trial.doing(`draining ${due.length} items after a close() in the middle of a write`);
  const what = `after a close() in the middle of a write that answered ${accepted}`;
  checkEqual(await take(subject.drain, due.length), due, what);
  checkEqual(await subject.drain.read(4), [], `${what}, at the end`);
}

async function opened(trial: Trial) {
  const subject = await trial.open();
  const drain = await subject.drain();
  return { ring: subject.ring, codec: subject.codec, drain, writer: await subject.nearWriter() };
}

const CLS3: Rule = {
  id: "CLS3",
  group,
  level: "MUST",
  sentence: "close() wakes every reader and writer that waits; a second close() is harmless.",
  why: "A waiter that the end does not reach waits for ever.",
  source: "S3",
  technique: ["sequential"],
  needs: loop,
  async run(trial) {
    const { capabilities: { consumers, producers, overflow } } = trial.adapter;
    const empty = await trial.open();
    const readers = consumers === 1 ? 1 : 3;
    const ends = await Promise.all(Array.from({ length: readers }, () => empty.drain()));
    trial.doing(`waking ${readers} waiting readers by close()`);
    const reading = ends.map((drain) => drain.read(1));
    await empty.ring.close();
    for (const read of reading) checkEqual(await read, [], "a waiting reader at close()");
    await empty.ring.close();
    if (overflow !== "wait") return; // no writer waits

    const full = await trial.open({ capacity: 2 });
    const drain = await full.drain();
    const writers = producers === 1 ? 1 : 3;
    const feeds = await Promise.all(Array.from({ length: writers }, () => full.feed()));
    await feeds[0]!.write([1, 2]);
    trial.doing(`waking ${writers} waiting writers by close()`);
    const writing = feeds.map((feed) => codeOf(() => feed.write([9])));
    await full.ring.close();
    await full.ring.close();
    checkEqual(await Promise.all(writing), writing.map(() => "RING_CLOSED"), "waiting writers");
    checkEqual(await take(drain, 2), [1, 2], "what was accepted before close()");
    checkEqual(await drain.read(1), [], "after it");
  },
};

const CLS4: Rule = {
  id: "CLS4",
  group,
  level: "MUST",
  sentence: "Disposing of a ring, full or empty, with waiters or without, wakes them and frees it.",
  why: "A program that gives a ring up must be able to end.",
  source: "S2",
  technique: ["sequential"],
  needs: always,
  async run(trial) {
    const { capabilities: { flow, overflow } } = trial.adapter;
    const subject = await trial.open();
    const { feed } = await subject.ends();
    await feed.write(numbers(1, 8));
    const waiting = flow === "loop" && overflow === "wait"
      ? codeOf(() => feed.write([9]))
      : Promise.resolve("RING_CLOSED");
    trial.doing("disposing of a full ring with a writer waiting");
    await subject.ring[Symbol.asyncDispose]();
    const code = await waiting;
    check(code === "RING_CLOSED" || code === "RING_LOST", `the waiting writer: ${String(code)}`);
  },
};

export const close: readonly Rule[] = [CLS1, CLS2, CLS3, CLS4];
