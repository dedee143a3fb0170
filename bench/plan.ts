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
  const all = cases.flatMap((work) =>
    work.params.flatMap((params) =>
      entrants.map((entrant) => ({ work, params, entrant, why: entrant.unfit(work, params) }))
    )
  );
  const cells = runtimes.flatMap((runtime) =>
    all.filter(({ why }) => why === undefined)
      .map(({ entrant, work, params }) => ({ entrant, runtime, work, params }))
  );
  return { cells, unfit: cases.flatMap((work) => reasons(all.filter((one) => one.work === work))) };
}

/** Of one case and the adapters: a reason that holds for all its parameters is given once. */
function reasons(
  all: readonly { work: Case; params: Params; entrant: Entrant; why: string | undefined }[],
): string[] {
  // Who has loops of its own has them for certain cases only, and owes no reason for the others.
  const adapters = all.filter(({ entrant }) => !entrant.direct);
  return [...Map.groupBy(adapters, ({ entrant }) => entrant)].flatMap(([{ name }, same]) => {
    const alike = same.every(({ why }) => why === same[0]!.why);
    return (alike ? same.slice(0, 1) : same).flatMap(({ work, params, why }) =>
      why === undefined
        ? []
        : [`${alike ? work.name : describe(work.name, params)} of ${name}: ${why}`]
    );
  });
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
