/** How much fits, what a full ring does and what an empty one says. */
import { all, always, check, keeps, nearReader, nearWriter, type Rule, waits } from "../rule.ts";
import { written } from "../harness/bound.ts";
import { checkHistories, near, recordable } from "../harness/histories.ts";
import { checkEqual, numbers, take } from "../harness/subject.ts";

const CAP1: Rule = {
  id: "CAP1",
  group: "Capacity",
  level: "MUST",
  sentence: "Exactly `capacity` items fit; where a full ring overwrites, they are the newest.",
  why: "The slot that many rings leave empty, or one written too many, is the classic fault.",
  source: "S3",
  technique: ["sequential"],
  needs: always,
  async run(trial) {
    for (const capacity of [1, 2, 8, 64]) {
      const { feed, drain } = await (await trial.open({ capacity })).ends();
      const offered = capacity + 3;
      let inside: number[] = [], due = 0, accepted = 0;
      for (const value of numbers(1, offered)) {
        const now = written(trial.adapter.capabilities, capacity, inside, [value]);
        inside = now.inside;
        due += now.accepted;
        accepted += feed.tryWrite([value]);
      }
      check(accepted === due, `of ${offered} items ${accepted} went into a ring of ${capacity}`);
      checkEqual(await take(drain, capacity), inside, `a ring of ${capacity}`);
      checkEqual(drain.tryRead(capacity), [], `a ring of ${capacity} that was emptied`);
    }
  },
};

const CAP2: Rule = {
  id: "CAP2",
  group: "Capacity",
  level: "MUST",
  sentence: "After any writes and reads, what is inside and what is free add up to the capacity.",
  why: "A slot that leaks shows only after hours, as a ring that grows smaller.",
  source: "S4",
  technique: ["model"],
  needs: keeps,
  async run(trial) {
    const capacity = 8;
    const { feed, drain } = await (await trial.open({ capacity })).ends();
    let next = 1, oldest = 1;
    for (let round = 0; round < 40; round++) {
      const passing = trial.random.integer(capacity);
      await feed.write(numbers(next, passing));
      checkEqual(await take(drain, passing), numbers(oldest, passing), `before round ${round}`);
      next += passing;
      oldest += passing;
      const inside = trial.random.integer(capacity + 1);
      await feed.write(numbers(next, inside));
      next += inside;
      const free = capacity - inside;
      const added = await filled(feed, next, free);
      check(added === free, `${inside} of ${capacity} were inside and ${added} more fitted`);
      next += added;
      checkEqual(await take(drain, capacity), numbers(oldest, capacity), `round ${round}`);
      oldest += capacity;
    }
  },
};

/** Writes up to one more than `free`; a ring with a far end may learn of free slots a little later. */
async function filled(
  feed: { tryWrite(values: number[]): number; write(values: number[]): Promise<void> },
  next: number,
  free: number,
): Promise<number> {
  await feed.write(numbers(next, free));
  return free + feed.tryWrite([next + free]);
}

const CAP3: Rule = {
  id: "CAP3",
  group: "Capacity",
  level: "MUST",
  sentence: "A ring of capacity 1 works, or is refused when it is opened.",
  why: "With one slot, full and empty are one step apart: off-by-one faults show at once.",
  source: "S3",
  technique: ["sequential"],
  needs: always,
  async run(trial) {
    const { feed, drain } = await (await trial.open({ capacity: 1 })).ends();
    for (let value = 1; value <= 20; value++) {
      await feed.write([value]);
      const { accepted, inside } = written(trial.adapter.capabilities, 1, [value], [value + 100]);
      checkEqual([feed.tryWrite([value + 100])], [accepted], `a second item, round ${value}`);
      checkEqual(await take(drain, 1), inside, `round ${value}`);
      checkEqual(drain.tryRead(1), [], `the emptied slot, round ${value}`);
    }
  },
};

const FUL1: Rule = {
  id: "FUL1",
  group: "Full",
  level: "MUST",
  sentence: "A full ring says so, and the write that met it has no effect.",
  why: "An item reported as written and then missing is silent loss.",
  source: "S3",
  technique: ["sequential"],
  needs: keeps,
  async run(trial) {
    const { feed, drain } = await (await trial.open({ capacity: 4 })).ends();
    await feed.write([1, 2, 3, 4]);
    for (const values of [[5], [6, 7], [8]]) {
      const accepted = feed.tryWrite(values);
      check(accepted === 0, `a full ring answered ${accepted} to a write of ${values.length}`);
    }
    checkEqual(await take(drain, 4), [1, 2, 3, 4], "after writes to the full ring");
    checkEqual(drain.tryRead(4), [], "after what was accepted");
  },
};

