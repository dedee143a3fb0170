/** Which cells there are: entrants × runtimes × cases × params, and why some are not. */
import { UsageError } from "../runner/command.ts";
import type { Case, Params } from "./cases/case.ts";
import type { Entrant } from "./entrants.ts";

export interface PlannedCell {
  readonly entrant: Entrant;
  /** Id of the runtime. */
  readonly runtime: string;
  readonly work: Case;
  readonly params: Params;
}

export interface Plan {
  readonly cells: readonly PlannedCell[];
  /** One line each: what does not apply, and why. */
  readonly unfit: readonly string[];
}

export function makePlan(
  entrants: readonly Entrant[],
  runtimes: readonly string[],
  cases: readonly Case[],
): Plan {
  const pairs = cases.flatMap((work) =>
    entrants.map((entrant) => ({ work, entrant, why: entrant.unfit(work) }))
  );
  const cells = runtimes.flatMap((runtime) =>
    cases.flatMap((work) =>
      work.params.flatMap((params) =>
        pairs.filter((pair) => pair.work === work && pair.why === undefined)
          .map(({ entrant }) => ({ entrant, runtime, work, params }))
      )
    )
  );
  const unfit = pairs.filter(({ why }) => why !== undefined)
    .map(({ work, entrant, why }) => `${work.name} of ${entrant.name}: ${why}`);
  return { cells, unfit };
}

/** "spsc · bun · throughput batch=64" */
export function labelOf({ entrant, runtime, work, params }: PlannedCell): string {
  return [entrant.name, runtime, describe(work.name, params)].join(" · ");
}

/** "throughput batch=64" */
export function describe(what: string, params: Readonly<Record<string, string | number>>): string {
  return [what, ...Object.entries(params).map(([name, value]) => `${name}=${value}`)].join(" ");
}

/**
 * The i-th of n parts, from "i/n". Every cell is in exactly one, and the parts are consecutive, so
 * that what is to be compared with each other mostly stays on one machine.
 */
export function shard<T>(cells: readonly T[], text: string): T[] {
  const [, index, count] = (text.match(/^(\d{1,4})\/(\d{1,4})$/) ?? []).map(Number);
  if (index === undefined || count === undefined || index < 1 || index > count) {
    throw new UsageError(`--shard ${text}: give it as i/n with 1 ≤ i ≤ n, such as 1/4`);
  }
  const cut = (part: number) => Math.floor(part * cells.length / count);
  return cells.slice(cut(index - 1), cut(index));
}
