/** What the ends say of themselves, held against what happened. */
import { always, check, type Rule, type Trial } from "../rule.ts";
import { written } from "../harness/bound.ts";
import { checkEqual, numbers, take } from "../harness/subject.ts";

const OBS1: Rule = {
  id: "OBS1",
  group: "Observe",
  level: "MUST",
  sentence: "written + padded = delivered + lost + pending, at every quiet moment.",
  why: "Statistics that do not add up send whoever reads them after a fault that is not there.",
  source: "S1 S4",
  technique: ["model"],
  needs: always,
  async run(trial) {
    const { flow, overflow } = trial.adapter.capabilities;
    if (overflow === "overwrite") return await checkLosses(trial);
    const capacity = 8;
    const subject = await trial.open({ capacity });
    const { feed, drain } = await subject.ends();
    let written = 0, delivered = 0;
    for (let round = 0; round < 50; round++) {
      const adding = trial.random.integer(capacity - (written - delivered) + 1);
      await feed.write(numbers(written + 1, adding));
      written += adding;
      const taking = trial.random.integer(written - delivered + 1);
      await take(drain, taking);
      delivered += taking;
      const stats = subject.stats();
      const expected = {
        ...(flow === "loop" || flow === "sink" ? { written } : {}),
        ...(flow === "sink" ? {} : { delivered }),
      };
      for (const [what, count] of Object.entries(expected)) {
        const said = stats[what as "written" | "delivered"];
        check(said === count, `round ${round}: ${count} ${what}, the ends say ${said}`);
      }
      check(stats.lost === 0, `round ${round}: nothing was lost, the ends say ${stats.lost}`);
    }
    if (flow !== "loop") return;
    await take(drain, written - delivered);
    const before = subject.stats().delivered;
    trial.doing("handing an item to a reader that waits");
    const reading = drain.read(1);
    await feed.write([written + 1]);
    await reading;
    const counted = subject.stats().delivered - before;
    check(counted === 1, `of one item handed to a waiting reader ${counted} are counted`);
  },
};

/** A reader knows what it missed as soon as it has read on. */
async function checkLosses(trial: Trial): Promise<void> {
  const capacity = 8;
  const subject = await trial.open({ capacity });
  const { feed, drain } = await subject.ends();
  let inside: number[] = [], count = 0, delivered = 0;
  for (let round = 0; round < 50; round++) {
    const adding = trial.random.integer(2 * capacity);
    await feed.write(numbers(count + 1, adding));
    inside = written(trial.adapter.capabilities, capacity, inside, numbers(count + 1, adding))
      .inside;
    count += adding;
    const taking = trial.random.integer(inside.length + 1);
    await take(drain, taking);
    inside.splice(0, taking);
    delivered += taking;
    const stats = subject.stats();
    checkEqual(
      [stats.written, stats.delivered],
      [count, delivered],
      `written, delivered, ${round}`,
    );
    if (taking === 0) continue;
    const lost = count - delivered - inside.length;
    check(stats.lost === lost, `round ${round}: ${lost} were lost, the ends say ${stats.lost}`);
  }
}

export const observe: readonly Rule[] = [OBS1];
