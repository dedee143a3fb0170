/** Rings that lose items by design: what is lost is counted, and what is kept is whole. */
import type { Capabilities } from "../../impls/contract.ts";
import { written } from "../harness/bound.ts";
import { checkRising, pass } from "../harness/pass.ts";
import { checkEqual, numbers, take } from "../harness/subject.ts";
import {
  all,
  attaches,
  check,
  drops,
  either,
  loop,
  nearReader,
  overwrites,
  type Rule,
  type Trial,
  when,
} from "../rule.ts";

const source = when((c) => c.flow === "source", "no device writes into it");

const FUL3: Rule = {
  id: "FUL3",
  group: "Full",
  level: "MUST",
  sentence: "What a full ring loses is counted exactly, and what it keeps is whole and in order.",
  why: "A listener can make up for a gap that it is told of, and for no other.",
  source: "S2",
  technique: ["model"],
  needs: either(all(drops, nearReader), all(overwrites, loop)),
  run: (trial) =>
    trial.adapter.capabilities.overflow === "drop" ? checkDrops(trial) : checkOverwrites(trial),
};

async function checkDrops(trial: Trial): Promise<void> {
  const capacity = 8;
  const subject = await trial.open({ capacity });
  const { ring, codec } = subject;
  const drain = await subject.drain();
  check(ring.device, "a scripted device");
  let offered = 0, lost = 0, xruns = 0, inside = 0;
  for (let round = 0; round < 60; round++) {
    const size = 1 + trial.random.integer(2 * capacity);
    ring.device.cycle(codec.encode(numbers(offered + 1, size)), undefined);
    const kept = numbers(offered + 1, Math.min(size, capacity - inside));
    offered += size;
    lost += size - kept.length;
    xruns += size > kept.length ? 1 : 0;
    inside += kept.length;
    const stats = subject.stats();
    checkEqual([stats.lost, stats.xruns], [lost, xruns], `lost and xruns, round ${round}`);
    if (trial.random.integer(2) === 0) {
      const values = drain.tryRead(capacity);
      checkEqual(values.slice(inside - kept.length), kept, `kept, round ${round}`);
      inside = 0;
    }
  }
}

/** The newest are there, the oldest of them first; a gap is one, however many writes made it. */
async function checkOverwrites(trial: Trial): Promise<void> {
  const capacity = 8;
  const subject = await trial.open({ capacity });
  const { feed, drain } = await subject.ends();
  let inside: number[] = [], next = 1, lost = 0, gaps = 0, due = 1;
  for (let round = 0; round < 200; round++) {
    const values = numbers(next, trial.random.integer(2 * capacity + 2));
    const now = written(trial.adapter.capabilities, capacity, inside, values);
    const accepted = feed.tryWrite(values);
    check(accepted === values.length, `a write of ${values.length} answered ${accepted}`);
    inside = now.inside;
    next += values.length;
    const taking = Math.min(inside.length, trial.random.integer(capacity + 1));
    if (trial.random.integer(3) === 0 || taking === 0) continue;
    checkEqual(await take(drain, taking), inside.slice(0, taking), `kept, round ${round}`);
    lost += inside[0]! - due;
    gaps += inside[0] === due ? 0 : 1;
    due = inside[taking - 1]! + 1;
    inside = inside.slice(taking);
    const stats = subject.stats();
    checkEqual([stats.lost, stats.xruns], [lost, gaps], `lost and xruns, round ${round}`);
  }
}

const FIF4: Rule = {
  id: "FIF4",
  group: "Order",
  level: "MUST",
  sentence: "Where a full ring loses items, the rest arrives whole, in order, and all is counted.",
  why: "Loss is allowed; loss that nobody hears of, and items that come twice, are not.",
  source: "S2",
  technique: ["history"],
  needs: all(attaches, either(all(drops, source), all(overwrites, loop))),
  async run(trial) {
    for (const passing of passings(trial.adapter.capabilities, trial.effort.items)) {
      const { sent, received, lost } = await pass(trial, { producers: 1, batch: 7, ...passing });
      received.forEach((values, reader) => {
        checkRising(values, `reader ${reader}`);
        const gone = lost[reader]!;
        check(
          values.length + gone === sent,
          `${sent} were sent, ${values.length} arrived and ${gone} were counted as lost`,
        );
      });
    }
  },
};

/** Overwriting also in a small ring, where the writer laps its readers most; torn items show. */
function passings({ overflow, delivery, width }: Capabilities, items: number) {
  if (overflow === "drop") return [{ consumers: 1 }];
  const consumers = delivery === "broadcast" ? 3 : 1;
  return [
    { consumers, capacity: 64, items: 2 * items },
    { consumers, capacity: 4, items, ...(width ? { width: 5 } : {}) },
  ];
}

export const loss: readonly Rule[] = [FUL3, FIF4];
