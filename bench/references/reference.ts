/** A yardstick: loops of its own between two worker threads, paced and verified as rings are. */
import type { Family } from "../../impls/contract.ts";
import type { Case, Follow, Lead, Params } from "../cases/case.ts";
import type { Contender, Seats } from "../cell/contender.ts";

export interface Reference {
  readonly name: string;
  /** The family that it is to be compared with. */
  readonly family: Family;
  /** A facility of the platform is a peer of the rings; a reference is what no ring can be. */
  readonly kind: "peer" | "reference";
  /** What it is, in a few words. */
  readonly summary: string;
  /** Names of the cases that it has loops for. */
  readonly cases: readonly string[];
  contender(): Contender;
}

interface Definition<Shared> extends Omit<Reference, "cases" | "contender"> {
  /** By the case's name. */
  readonly loops: Readonly<Record<string, Loops<Shared>>>;
  open(lanes: number): Seats;
  /** What an end makes of its seat. */
  join(at: unknown): Shared;
}

interface Loops<Shared> {
  lead(shared: Shared, params: Params): Lead;
  follow(shared: Shared, params: Params): Follow;
}

export function reference<Shared>(definition: Definition<Shared>): Reference {
  const { name, family, kind, summary, loops } = definition;
  const contender = () => new ReferenceContender(definition);
  return { name, family, kind, summary, cases: Object.keys(loops), contender };
}

class ReferenceContender<Shared> implements Contender {
  readonly place = "workers";
  readonly #definition: Definition<Shared>;
  #seats: Seats | undefined;
  #at: unknown;

  constructor(definition: Definition<Shared>) {
    this.#definition = definition;
  }

  unavailable(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  open({ lanes }: Case): Promise<void> {
    this.#seats = this.#definition.open(lanes);
    return Promise.resolve();
  }

  seats(): Seats {
    return this.#seats!;
  }

  attach(at: unknown): Promise<void> {
    this.#at = at;
    return Promise.resolve();
  }

  lead({ name }: Case, params: Params): Promise<Lead> {
    const { loops, join } = this.#definition;
    return Promise.resolve(loops[name]!.lead(join(this.#at), params));
  }

  follow({ name }: Case, params: Params): Promise<Follow> {
    const { loops, join } = this.#definition;
    return Promise.resolve(loops[name]!.follow(join(this.#at), params));
  }

  /** Its memory and its ports go with the threads that held them. */
  dispose(): Promise<void> {
    return Promise.resolve();
  }
}
