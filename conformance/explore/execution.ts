/** Begins executions, one after the other: memory as it was, nobody asleep, the first to go chosen. */
import { type Control, float, MAX_THREADS, outcome, status, word } from "./control.ts";
import type { Races } from "./races.ts";
import { Scheduler } from "./scheduler.ts";
import { begin } from "./strategies.ts";

/** A thread that is none: whoever it chooses costs no preemption. */
const NO_THREAD = MAX_THREADS - 1;

export interface Snapshot {
  readonly memory: SharedArrayBuffer;
  readonly bytes: Uint8Array;
}

export const snapshotsOf = (memories: readonly SharedArrayBuffer[]): Snapshot[] =>
  memories.map((memory) => ({ memory, bytes: new Uint8Array(memory).slice() }));

/** Whoever calls it holds the turn, and gives it away by it. */
export function launch(control: Control, races: Races, snapshots: readonly Snapshot[]): void {
  const { words, floats } = control;
  for (const { memory, bytes } of snapshots) new Uint8Array(memory).set(bytes);
  races.barrier();
  words[word.outcome] = outcome.running;
  for (
    const counter of [
      word.steps,
      word.done,
      word.preemptions,
      word.notes,
      word.writes,
      word.decisions,
      word.sleepers,
      word.tickets,
      word.deaths,
    ]
  ) words[counter] = 0;
  words.fill(status.ready, word.statuses, word.statuses + MAX_THREADS);
  words.fill(1, word.marked, word.marked + MAX_THREADS); // it may not even begin
  words.fill(0, word.quiet, word.quiet + MAX_THREADS);
  words.fill(0, word.quietSince, word.quietSince + MAX_THREADS);
  floats.fill(Infinity, float.deadlines);
  floats[float.now] = floats[float.idle] = 0;
  begin(words);
  new Scheduler(control, NO_THREAD).start();
}
