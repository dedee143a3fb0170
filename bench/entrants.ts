/** Whatever is measured: the rings and peers behind the contract, and what has loops of its own. */
import type { Family } from "../impls/contract.ts";
import { loadAdapter } from "../impls/load.ts";
import { registry } from "../impls/registry.ts";
import type { Cell } from "../reports/schema.ts";
import { oneOf, UsageError } from "../runner/command.ts";
import { selectAdapters, type Selected } from "../runner/selection.ts";
import { cases } from "./cases/all.ts";
import type { Case, Params } from "./cases/case.ts";
import type { Direct } from "./cell/direct.ts";
import { directs } from "./directs.ts";

export interface Entrant {
  /** For loadContender(). */
  readonly ref: string;
  readonly direct: boolean;
  readonly name: string;
  readonly family: Family;
  readonly kind: Cell["kind"];
  /** Why this case is not for it, or undefined. */
  unfit(work: Case, params: Params): string | undefined;
}

/** What was asked for, or everything; who has loops of its own goes by name and family as rings do. */
export async function selectEntrants(values: {
  readonly adapters?: readonly string[];
  readonly families?: readonly string[];
  readonly adapter?: readonly string[];
}): Promise<Entrant[]> {
  const { adapters = [], families = [], adapter = [] } = values;
  const known = [...Object.keys(registry), ...directs.map(({ name }) => name)];
  for (const name of adapters) oneOf("adapter", name, known);
  const rings = adapters.filter((name) => Object.hasOwn(registry, name));
  const all = adapters.length + families.length + adapter.length === 0;
  const onlyDirects = !all && rings.length + families.length + adapter.length === 0;
  const selected = onlyDirects
    ? []
    : await selectAdapters({ ...values, adapters: rings }, { peers: true });
  const beside = directs.filter(({ name, of = name, family }) =>
    all || adapters.includes(name) || adapters.includes(of) || families.includes(family)
  );
  const entrants = [
    ...await Promise.all(selected.map(ringEntrant)),
    ...beside.map(directEntrant),
  ];
  for (const [i, { name }] of entrants.entries()) {
    if (entrants.findIndex((one) => one.name === name) < i) {
      throw new UsageError(`two adapters are called ${name}: results could not tell them apart`);
    }
  }
  return entrants;
}

async function ringEntrant({ ref, name, family, kind }: Selected): Promise<Entrant> {
  const adapter = await loadAdapter(ref).catch(() => undefined);
  const unfit = (work: Case, params: Params) => {
    if (adapter) return work.unfit({ ...adapter, kind }, params);
    // One cell then says, on each runtime, why not.
    return params === cases[0]!.params[0] ? undefined : "it cannot be loaded here";
  };
  return { ref, direct: false, name, family, kind, unfit };
}

function directEntrant({ name, family, kind, unfit }: Direct): Entrant {
  return { ref: name, direct: true, name, family, kind, unfit };
}
