/** What is driven by loops of its own, paced and verified as rings behind the contract are. */
import type { Cell } from "../../reports/schema.ts";
import type { Case, Follow, Lead, Params, Pass } from "../cases/case.ts";
import type { Contender, Place, Seats } from "./contender.ts";

export interface Direct {
  readonly name: string;
  /** The family that it belongs to, or is to be compared with. */
  readonly family: Cell["family"];
  /**
   * A ring by its natural API, a facility of the platform beside which a ring is a peer, or a
   * reference: what no ring can be.
   */
  readonly kind: Cell["kind"];
  /** What it is, in a few words. */
  readonly summary: string;
  /** The adapter that wraps it; whoever asks for that one gets both. */
  readonly of?: string;
  /** Why the case is not for it, or undefined. */
  unfit(work: Case, params: Params): string | undefined;
  contender(): Contender;
}

interface Definition<Shared> extends Omit<Direct, "unfit" | "contender"> {
  /** Worker threads by default. */
  readonly place?: Place;
  /** By the case's name. */
  readonly loops: Readonly<Record<string, Loops<Shared>>>;
  unavailable?(): Promise<string | undefined>;
  open(work: Case, params: Params): Seats | Promise<Seats>;
  /** What an end makes of its seat. */
  join(at: unknown): Shared | Promise<Shared>;
}

interface Loops<Shared> {
  /** The batches that it has; without this, as the case has them. */
  readonly batches?: readonly number[];
  lead?(shared: Shared, params: Params): Lead | Promise<Lead>;
  follow?(shared: Shared, params: Params): Follow | Promise<Follow>;
  solo?(shared: Shared, params: Params): Pass | Promise<Pass>;
}

export function direct<Shared>(definition: Definition<Shared>): Direct {
  const { name, family, kind, summary, of, loops } = definition;
  return {
    name,
    family,
    kind,
    summary,
    of,
    unfit(work, { batch }) {
      const own = loops[work.name];
      if (!own) return "it has no loop for it";
      const fits = batch === undefined || (own.batches?.includes(Number(batch)) ?? true);
      return fits ? undefined : `it has no loop for batches of ${batch}`;
    },
    contender: () => new DirectContender(definition),
  };
}

class DirectContender<Shared> implements Contender {
  readonly place: Place;
  readonly turning = false;
  readonly #definition: Definition<Shared>;
  #seats: Seats | undefined;
  #at: unknown;

  constructor(definition: Definition<Shared>) {
    this.place = definition.place ?? "workers";
    this.#definition = definition;
  }

  async unavailable(): Promise<string | undefined> {
    return await this.#definition.unavailable?.();
  }

  async open(work: Case, params: Params): Promise<void> {
    this.#seats = await this.#definition.open(work, params);
  }

  seats(): Seats {
    return this.#seats!;
  }

  attach(at: unknown): Promise<void> {
    this.#at = at;
    return Promise.resolve();
  }

  async lead({ name }: Case, params: Params): Promise<Lead> {
    const { loops, join } = this.#definition;
    return await loops[name]!.lead!(await join(this.#at ?? this.#seats?.lead.at), params);
  }

  async follow({ name }: Case, params: Params): Promise<Follow> {
    const { loops, join } = this.#definition;
    return await loops[name]!.follow!(await join(this.#at ?? this.#seats?.follow.at), params);
  }

  async solo({ name }: Case, params: Params): Promise<Pass | undefined> {
    const { loops, join } = this.#definition;
    return await loops[name]!.solo?.(await join(this.#seats!.lead.at), params);
  }

  /** Its memory and its ports go with the threads that held them. */
  dispose(): Promise<void> {
    return Promise.resolve();
  }
}