const FUL2: Rule = {
  id: "FUL2",
  group: "Full",
  level: "MUST",
  sentence: "A write that waits for room completes once a slot is free, and no sooner.",
  why: "A writer that is never woken stalls its program; one that is let in early overwrites.",
  source: "S3",
  technique: ["sequential"],
  needs: all(nearWriter, waits),
  async run(trial) {
    const { feed, drain } = await (await trial.open({ capacity: 4 })).ends();
    await feed.write([1, 2, 3, 4]);
    trial.doing("waiting for a write to complete after a slot was freed");
    const waiting = feed.write([5, 6]);
    checkEqual(await take(drain, 6), [1, 2, 3, 4, 5, 6], "with two items waiting for room");
    await waiting;
  },
};

/** Items that a history has at most: each refusal costs a turn of the event loop. */
const MOST_ITEMS = 2000;

const FUL4: Rule = {
  id: "FUL4",
  group: "Full",
  level: "MUST",
  sentence: "A ring with room is never taken for a full one, whatever others do meanwhile.",
  why: "Who is told that there is no room drops an item, or sleeps though nobody will wake it.",
  source: "S3",
  technique: ["history", "exploration"],
  needs: all(recordable, near),
  run: (trial) => {
    const items = Math.min(MOST_ITEMS, trial.effort.items / 10);
    return checkHistories(trial, { capacity: 4, items }, ["falsely full"]);
  },
};

const EMP1: Rule = {
  id: "EMP1",
  group: "Empty",
  level: "MUST",
  sentence: "An empty ring says so, and the read that met it has no effect.",
  why: "A slot read before it is written delivers an invented item.",
  source: "S3",
  technique: ["sequential"],
  needs: always,
  async run(trial) {
    const { feed, drain } = await (await trial.open({ capacity: 4 })).ends();
    for (let value = 1; value <= 12; value++) {
      checkEqual(drain.tryRead(4), [], `an empty ring, round ${value}`);
      await feed.write([value]);
      checkEqual(await take(drain, 1), [value], `round ${value}`);
    }
  },
};

const EMP2: Rule = {
  id: "EMP2",
  group: "Empty",
  level: "MUST",
  sentence: "A ring with items inside is never taken for an empty one, the full ring least of all.",
  why: "Equal cursors mean empty or full; a ring that cannot tell loses a whole lap.",
  source: "S3",
  technique: ["sequential", "history", "exploration"],
  needs: always,
  async run(trial) {
    const capacity = 8;
    const { feed, drain } = await (await trial.open({ capacity })).ends();
    let next = 1;
    for (let inside = 1; inside <= capacity; inside++) {
      await feed.write(numbers(next, inside));
      trial.doing(`reading from a ring with ${inside} of ${capacity} items inside`);
      checkEqual(await take(drain, inside), numbers(next, inside), `${inside} items inside`);
      next += inside;
    }
    if (all(recordable, near)(trial.adapter.capabilities) !== undefined) return;
    const items = Math.min(MOST_ITEMS, trial.effort.items / 10);
    await checkHistories(trial, { capacity, items }, ["falsely empty"]);
  },
};

const EMP3: Rule = {
  id: "EMP3",
  group: "Empty",
  level: "MUST",
  sentence: "A read that waits completes once an item is there.",
  why: "A reader that is never woken is a program that hangs.",
  source: "S3",
  technique: ["sequential"],
  needs: nearReader,
  async run(trial) {
    const { feed, drain } = await (await trial.open()).ends();
    for (let value = 1; value <= 20; value++) {
      trial.doing(`waiting for a read to complete after item ${value} was written`);
      const waiting = drain.read(8);
      await feed.write([value]);
      checkEqual(await waiting, [value], "a read begun on the empty ring");
    }
  },
};

export const capacity: readonly Rule[] = [CAP1, CAP2, CAP3, FUL1, FUL2, FUL4, EMP1, EMP2, EMP3];
