/**
 * One thread of what is explored: a realm whose Atomics, views and clocks are patched before the
 * program is imported, so that the program needs no change. The last one to come to the end of an
 * execution judges it and begins the next, so that no other thread is in the way of thousands.
 */
import { parentPort, workerData } from "node:worker_threads";
import { patchAtomics } from "./atomics.ts";
import { EventLoop } from "./clock.ts";
import { Control, outcome, word } from "./control.ts";
import { launch, snapshotsOf } from "./execution.ts";
import { patchKernel } from "./kernel.ts";
import { takePositionsFrom } from "./position.ts";
import { memoriesOf, type Program } from "./program.ts";
import { type RaceMemory, Races } from "./races.ts";
import { Scheduler, Stopped } from "./scheduler.ts";
import { Session, type TraceEntry } from "./session.ts";
import { advance } from "./strategies.ts";
import { patchViews } from "./views.ts";

export interface Assignment {
  readonly me: number;
  readonly module: string;
  readonly args: unknown;
  readonly shared: unknown;
  readonly control: SharedArrayBuffer;
  readonly races: RaceMemory;
}

export type Message =
  | { readonly kind: "ready" }
  | { readonly kind: "fault"; readonly message: string }
  | { readonly kind: "trace"; readonly entries: readonly TraceEntry[] }
  | { readonly kind: "over"; readonly exhausted: boolean; readonly reason: string };

const { me, module, args, shared, control: memory, races: raceMemory } = workerData as Assignment;
const say = (message: Message) => parentPort!.postMessage(message);

const control = new Control(memory);
const { words } = control;
const scheduler = new Scheduler(control, me);
const memories = memoriesOf(shared);
const snapshots = snapshotsOf(memories);
const session = new Session(scheduler, new Races(raceMemory, me), memories);
const loop = new EventLoop(session);
patchAtomics(session);
patchViews(session);
loop.patch();
takePositionsFrom(() => scheduler.nextNote());
patchKernel(session, control);

try {
  const program = (await import(module) as { default: Program<unknown> }).default;
  const thread = (await program.threads(args))[me]!;
  say({ kind: "ready" });
  for (;;) await execute(program, thread);
} catch (error) {
  say({
    kind: "fault",
    message: error instanceof Error ? error.stack ?? error.message : `${error}`,
  });
}

async function execute(program: Program<unknown>, thread: (shared: unknown) => unknown) {
  scheduler.await();
  const tracing = words[word.tracing] === 1;
  session.begin(tracing);
  try {
    const value = loop.run(() => thread(shared));
    control.answer(me, value instanceof Promise ? await value : value);
  } catch (error) {
    if (!(error instanceof Stopped) && !scheduler.over) {
      session.reason = `thread ${me} threw ${inWords(error)}`;
      scheduler.decide(outcome.threw);
    }
    control.answer(me, session.reason);
  }
  const died = scheduler.isDead(me);
  // Of a dead thread something may still be about to go on: it stays stopped.
  if (died) control.answer(me, null);
  else session.end();
  if (tracing) say({ kind: "trace", entries: session.trace });
  if (!scheduler.finish()) return;
  session.end();
  await judge(program);
}

/** All threads are done, and this one has the turn. */
async function judge(program: Program<unknown>): Promise<void> {
  let reason = "";
  if (words[word.outcome] === outcome.running) {
    words[word.outcome] = outcome.passed;
    try {
      const outcomes = Array.from({ length: words[word.threads]! }, (_, t) => control.answerOf(t));
      const dead = outcomes.flatMap((_, t) => scheduler.isDead(t) ? [t] : []);
      await program.check?.(outcomes, shared, args, dead);
    } catch (error) {
      words[word.outcome] = outcome.wrong;
      reason = inWords(error);
    }
  } else reason = String(control.answerOf(words[word.culprit]!) ?? "");
  words[word.executions]!++;
  const steps = words[word.totalSteps]! + words[word.steps]!;
  words[word.totalSteps] = steps % 2 ** 30;
  words[word.totalSteps + 1]! += Math.floor(steps / 2 ** 30);
  const failed = words[word.outcome] !== outcome.passed;
  const exhausted = !failed && !advance(words);
  if (failed || exhausted || --words[word.budget]! <= 0) say({ kind: "over", exhausted, reason });
  else launch(control, session.races, snapshots);
}

function inWords(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
