/** Whatever is measured: the rings and peers behind the contract, and the references beside it. */
import type { Family } from "../impls/contract.ts";
import { loadAdapter } from "../impls/load.ts";
import { registry } from "../impls/registry.ts";
import type { Cell } from "../reports/schema.ts";
import { oneOf, UsageError } from "../runner/command.ts";
import { selectAdapters, type Selected } from "../runner/selection.ts";
import type { Case } from "./cases/case.ts";
import { references } from "./references/all.ts";
import type { Reference } from "./references/reference.ts";

export interface Entrant {
  /** For loadContender(). */
  readonly ref: string;
  readonly reference: boolean;
  readonly name: string;
  readonly family: Family;
  readonly kind: Cell["kind"];
  /** Why this case is not for it, or undefined. */
  unfit(work: Case): string | undefined;
}

/** What was asked for, or everything; a reference goes by its name and its family as rings do. */
export async function selectEntrants(values: {
  readonly adapters?: readonly string[];
  readonly families?: readonly string[];
  readonly adapter?: readonly string[];
}): Promise<Entrant[]> {
  const { adapters = [], families = [], adapter = [] } = values;
  const known = [...Object.keys(registry), ...references.map(({ name }) => name)];
  for (const name of adapters) oneOf("adapter", name, known);
  const rings = adapters.filter((name) => Object.hasOwn(registry, name));
  const all = adapters.length + families.length + adapter.length === 0;
  const onlyReferences = !all && rings.length + families.length + adapter.length === 0;
  const selected = onlyReferences
    ? []
    : await selectAdapters({ ...values, adapters: rings }, { peers: true });
  const beside = references.filter(({ name, family }) =>
    all || adapters.includes(name) || families.includes(family)
  );
  const entrants = [
    ...await Promise.all(selected.map(ringEntrant)),
    ...beside.map(referenceEntrant),
  ];
  for (const [i, { name }] of entrants.entries()) {
    if (entrants.findIndex((one) => one.name === name) < i) {
      throw new UsageError(`two adapters are called ${name}: results could not tell them apart`);
    }
  }
  return entrants;
}

async function ringEntrant({ ref, name, family, kind }: Selected): Promise<Entrant> {
  // What cannot be loaded here fits everything: its cells then say, each on its runtime, why not.
  const adapter = await loadAdapter(ref).catch(() => undefined);
  const unfit = (work: Case) => adapter && work.unfit(adapter);
  return { ref, reference: false, name, family, kind, unfit };
}

function referenceEntrant({ name, family, kind, cases }: Reference): Entrant {
  const unfit = (work: Case) => cases.includes(work.name) ? undefined : "it has no loop for it";
  return { ref: name, reference: true, name, family, kind, unfit };
}
