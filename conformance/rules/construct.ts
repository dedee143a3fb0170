/** What open() and attach() accept and refuse, and what a capability's claim is worth. */
import type { Capabilities, WaitStrategy } from "../../impls/contract.ts";
import { always, check, type Rule, type Trial, when } from "../rule.ts";
import { refusal } from "../harness/refusal.ts";
import { checkEqual, numbers, Subject, take } from "../harness/subject.ts";

const group = "Construct";

const CON1: Rule = {
  id: "CON1",
  group,
  level: "MUST",
  sentence: "A capacity that is no whole number of one or more is refused before allocating.",
  why: "A ring of a nonsensical size fails later, far from the mistake, or takes all memory.",
  source: "S3",
  technique: ["fuzz"],
  needs: always,
  async run(trial) {
    for (const capacity of [0, -1, 1.5, NaN, Infinity, -Infinity, 2 ** 53, "8", null, undefined]) {
      const error = await refusal(() => trial.open({ capacity: capacity as number }));
      check(error, `open({ capacity: ${String(capacity)} }) was not refused`);
      check(error.code === "RING_INVALID", `capacity ${String(capacity)}: ${describe(error)}`);
    }
  },
};

const CON2: Rule = {
  id: "CON2",
  group,
  level: "MUST",
  sentence: "A capacity that is not a power of two is refused or visibly rounded up.",
  why: "An index masked by a size that is no power of two skips slots silently.",
  source: "S0",
  technique: ["sequential"],
  needs: when((c) => c.sizes === "power-of-two", "it takes any capacity"),
  async run(trial) {
    for (const capacity of [3, 5, 6, 7, 9, 12, 1000]) {
      let ring: Subject;
      try {
        ring = await trial.open({ capacity });
      } catch (error) {
        check(codeOf(error) === "RING_INVALID", `capacity ${capacity}: ${describe(error)}`);
        continue;
      }
      check(ring.ring.capacity > capacity, `${capacity} was taken as ${ring.ring.capacity}`);
      check(Number.isInteger(Math.log2(ring.ring.capacity)), "rounded to no power of two");
    }
  },
};

const CON3: Rule = {
  id: "CON3",
  group,
  level: "MUST",
  sentence: "Two rings are isolated from each other, and each starts empty.",
  why: "State shared between instances leaks items of one user to another.",
  source: "S3",
  technique: ["sequential"],
  needs: always,
  async run(trial) {
    const first = await (await trial.open()).ends();
    await first.feed.write(numbers(1, 5));
    const second = await (await trial.open()).ends();
    checkEqual(second.drain.tryRead(8), [], "a new ring beside one with five items");
    await second.feed.write(numbers(101, 3));
    checkEqual(await take(first.drain, 5), numbers(1, 5), "the first ring");
    checkEqual(await take(second.drain, 3), numbers(101, 3), "the second ring");
  },
};

const CON5: Rule = {
  id: "CON5",
  group,
  level: "MUST",
  sentence: "A capability that is claimed works, and one that is not claimed is really absent.",
  why: "A reader of the report, and every rule here, goes by the claims.",
  source: "abstract-level's manifest tests",
  technique: ["sequential"],
  needs: always,
  async run(trial) {
    const { capabilities } = trial.adapter;
    await checkEnds(trial, capabilities);
    await checkOption(trial, "width", capabilities.width, 2);
    await checkOption(trial, "start", capabilities.start, 5);
    await checkStrategies(trial, capabilities);
    await checkIds(trial, capabilities);
    await checkReach(trial, capabilities);
  },
};

