/** A requirement on a ring: one record each, from which the runs and the documentation are made. */
import type { Adapter, Capabilities } from "../impls/contract.ts";
import type { Random } from "./random.ts";
import type { Subject, SubjectOptions } from "./harness/subject.ts";

export type Level = "MUST" | "SHOULD";

/**
 * How a requirement is tested.
 *
 * sequential   calls one after the other, each answer compared
 * model        random calls, held against a model of the ring
 * history      real threads or processes, and a check of what all of them saw
 * exploration  chosen schedules, step by step, with race detection
 * fault        something is killed, cut or delayed
 * fuzz         input that nobody should send
 */
export type Technique = "sequential" | "model" | "history" | "exploration" | "fault" | "fuzz";

/** What is asked of a ring. */
export interface Requirement {
  /** Stable for ever: "CAP1". */
  readonly id: string;
  readonly group: string;
  readonly level: Level;
  readonly sentence: string;
  readonly why: string;
  /** The system whose behaviour or fault it comes from, S0 to S4, or the literature. */
  readonly source: string;
  /** At least one. */
  readonly technique: readonly [Technique, ...Technique[]];
}

/** A requirement that is tested. */
export interface Rule extends Requirement {
  /** Why the rule does not apply to these capabilities; undefined when it does. */
  readonly needs: Gate;
  /** Throws a Violation (or anything else) when the ring breaks the rule. */
  run(trial: Trial): Promise<void>;
}

export type Gate = (capabilities: Capabilities) => string | undefined;

/** How much work a rule does. */
export interface Effort {
  /** Items that pass between real threads in one stress. */
  readonly items: number;
  /** Random programs a model-based property is tried on. */
  readonly programs: number;
  /** Times that something is parked and woken. */
  readonly wakes: number;
  /** Schedules that one exploration tries. */
  readonly executions: number;
}

/** One run of one rule on one adapter. */
export interface Trial {
  readonly adapter: Adapter<unknown>;
  /** For loadAdapter() on another thread. */
  readonly ref: string;
  readonly seed: number;
  readonly random: Random;
  readonly effort: Effort;
  /** Aborts, with an Undecided, before the rule's time is over: for work that ends where it is cut. */
  readonly timeUp: AbortSignal;
  /** The schedule to run alone, for rules that explore schedules. */
  readonly replay: string | undefined;
  /** Opens a ring that is disposed of after the run. */
  open(options?: SubjectOptions): Promise<Subject>;
  /** Has `free` called after the run, whatever comes of it. */
  after(free: () => unknown): void;
  /** Says what is being waited for, for the verdict on a run that hangs. */
  doing(step: string): void;
}

/** A rule that is broken; the message says what was expected and what happened. */
export class Violation extends Error {
  override readonly name = "Violation";
  readonly schedule: Schedule | undefined;

  constructor(message: string, schedule?: Schedule) {
    super(message);
    this.schedule = schedule;
  }
}

/** The order of steps in which a rule was broken. */
export interface Schedule {
  /** For Trial.replay. */
  readonly token: string;
  /** What happened, a line a step. */
  readonly trace: string;
}

/** A rule that could not be decided here; the message says why. */
export class Undecided extends Error {
  override readonly name = "Undecided";
}

export function check(condition: unknown, violation: string): asserts condition {
  if (!condition) throw new Violation(violation);
}

/** Applies to every ring. */
export const always: Gate = () => undefined;

/** Applies where all of the gates let it; the first reason against it stands. */
export const all = (...gates: readonly Gate[]): Gate => (capabilities) => {
  for (const gate of gates) {
    const reason = gate(capabilities);
    if (reason !== undefined) return reason;
  }
  return undefined;
};

/** A gate from a condition and the reason that stands in reports where it does not hold. */
export const when =
  (holds: (capabilities: Capabilities) => boolean, otherwise: string): Gate => (capabilities) =>
    holds(capabilities) ? undefined : otherwise;

/** Applies where one of the gates lets it; otherwise the first reason stands. */
export const either = (...gates: readonly Gate[]): Gate => (capabilities) => {
  const reasons = gates.map((gate) => gate(capabilities));
  return reasons.includes(undefined) ? undefined : reasons[0];
};

export const waits = when((c) => c.overflow === "wait", "a full ring does not make writers wait");
export const drops = when((c) => c.overflow === "drop", "a full ring drops nothing");
export const overwrites = when((c) => c.overflow === "overwrite", "a full ring overwrites nothing");
export const keeps = when((c) => c.overflow !== "overwrite", "a full ring overwrites its oldest");
export const nearWriter = when((c) => c.flow !== "source", "a device is the writer");
export const nearReader = when((c) => c.flow !== "sink", "a device is the reader");
export const loop = when((c) => c.flow === "loop", "a device holds the far end");
export const device = when((c) => c.flow !== "loop", "no device holds an end");
export const attaches = when((c) => c.reach !== "task", "a ring of one task has no handle");
export const network = when((c) => c.reach === "network", "its reach is not the network");
export const blocking = when((c) => c.blocking, "its ends have no blocking calls");
export const start = when((c) => c.start, "open() takes no start");
export const wide = when((c) => c.width, "open() takes no width");
export const reserves = when((c) => c.reserve, "its ends have no reserve()");
export const stages = when((c) => c.stages, "its readers follow no other");
export const strategies = when((c) => c.strategies, "its ends wait in one way only");
export const records = when((c) => c.items === "records", "its items have one length");
export const ownsReferences = when((c) => c.items === "any", "its items are no references");
export const manyProducers = when((c) => c.producers === "many", "it has one producer");
export const oneProducer = when((c) => c.producers === 1, "it has many producers");
export const broadcasts = when((c) => c.delivery === "broadcast", "each item goes to one reader");
export const manyConsumers = when(
  (c) => c.consumers === "many" && c.delivery === "queue",
  "no two of its readers share the items",
);
