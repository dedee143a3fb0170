/** What all threads saw and when, held against a bounded queue: of real threads and of explored ones. */
import { checkHistory } from "../history/check.ts";
import { inWords, type Pattern } from "../history/fault.ts";
import type { Operation } from "../history/operation.ts";
import { all, attaches, check, loop, type Trial, waits, when } from "../rule.ts";
import { explorable, exploreHistories } from "./explored.ts";
import { pass, sides } from "./pass.ts";

/** What has a history of calls: both ends are threads or processes, and nothing is lost. */
export const recordable = all(attaches, loop, waits);

/** Over a network "empty" and "full" speak of what has arrived here, and order nothing. */
export const near = when((c) => c.reach !== "network", "its two ends learn of each other late");

/** What the explorer's program checks the history of. */
const explorableQueue = all(
  recordable,
  explorable,
  when((c) => c.delivery === "queue", "its readers share no items"),
);

export interface Recording {
  readonly capacity: number;
  /** What the effort says, by default. */
  readonly items?: number;
}

/** Throws a Violation for a history that shows one of `patterns`. */
export async function checkHistories(
  trial: Trial,
  { capacity, items }: Recording,
  patterns: readonly Pattern[],
): Promise<void> {
  const { capabilities } = trial.adapter;
  // A schedule to replay is the explorer's.
  if (trial.replay === undefined) {
    const passing = { ...sides(trial), capacity, batch: 1, record: true };
    const { operations } = await pass(trial, { ...passing, ...(items ? { items } : {}) });
    const isTold = near(capabilities) === undefined ? () => true : isMove;
    const fault = checkHistory(operations.map((thread) => thread.filter(isTold)), capacity);
    check(!fault || !patterns.includes(fault.pattern), fault ? inWords(fault) : "");
  }
  if (explorableQueue(capabilities) === undefined) await exploreHistories(trial, patterns);
}

const isMove = ({ kind }: Operation) => kind !== "full" && kind !== "empty";