async function checkEnds(trial: Trial, capabilities: Capabilities): Promise<void> {
  const subject = await trial.open();
  const has = (end: object, method: string, claimed: boolean) =>
    check(
      (typeof (end as Record<string, unknown>)[method] === "function") === claimed,
      `${method}() is ${claimed ? "claimed and missing" : "there and not claimed"}`,
    );
  check(
    (subject.ring.device !== undefined) === (capabilities.flow !== "loop"),
    `flow is "${capabilities.flow}", device is ${subject.ring.device ? "there" : "missing"}`,
  );
  if (capabilities.flow === "source") {
    check(await refusal(() => subject.ring.writer()), "the device's end was given away");
  } else {
    const writer = await subject.nearWriter();
    has(writer, "writeSync", capabilities.blocking);
    has(writer, "reserve", capabilities.reserve);
  }
  if (capabilities.flow === "sink") {
    check(await refusal(() => subject.ring.reader()), "the device's end was given away");
  } else {
    const reader = await subject.nearReader();
    has(reader, "readSync", capabilities.blocking);
    has(reader, "reserve", capabilities.reserve);
    if (!capabilities.stages) {
      const gated = await refusal(() => subject.ring.reader({ after: [reader] }));
      check(gated, "stages are not claimed, reader({ after }) was not refused");
    }
  }
}

async function checkStrategies(
  trial: Trial,
  { strategies, flow }: Capabilities,
): Promise<void> {
  const { ring } = await trial.open();
  const refused = async (waiting: string) => {
    const options = { waiting: waiting as WaitStrategy };
    const opened = () => flow === "sink" ? ring.writer(options) : ring.reader(options);
    return await refusal(async () => await (await opened())[Symbol.asyncDispose]());
  };
  for (const waiting of ["spin", "yield", "park", "spin-then-park"]) {
    const error = await refused(waiting);
    if (strategies) check(!error, `strategies are claimed, "${waiting}": ${describe(error)}`);
    else {
      check(
        error?.code === "RING_UNSUPPORTED",
        `strategies are not claimed, "${waiting}": ${describe(error)}`,
      );
    }
  }
  const error = await refused("hope");
  check(
    error?.code === (strategies ? "RING_INVALID" : "RING_UNSUPPORTED"),
    `a wait strategy that there is none: ${describe(error)}`,
  );
}

/** Readers that others can follow have names, no two the same. */
async function checkIds(trial: Trial, { stages, flow }: Capabilities): Promise<void> {
  if (flow === "sink") return;
  const subject = await trial.open();
  const first = await subject.nearReader();
  if (!stages) return check(first.id === undefined, "stages are not claimed, a reader has an id");
  const second = await subject.nearReader({ after: [first] });
  for (const { id } of [first, second]) {
    check(Number.isInteger(id), `stages are claimed, a reader's id is ${String(id)}`);
  }
  check(first.id !== second.id, `two readers have the id ${first.id}`);
}

async function checkOption(
  trial: Trial,
  option: "width" | "start",
  claimed: boolean,
  value: number,
): Promise<void> {
  const error = await refusal(() => trial.open({ [option]: value }));
  if (claimed) check(!error, `${option} is claimed: ${describe(error)}`);
  else check(error?.code === "RING_UNSUPPORTED", `${option} is not claimed: ${describe(error)}`);
}

async function checkReach(trial: Trial, { reach }: Capabilities): Promise<void> {
  const { ring } = await trial.open();
  if (reach === "task") {
    check(ring.handle === undefined, `reach is "task", yet there is a handle`);
    const nowhere = { adapter: trial.adapter.name, at: "" };
    check(await refusal(() => trial.adapter.attach(nowhere)), `reach is "task", attach() answered`);
    return;
  }
  check(ring.handle, `reach is "${reach}", yet there is no handle`);
  const handle = structuredClone(ring.handle);
  check(
    reach === "worker" || JSON.stringify(handle) === JSON.stringify(ring.handle),
    "the handle of a ring that reaches a process does not survive JSON",
  );
  const attached = await trial.adapter.attach(handle);
  trial.after(() => attached[Symbol.asyncDispose]());
  check(attached.capacity === ring.capacity, `attached, its capacity is ${attached.capacity}`);
}

const codeOf = (error: unknown) => (error as { code?: unknown } | undefined)?.code;
const describe = (error: unknown) => error === undefined ? "was accepted" : String(error);

export const construct: readonly Rule[] = [CON1, CON2, CON3, CON5];
