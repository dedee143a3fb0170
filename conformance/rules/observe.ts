/** What the ends say of themselves, held against what happened. */
import { always, check, type Rule } from "../rule.ts";
import { numbers, take } from "../harness/subject.ts";

const OBS1: Rule = {
  id: "OBS1",
  group: "Observe",
  level: "MUST",
  sentence: "written + padded = delivered + lost + pending, at every quiet moment.",
  why: "Statistics that do not add up send whoever reads them after a fault that is not there.",
  source: "S1 S4",
  needs: always,
  async run(trial) {
    const { flow } = trial.adapter.capabilities;
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

export const observe: readonly Rule[] = [OBS1];
