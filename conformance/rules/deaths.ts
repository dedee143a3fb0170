/** Threads that die or stand still for ever between any two of their steps: what others may feel of it. */
import type { Capabilities } from "../../impls/contract.ts";
import type { FailureKind } from "../explore/explore.ts";
import type { DeathArgs } from "../explore/programs/deaths.ts";
import { explorable } from "../harness/explored.ts";
import { failures, type Plan } from "../harness/schedules.ts";
import { all, type Rule, type Trial, Violation, when } from "../rule.ts";

const program = new URL("../explore/programs/deaths.ts", import.meta.url);
type Bounds = Pick<Plan<DeathArgs>, "maxSteps" | "strategies" | "executions">;

/**
 * Rings that give a claimer time before they take it for dead do so in thousands of looks, so that
 * one such schedule takes as long as ten others.
 */
const patient = ({ effort }: Trial): Bounds => ({
  maxSteps: 40_000,
  executions: Math.ceil(effort.executions / 10),
});

/** Whoever is to be woken has to sleep first: depth first, the same one begins for long. */
const blocked = ({ effort }: Trial): Bounds => ({
  maxSteps: 8_000,
  executions: Math.ceil(effort.executions / 4),
  strategies: ["pct", "random", "depth-first"],
});

const OWN5: Rule = {
  id: "OWN5",
  group: "Ownership",
  level: "MUST",
  sentence:
    "Whoever dies between any two steps leaves the others nothing torn, doubled or made up.",
  why: "A thread is terminated where it stands, and those that outlive it believe what it left.",
  source: "S4",
  technique: ["exploration", "fault"],
  needs: explorable,
  run: (trial) =>
    exploreDeaths(trial, ["race", "wrong", "threw"], shapesOf(trial, "any"), patient(trial)),
};

const MPR3: Rule = {
  id: "MPR3",
  group: "Many",
  level: "SHOULD",
  sentence: "Whoever stands still for ever, at whatever step, no try-call of another hangs by it.",
  why: "A thread that the system puts to sleep for a second is to stop itself and nobody else.",
  source: "S0; Herlihy 1991, non-blocking progress",
  technique: ["exploration", "fault"],
  needs: all(explorable, when((c) => c.progress !== "locking", "it is a ring under a lock")),
  run: (trial) =>
    exploreDeaths(trial, ["deadlock", "endless"], shapesOf(trial, "any"), patient(trial)),
};

const LCK3: Rule = {
  id: "LCK3",
  group: "Locking",
  level: "MUST",
  sentence: "Wherever a thread dies, those that block come to their end, or get RING_LOST.",
  why:
    "Between taking a lock, changing what it guards and waking others there are many places to die.",
  source: "S3; POSIX robust mutexes",
  technique: ["exploration", "fault"],
  needs: all(
    explorable,
    when((c) => c.progress === "locking", "it is no ring under a lock"),
    when((c) => c.producers === "many" && c.consumers === "many", "a dead end keeps its place"),
  ),
  run: (trial) =>
    exploreDeaths(
      trial,
      ["deadlock", "endless", "race", "wrong", "threw"],
      [...shapesOf(trial, "producer"), ...shapesOf(trial, "consumer")],
      blocked(trial),
    ),
};

/** Throws a Violation for the first schedule that ends in one of `kinds`. */
async function exploreDeaths(
  trial: Trial,
  kinds: readonly FailureKind[],
  shapes: readonly DeathArgs[],
  bounds: Bounds,
): Promise<void> {
  const plan: Plan<DeathArgs> = { program, shapes, deaths: 1, ...bounds };
  for await (const { failure, shape, token } of failures(trial, plan)) {
    if (!kinds.includes(failure.kind)) continue;
    const { producers, consumers, capacity, batch } = shape;
    const where = `${producers} to ${consumers}, capacity ${capacity}, batches of ${batch}`;
    const { kind, reason, trace, found } = failure;
    throw new Violation(`${kind}: ${reason} (${where}, execution ${found})`, { token, trace });
  }
}

/** Two of the end that dies where there may be two, one of the other; the smallest rings. */
function shapesOf({ ref, adapter }: Trial, mortal: DeathArgs["mortal"]): DeathArgs[] {
  const { producers, consumers }: Capabilities = adapter.capabilities;
  const two = { producer: producers === "many", consumer: consumers === "many" };
  const pairs: [number, number][] = [];
  if (two.producer && mortal !== "consumer") pairs.push([2, 1]);
  if (two.consumer && mortal !== "producer") pairs.push([1, 2]);
  if (pairs.length === 0) pairs.push([1, 1]);
  return pairs.flatMap(([producers, consumers]) => {
    const shape = { ref, mortal, producers, consumers };
    return [
      { ...shape, capacity: 1, batch: 1, items: 2 },
      { ...shape, capacity: 4, batch: 2, items: 4 },
    ];
  });
}

export const deaths: readonly Rule[] = [OWN5, MPR3, LCK3];
