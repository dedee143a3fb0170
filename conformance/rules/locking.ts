/** Rings under a lock: what becomes of the others when a thread dies with it. */
import { setImmediate } from "node:timers/promises";
import { type Doom, startDoomed } from "../harness/doomed.ts";
import { type Drain, type Feed, numbers, type Subject } from "../harness/subject.ts";
import { all, check, loop, type Rule, type Trial, waits, when } from "../rule.ts";

const group = "Locking";
const underLock = all(
  loop,
  waits,
  when((c) => c.progress === "locking", "it is no ring under a lock"),
  when((c) => c.reach === "worker", "no other thread of this process has its lock"),
  when((c) => c.producers === "many" && c.consumers === "many", "a dead end keeps its place"),
);

const LCK1: Rule = {
  id: "LCK1",
  group,
  level: "MUST",
  sentence: "When a thread dies within a write or a read, the others go on or get RING_LOST.",
  why: "A lock that died with its holder stops every other thread, and nothing says why.",
  source: "S3; POSIX robust mutexes",
  technique: ["fault"],
  needs: underLock,
  async run(trial) {
    for (const act of ["write", "read"] as const) {
      const subject = await trial.open({ capacity: 8 });
      const { feed, drain } = await subject.ends();
      await feed.write([1, 2, 3]);
      const doom: Doom = { act, first: 101, count: 3 };
      trial.doing(`waiting for a thread to die within a ${act}`);
      await startDoomed(trial, subject.ring.handle!, doom).dead;
      trial.doing(`writing and reading after a thread died within a ${act}`);
      await goesOnOrIsLost(subject, feed, drain, act);
    }
  },
};

/** What is inside, and two more, come out; of the batch that died, what had been done. */
async function goesOnOrIsLost(
  { ring }: Subject,
  feed: Feed,
  drain: Drain,
  act: "write" | "read",
): Promise<void> {
  const got: number[] = [];
  const lost = await lostIn(async () => {
    await feed.write([4, 5]);
    await ring.close();
    for (let some; (some = await drain.read(16)).length > 0;) got.push(...some);
  });
  if (lost) {
    check(await lostIn(() => feed.write([6])), "RING_LOST once, a write succeeded after it");
    return await ring.close();
  }
  const good = [0, 1, 2, 3].map((count) =>
    act === "write" ? [1, 2, 3, ...numbers(101, count), 4, 5] : [...[1, 2, 3].slice(count), 4, 5]
  );
  check(
    good.some((inside) => String(inside) === String(got)),
    `after a thread died within a ${act}, ${String(got)} came out`,
  );
}

/** Threads killed in a rule, by the wakes of a profile. */
const deaths = (wakes: number) => Math.min(30, Math.ceil(wakes / 60));
const CAPACITY = 256;
/** Times that one fills the ring before it is killed, at least. */
const LAPS = 3;
/** Numbers that each has to write; more than it comes to. */
const SHARE = 20_000;

const LCK2: Rule = {
  id: "LCK2",
  group,
  level: "MUST",
  sentence: "Threads that are killed while they write, at any point, stop and confuse nobody.",
  why: "Deaths come between any two instructions, not only where one looks for them.",
  source: "S3; POSIX robust mutexes",
  technique: ["fault"],
  needs: underLock,
  async run(trial) {
    const subject = await trial.open({ capacity: CAPACITY });
    const { feed, drain } = await subject.ends();
    const seen = new Map<number, number>();
    for (let death = 0; death < deaths(trial.effort.wakes); death++) {
      trial.doing(`killing thread ${death + 1} and going on without it`);
      if (await lostIn(() => outlive(trial, subject, feed, drain, death, seen))) return;
    }
  },
};

/** Kills one that writes its share, and passes a number of its own through the ring. */
async function outlive(
  trial: Trial,
  { ring }: Subject,
  feed: Feed,
  drain: Drain,
  death: number,
  seen: Map<number, number>,
): Promise<void> {
  const first = 1 + death * SHARE, own = first + SHARE - 2;
  const doomed = startDoomed(trial, ring.handle!, { act: "loop", first, count: SHARE - 2 });
  await doomed.up;
  const died = doomed.dead.then(() =>
    check(false, "a thread that writes in a loop came to its end")
  );
  died.catch(() => {});
  const killAt = performance.now() + trial.random.integer(8);
  const enough = (come: number) =>
    come > SHARE / 2 || (come > LAPS * CAPACITY && performance.now() > killAt);
  for (let come = 0; !enough(come);) {
    const values = drain.tryRead(CAPACITY);
    noteInOrder(seen, values);
    come += values.length;
    await Promise.race([setImmediate(), died]);
  }
  await doomed.kill();
  const written = feed.write([own]);
  while (!seen.has(own)) noteInOrder(seen, await drain.read(CAPACITY), own);
  await written;
}

/** Of each thread, its numbers one after the other from its first; `own` stands alone. */
function noteInOrder(seen: Map<number, number>, values: readonly number[], own?: number): void {
  for (const value of values) {
    const thread = value === own ? own : Math.floor((value - 1) / SHARE) * SHARE;
    const due = value === own ? own : (seen.get(thread) ?? thread) + 1;
    check(value === due && !(value === own && seen.has(own)), `${value} came where ${due} was due`);
    seen.set(thread, value);
  }
}

async function lostIn(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return false;
  } catch (error) {
    if ((error as { code?: unknown }).code !== "RING_LOST") throw error;
    return true;
  }
}

export const locking: readonly Rule[] = [LCK1, LCK2];
