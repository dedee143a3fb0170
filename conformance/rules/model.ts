/** Random programs against a model: a plain queue of the same capacity. */
import fc from "fast-check";
import { always, check, type Rule, type Trial, Violation } from "../rule.ts";
import {
  checkEqual,
  type Drain,
  type Feed,
  numbers,
  type Subject,
  take,
} from "../harness/subject.ts";

interface Model {
  inside: number[];
  next: number;
  closed: boolean;
  readonly capacity: number;
}

interface Real {
  readonly subject: Subject;
  readonly feed: Feed;
  readonly drain: Drain;
}

type Command = fc.AsyncCommand<Model, Real>;

/** Writes what fits, waiting for room that is on its way, and then finds the ring full. */
class Write implements Command {
  readonly count: number;
  constructor(count: number) {
    this.count = count;
  }
  check = (model: Readonly<Model>) => !model.closed;
  async run(model: Model, { feed }: Real): Promise<void> {
    const fitting = Math.min(this.count, model.capacity - model.inside.length);
    const values = numbers(model.next, this.count);
    await feed.write(values.slice(0, fitting));
    model.inside.push(...values.slice(0, fitting));
    model.next += this.count;
    if (fitting === this.count) return;
    const more = feed.tryWrite(values.slice(fitting));
    check(more === 0, `${more} items more than the capacity went in`);
  }
  toString = () => `write ${this.count}`;
}

class Read implements Command {
  readonly count: number;
  constructor(count: number) {
    this.count = count;
  }
  check = () => true;
  async run(model: Model, { drain }: Real): Promise<void> {
    const due = model.inside.splice(0, this.count);
    checkEqual(await take(drain, due.length), due, "read");
    if (due.length < this.count) checkEqual(drain.tryRead(this.count), [], "read beyond the last");
  }
  toString = () => `read ${this.count}`;
}

class Close implements Command {
  check = (model: Readonly<Model>) => !model.closed;
  async run(model: Model, { subject }: Real): Promise<void> {
    await subject.ring.close();
    model.closed = true;
  }
  toString = () => "close";
}

const count = fc.integer({ min: 0, max: 12 });

const MOD1: Rule = {
  id: "MOD1",
  group: "Model",
  level: "MUST",
  sentence: "Any program of writes, reads and close() has the results of a bounded queue.",
  why: "Faults hide in sequences that nobody thought of writing down.",
  source: "Claessen and Hughes 2000; S2 S3 S4",
  needs: always,
  async run(trial) {
    const sinkHasNoEnd = trial.adapter.capabilities.flow === "sink";
    // Mostly writes and reads: a program that closes early tries little.
    const command = fc.oneof(
      { weight: 10, arbitrary: count.map((n): Command => new Write(n)) },
      { weight: 10, arbitrary: count.map((n): Command => new Read(n)) },
      { weight: sinkHasNoEnd ? 0 : 1, arbitrary: fc.constant<Command>(new Close()) },
    );
    const programs = fc.commands([command], { maxCommands: 40, size: "max" });
    const property = fc.asyncProperty(
      fc.constantFrom(1, 2, 4, 8),
      programs,
      (capacity, program) => runProgram(trial, capacity, program),
    );
    const { effort: { programs: numRuns }, seed } = trial;
    const result = await fc.check(property, { seed, numRuns, endOnFailure: false });
    if (!result.failed) return;
    const [capacity, program] = result.counterexample!;
    const why = result.errorInstance instanceof Error ? result.errorInstance.message : "failed";
    throw new Violation(
      `capacity ${capacity}: ${program}: ${why} ` +
        `(fast-check seed ${result.seed}, path ${result.counterexamplePath})`,
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
    const model: Model = { inside: [], next: 1, closed: false, capacity };
    const ends = await subject.ends();
    await fc.asyncModelRun(() => ({ model, real: { subject, ...ends } }), program);
  } finally {
    await subject.ring[Symbol.asyncDispose]();
  }
}

export const model: readonly Rule[] = [MOD1];
