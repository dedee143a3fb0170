/** What a reader costs that waits for an item which does not come for a second. */
import process from "node:process";
import { Mismatch } from "../harness/numbering.ts";
import type { Case, Ends, Follow, Lead } from "./case.ts";

/** Until engines have done what they do after a start, compiling and collecting. */
const SETTLE_MS = 600;
const IDLE_MS = 1000;

export const idle: Case = {
  name: "idle",
  summary: "processor time of a process whose reader waits for an item, of one core's",
  unit: "%",
  params: [{}],
  parts: () => [{ writes: 0 }, { reads: 0 }],
  waiting: "spin-then-park",
  gauge: "single",
  unfit({ capabilities: { flow, items, reach }, kind }) {
    if (items === "records") return "its items are no numbers";
    if (flow !== "loop") return "a device holds an end";
    if (reach === "network") return "its two ends are two processes";
    return kind === "peer" && reach === "task"
      ? "it waits for a promise of its own task"
      : undefined;
  },
  lead: ({ outgoing, numbering: { buffer } }) => {
    const items = buffer(1);
    return idler((number) => {
      items[0] = number;
      if (outgoing!.tryWrite(items) === 0) throw new Mismatch("full though nothing was written");
    });
  },
  follow: sleeper,
};

/** Sends one item after a second in which nothing came. */
export function idler(send: (number: number) => void): Lead {
  let percent = 0;
  return {
    grain: 1,
    score: () => ({ value: percent }),
    async run(first) {
      await sleep(SETTLE_MS);
      percent = await processorTime(IDLE_MS);
      send(first);
      return first;
    },
  };
}

/** The item must not have come before it was sent, which shows that it was waited for. */
function sleeper({ incoming, style, numbering: { buffer } }: Ends): Follow {
  const reader = incoming!, items = buffer(1);
  return {
    grain: 1,
    async run() {
      const begun = performance.now();
      const got = style === "block" ? reader.readSync!(items) : await reader.read(items);
      if (got !== 1 || performance.now() - begun < IDLE_MS) {
        throw new Mismatch(`${got} items came before one was sent`);
      }
      return items[0]!;
    },
  };
}

/** Of the whole process, percent of one core. */
async function processorTime(ms: number): Promise<number> {
  const begun = performance.now(), before = process.cpuUsage();
  await sleep(ms);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 10 / (performance.now() - begun);
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
