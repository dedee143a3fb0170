/** A rule's threads under many schedules: the explorer, set to a ring behind the contract. */
import type { Capabilities, WaitStrategy } from "../../impls/contract.ts";
import { explore, type Failure, type FailureKind } from "../explore/explore.ts";
import type { RingArgs } from "../explore/programs/ring.ts";
import { all, attaches, blocking, loop, type Trial, Undecided, Violation, when } from "../rule.ts";

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

/** Throws a Violation for the first schedule that ends in one of `kinds`. */
export async function exploreRing(
  trial: Trial,
  waiting: WaitStrategy,
  kinds: readonly FailureKind[],
): Promise<void> {
  const shapes = shapesOf(trial.adapter.capabilities);
  const replay = trial.replay === undefined ? undefined : parseReplay(trial.replay, shapes.length);
  for (const [number, shape] of shapes.entries()) {
    if (replay && replay.shape !== number) continue;
    const { producers, consumers, capacity } = shape;
    trial.doing(`exploring ${producers} producers and ${consumers} consumers on ${capacity} slots`);
    const { failure } = await explore({
      program,
      args: { ref: trial.ref, waiting, ...shape } satisfies RingArgs,
      executions: Math.ceil(trial.effort.executions / shapes.length),
      seed: trial.seed,
      // With several threads the first schedules depth first differ in their last steps only.
      strategies: ["pct", "random", "depth-first"],
      patience: PATIENCE_MS,
      ...(replay ? { replay: replay.token } : {}),
    });
    if (!failure || !kinds.includes(failure.kind)) continue;
    const { token, trace } = failure;
    throw new Violation(inWords(failure, shape), { token: `${number}/${token}`, trace });
  }
}

type Shape = Omit<RingArgs, "ref" | "waiting">;

/**
 * As many ends as there may be, two at most, the most first; the smallest rings, where threads meet
 * most.
 */
function shapesOf({ producers, consumers, overflow, start }: Capabilities): Shape[] {
  const most = (end: 1 | "many") => end === 1 ? [1] : [1, 2];
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

function inWords({ kind, reason, found }: Failure, shape: Shape): string {
  const { producers, consumers, capacity, batch } = shape;
  return `${kind}: ${reason} (${producers} to ${consumers}, capacity ${capacity}, ` +
    `batches of ${batch}, execution ${found})`;
}

/** "3/12:1.40:0": the fourth shape, and the explorer's own token. */
function parseReplay(text: string, shapes: number): { shape: number; token: string } {
  const [, shape, token] = text.match(/^(\d{1,2})\/(.+)$/) ?? [];
  if (token !== undefined && Number(shape) < shapes) return { shape: Number(shape), token };
  throw new Undecided(`--replay ${text} is no schedule of this rule and ring`);
}
