/** A rule's threads under many schedules: the explorer, set to a ring behind the contract. */
import type { Capabilities, WaitStrategy } from "../../impls/contract.ts";
import type { FailureKind } from "../explore/explore.ts";
import type { RingArgs } from "../explore/programs/ring.ts";
import { type Pattern, patternNames } from "../history/fault.ts";
import { all, attaches, blocking, loop, type Trial, Violation, when } from "../rule.ts";
import { failures, type Found, type Plan } from "./schedules.ts";

/** What can be explored: threads of one process on a SharedArrayBuffer, by blocking calls. */
export const explorable = all(
  attaches,
  loop,
  blocking,
  when((c) => c.reach === "worker", "its ends are no threads of one process"),
);

const program = new URL("../explore/programs/ring.ts", import.meta.url);
/** On the virtual clock: sleepers that look for themselves after so long were forgotten. */
const PATIENCE_MS = 100;
// With several threads the first schedules depth first differ in their last steps only.
const strategies = ["pct", "random", "depth-first"] as const;

/** Throws a Violation for the first schedule that ends in one of `kinds`. */
export async function exploreRing(
  trial: Trial,
  waiting: WaitStrategy,
  kinds: readonly FailureKind[],
): Promise<void> {
  const shapes = shapesOf(trial.adapter.capabilities)
    .map((shape) => ({ ...shape, ref: trial.ref, waiting }));
  for await (const found of failures(trial, planFor(shapes))) {
    if (kinds.includes(found.failure.kind)) throw violationOf(found);
  }
}

/**
 * Throws a Violation for the first schedule whose history is none of a bounded queue, if it shows
 * one of `patterns`. A data race ends no execution here: what matters is what comes of it.
 */
export async function exploreHistories(
  trial: Trial,
  patterns: readonly Pattern[],
): Promise<void> {
  const found = await firstBadHistory(trial);
  if (found && patterns.includes(patternOf(found)!)) throw violationOf(found);
}

/** The last exploration of histories and what it found: several rules ask about one. */
let last:
  | { readonly what: string; readonly found: Promise<Found<RingArgs> | undefined> }
  | undefined;

function firstBadHistory(trial: Trial): Promise<Found<RingArgs> | undefined> {
  const what = JSON.stringify([trial.ref, trial.seed, trial.effort, trial.replay ?? ""]);
  if (last?.what !== what) last = { what, found: exploreForHistories(trial) };
  return last.found;
}

async function exploreForHistories(trial: Trial): Promise<Found<RingArgs> | undefined> {
  const shapes = historyShapesOf(trial.adapter.capabilities)
    .map((shape) => ({ ...shape, ref: trial.ref, waiting: "yield" as const }));
  const executions = trial.effort.executions / 2; // on larger programs, and fewer of them
  const plan = { ...planFor(shapes), executions, races: "ignored" } as const;
  for await (const found of failures(trial, plan)) {
    if (patternOf(found) !== undefined) return found;
  }
  return undefined;
}

const planFor = (shapes: readonly RingArgs[]): Plan<RingArgs> => (
  { program, shapes, strategies, patience: PATIENCE_MS }
);

/** The program names what is wrong with a history by its pattern. */
const patternOf = ({ failure: { kind, reason } }: Found<RingArgs>): Pattern | undefined =>
  kind === "wrong" ? patternNames.find((pattern) => reason.startsWith(`${pattern}:`)) : undefined;

type Shape = Omit<RingArgs, "ref" | "waiting">;

/**
 * As many ends as there may be, two at most, the most first; the smallest rings, where threads meet
 * most.
 */
function shapesOf({ producers, consumers, overflow, start }: Capabilities): Shape[] {
  const pairs = most(producers).flatMap((p) => most(consumers).map((c) => [p, c] as const));
  return pairs.flatMap(([p, c]) => {
    // A ring that overwrites is to come round to memory that a reader still holds.
    const items = overflow === "overwrite" ? 6 : p * c > 1 ? 2 : 3;
    const shape = { producers: p, consumers: c, items, start: 0 };
    return [
      // Room for the batches of two writers at once.
      ...(p * c > 1 ? [{ ...shape, capacity: 4, batch: 2 }] : []),
      { ...shape, capacity: 2, batch: 2, ...(start ? { start: 2 ** 30 - 3 } : {}) },
      { ...shape, capacity: 1, batch: 1 },
    ];
  }).reverse();
}

/** All the ends that there may be, two of a side at most, and enough items to come round. */
function historyShapesOf({ producers, consumers }: Capabilities): Shape[] {
  const shape = {
    producers: most(producers).at(-1)!,
    consumers: most(consumers).at(-1)!,
    items: 3,
    start: 0,
  };
  return [
    { ...shape, capacity: 2, batch: 1 },
    { ...shape, capacity: 1, batch: 1 },
    { ...shape, capacity: 2, batch: 2 },
  ];
}

const most = (end: 1 | "many") => end === 1 ? [1] : [1, 2];

function violationOf({ failure, shape, token }: Found<RingArgs>): Violation {
  const { kind, reason, found, trace } = failure;
  const { producers, consumers, capacity, batch } = shape;
  return new Violation(
    `${kind}: ${reason} (${producers} to ${consumers}, capacity ${capacity}, ` +
      `batches of ${batch}, execution ${found})`,
    { token, trace },
  );
}
