/** A rule's program under many schedules, in one shape after the other. */
import { explore, type ExploreOptions, type Failure } from "../explore/explore.ts";
import { loadAdapter } from "../../impls/load.ts";
import { seeded } from "../random.ts";
import { type Trial, Undecided } from "../rule.ts";
import { profiles } from "../run/effort.ts";

export interface Plan<A> extends Omit<ExploreOptions, "args" | "executions" | "seed" | "replay"> {
  /** What the program is given, at most 100 of them; each gets its share of the executions. */
  readonly shapes: readonly A[];
  /** Over all shapes; what the profile has by default. */
  readonly executions?: number;
}

/** A failure, in which shape, and what repeats it: "3/12:1.40:0" is a schedule of the fourth shape. */
export interface Found<A> {
  readonly failure: Failure;
  readonly shape: A;
  readonly token: string;
}

/** What goes wrong in each shape, in their order; where a schedule is to be replayed, that alone. */
export async function* failures<A>(
  trial: Trial,
  { shapes, executions = trial.effort.executions, ...options }: Plan<A>,
): AsyncGenerator<Found<A>> {
  const replay = trial.replay === undefined ? undefined : parse(trial.replay, shapes.length);
  for (const [number, shape] of shapes.entries()) {
    if (replay && replay.shape !== number) continue;
    trial.doing(`exploring shape ${number + 1} of ${shapes.length}`);
    const { failure } = await explore({
      ...options,
      args: shape,
      executions: Math.ceil(executions / shapes.length),
      seed: trial.seed,
      // What hangs in a schedule the explorer finds itself; without a finding there was too little time.
      signal: trial.timeUp,
      ...(replay ? { replay: replay.token } : {}),
    });
    if (failure) yield { failure, shape, token: `${number}/${failure.token}` };
  }
}

/** For a rule that explores and does nothing else, outside of a run. */
export async function exploringTrial(
  ref: string,
  seed: number,
  executions: number,
): Promise<Trial> {
  return {
    adapter: await loadAdapter(ref),
    ref,
    seed,
    random: seeded(seed),
    effort: { ...profiles.deep, executions },
    timeUp: new AbortController().signal,
    replay: undefined,
    open: () => Promise.reject(new Error("this trial opens no ring")),
    after() {},
    doing() {},
  };
}

function parse(text: string, shapes: number): { shape: number; token: string } {
  const [, shape, token] = text.match(/^(\d{1,2})\/(.+)$/) ?? [];
  if (token !== undefined && Number(shape) < shapes) return { shape: Number(shape), token };
  throw new Undecided(`--replay ${text} is no schedule of this rule and ring`);
}
