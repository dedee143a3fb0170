/** Ends that change hands: the next one finds the ring as the one before it left it. */
import { written } from "../harness/bound.ts";
import { checkEqual, numbers, take } from "../harness/subject.ts";
import { always, type Rule, type Trial } from "../rule.ts";

const capacity = 8;

const MPR4: Rule = {
  id: "MPR4",
  group: "Many",
  level: "MUST",
  sentence: "Whoever takes an end over goes on where the one before it stopped.",
  why: "A successor that takes the ring for new overwrites what is unread, or reads it twice.",
  source: "S4",
  technique: ["sequential"],
  needs: always,
  async run(trial) {
    const { flow, delivery } = trial.adapter.capabilities;
    for (const inside of [0, 3, capacity]) {
      if (flow === "loop" || flow === "sink") await checkWriters(trial, inside);
      // A reader of a broadcast begins with what comes after it.
      if (flow !== "sink" && delivery === "queue") await checkReaders(trial, inside);
    }
  },
};

/** The second writer has the room that the first one left, and no more. */
async function checkWriters(trial: Trial, inside: number): Promise<void> {
  const subject = await trial.open({ capacity });
  const drain = await subject.drain();
  const first = await subject.feed();
  await first.write(numbers(1, 5));
  checkEqual(await take(drain, 5), numbers(1, 5), "the first writer");
  await first.write(numbers(6, inside));
  await first.end![Symbol.asyncDispose]();
  const second = await subject.feed();
  trial.doing(`writing beside ${inside} items of a writer that left`);
  await second.write(numbers(6 + inside, capacity - inside));
  const full = written(trial.adapter.capabilities, capacity, numbers(6, capacity), [999]);
  const what = `beside ${inside} of ${capacity} items of a writer that left`;
  checkEqual([second.tryWrite([999])], [full.accepted], `one more than fits ${what}`);
  checkEqual(await take(drain, capacity), full.inside, what);
}

/** The second reader gets what the first one left, and nothing of what it took. */
async function checkReaders(trial: Trial, inside: number): Promise<void> {
  const subject = await trial.open({ capacity });
  const first = await subject.drain();
  const feed = await subject.feed();
  await feed.write(numbers(1, 5));
  checkEqual(await take(first, 5), numbers(1, 5), "the first reader");
  await feed.write(numbers(6, inside));
  const taken = Math.min(inside, 2);
  checkEqual(await take(first, taken), numbers(6, taken), "the first reader, of what is inside");
  await first.end![Symbol.asyncDispose]();
  const second = await subject.drain();
  // Not to the last slot: where a full ring overwrites, it would hide what was taken before.
  const due = numbers(6 + taken, capacity - 1);
  await feed.write(due.slice(inside - taken));
  trial.doing(`reading after a reader that left ${inside - taken} items`);
  const what = `after a reader that left ${inside - taken} items`;
  checkEqual(await take(second, due.length), due, what);
  checkEqual(second.tryRead(1), [], `${what}, beyond the last`);
}

export const succession: readonly Rule[] = [MPR4];
