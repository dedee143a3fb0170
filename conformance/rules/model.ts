/** Random programs against a model: a log of what was accepted, and how far each reader is in it. */
import fc from "fast-check";
import type { Capabilities } from "../../impls/contract.ts";
import { always, check, type Rule, type Trial, Violation } from "../rule.ts";
import {
  checkEqual,
  type Drain,
  type Feed,
  numbers,
  type Subject,
  take,
} from "../harness/subject.ts";

/** A queue is a log with one reader that stays; a broadcast has some that come and go. */
interface Model {
  readonly log: number[];
  readonly readers: { at: number; lost: number }[];
  next: number;
  closed: boolean;
  readonly capacity: number;
  readonly capabilities: Capabilities;
}

interface Real {
  readonly subject: Subject;
  readonly feed: Feed;
  /** One for each of the model's readers. */
  readonly drains: Drain[];
}

type Command = fc.AsyncCommand<Model, Real>;

const MOST_READERS = 4;

/** Writes what fits, waiting for room that is on its way, and then finds the ring full. */
class Write implements Command {
  readonly count: number;
  constructor(count: number) {
    this.count = count;
  }
  check = (model: Readonly<Model>) => !model.closed;
  async run(model: Model, { feed }: Real): Promise<void> {
    const values = numbers(model.next, this.count);
    const free = roomOf(model);
    const fitting = values.slice(0, free);
    await feed.write(fitting);
    model.log.push(...fitting);
    model.next += this.count;
    if (fitting.length === this.count) return;
    const more = feed.tryWrite(values.slice(fitting.length));
    check(more === 0, `${more} items more than the capacity went in`);
  }
  toString = () => `write ${this.count}`;
}

/** With no reader, what is written is nobody's and takes no room. */
function roomOf({ capabilities, capacity, log, readers }: Model): number {
  if (capabilities.overflow === "overwrite" || readers.length === 0) return Infinity;
  return capacity - (log.length - Math.min(...readers.map(({ at }) => at)));
}

class Read implements Command {
  readonly who: number;
  readonly count: number;
  constructor(who: number, count: number) {
    this.who = who;
    this.count = count;
  }
  check = ({ readers }: Readonly<Model>) => readers.length > 0;
  async run(model: Model, { drains }: Real): Promise<void> {
    const index = this.who % drains.length;
    const reader = model.readers[index]!, drain = drains[index]!;
    const overwrites = model.capabilities.overflow === "overwrite";
    const from = overwrites ? Math.max(reader.at, model.log.length - model.capacity) : reader.at;
    const due = model.log.slice(from, from + this.count);
    checkEqual(await take(drain, due.length), due, "read");
    if (due.length < this.count) checkEqual(drain.tryRead(this.count), [], "read beyond the last");
    if (due.length === 0) return;
    reader.lost += from - reader.at;
    reader.at = from + due.length;
    if (!overwrites) return;
    checkEqual([drain.end!.stats().lost], [reader.lost], "lost items that are counted");
  }
  toString = () => `reader ${this.who} reads ${this.count}`;
}

class Join implements Command {
  check = ({ closed, readers }: Readonly<Model>) => !closed && readers.length < MOST_READERS;
  async run(model: Model, { subject, drains }: Real): Promise<void> {
    drains.push(await subject.drain());
    model.readers.push({ at: model.log.length, lost: 0 });
  }
  toString = () => "join";
}

class Leave implements Command {
  readonly who: number;
  constructor(who: number) {
    this.who = who;
  }
  check = ({ readers }: Readonly<Model>) => readers.length > 0;
  async run(model: Model, { drains }: Real): Promise<void> {
    const index = this.who % drains.length;
    await drains[index]!.end![Symbol.asyncDispose]();
    drains.splice(index, 1);
    model.readers.splice(index, 1);
  }
  toString = () => `reader ${this.who} leaves`;
}

class Close implements Command {
  check = (model: Readonly<Model>) => !model.closed;
  async run(model: Model, { subject }: Real): Promise<void> {
    await subject.ring.close();
    model.closed = true;
  }
  toString = () => "close";
}

const MOD1: Rule = {
  id: "MOD1",
  group: "Model",
  level: "MUST",
  sentence: "Any program of writes, reads, joins, leaves and close() has the results of the model.",
  why: "Faults hide in sequences that nobody thought of writing down.",
  source: "Claessen and Hughes 2000; S2 S3 S4",
  technique: ["model"],
  needs: always,
  async run(trial) {
    const { flow, delivery } = trial.adapter.capabilities;
    const count = fc.integer({ min: 0, max: 12 }), who = fc.integer({ min: 0, max: 11 });
    const readers = delivery === "broadcast" ? 2 : 0;
    // Mostly writes and reads: a program that closes early tries little. A sink has no end.
    const command = fc.oneof(
      { weight: 10, arbitrary: count.map((n): Command => new Write(n)) },
      { weight: 10, arbitrary: fc.tuple(who, count).map(([i, n]): Command => new Read(i, n)) },
      { weight: readers, arbitrary: fc.constant<Command>(new Join()) },
      { weight: readers, arbitrary: who.map((i): Command => new Leave(i)) },
      { weight: flow === "sink" ? 0 : 1, arbitrary: fc.constant<Command>(new Close()) },
    );
    const capacity = fc.constantFrom(1, 2, 4, 8);
    const program = fc.commands([command], { maxCommands: 40, size: "max" });
    const property = fc.asyncProperty(
      capacity,
      program,
      (capacity, program) => runProgram(trial, capacity, program),
    );
    await checkProperty(
      trial,
      property,
      ([capacity, program]) => `capacity ${capacity}: ${program}`,
    );
  },
};

async function runProgram(
  trial: Trial,
  capacity: number,
  program: Iterable<Command>,
): Promise<void> {
  trial.doing(`a random program on a ring of ${capacity}: ${program}`);
  const subject = await trial.open({ capacity });
  try {
    const { capabilities } = trial.adapter;
    const readers = [{ at: 0, lost: 0 }];
    const model: Model = { log: [], readers, next: 1, closed: false, capacity, capabilities };
    const { feed, drain } = await subject.ends();
    const real = { subject, feed, drains: [drain] };
    await fc.asyncModelRun(() => ({ model, real }), program);
  } finally {
    await subject.ring[Symbol.asyncDispose]();
  }
}

/** Tries as many programs as the effort says; the smallest that fails is the Violation. */
export async function checkProperty<Program>(
  { effort: { programs: numRuns }, seed }: Trial,
  property: fc.IAsyncProperty<Program>,
  inWords: (program: Program) => string,
): Promise<void> {
  const result = await fc.check(property, { seed, numRuns, endOnFailure: false });
  if (!result.failed) return;
  const why = result.errorInstance instanceof Error ? result.errorInstance.message : "failed";
  throw new Violation(
    `${inWords(result.counterexample!)}: ${why} ` +
      `(fast-check seed ${result.seed}, path ${result.counterexamplePath})`,
  );
}

export const model: readonly Rule[] = [MOD1];
