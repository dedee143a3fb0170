/** A ring as the bench drives it: the case's own loops over the contract's ends. */
import type { Adapter, Capabilities, Handle, Ring } from "../../impls/contract.ts";
import type { Case, Ends, Follow, Lead, Params, Pass } from "../cases/case.ts";
import type { Contender, Place, Seats } from "./contender.ts";
import { numbering } from "../harness/numbering.ts";

/** Items that fit into every ring here: a multiple of every batch and block, a power of two. */
export const CAPACITY = 4096;

/** Where the two ends of such a ring stand: as far apart as it reaches. */
export function placeOf({ flow, reach }: Capabilities): Place {
  if (flow !== "loop") return "device";
  if (reach === "task") return "task";
  return reach === "network" ? "processes" : "workers";
}

export class RingContender implements Contender {
  readonly place: Place;
  readonly #adapter: Adapter<number>;
  /** One a lane. */
  #rings: readonly Ring<number>[] = [];

  constructor(adapter: Adapter<number>) {
    this.place = placeOf(adapter.capabilities);
    this.#adapter = adapter;
  }

  unavailable(): Promise<string | undefined> {
    return this.#adapter.unavailable();
  }

  async open({ lanes }: Case): Promise<void> {
    const uri = this.place === "device" ? this.#adapter.scripted : undefined;
    const open = () => this.#adapter.open({ capacity: CAPACITY, uri });
    this.#rings = await Promise.all(Array.from({ length: lanes }, open));
  }

  seats(): Seats {
    const at = this.#rings.map(({ handle }) => handle);
    return { lead: { at }, follow: { at } };
  }

  async attach(at: unknown): Promise<void> {
    this.#rings = await Promise.all(
      (at as Handle[]).map((handle) => this.#adapter.attach(handle)),
    );
  }

  async lead(work: Case, params: Params): Promise<Lead> {
    const [incoming, outgoing] = this.#rings;
    return work.lead(await this.#ends(incoming, outgoing), params);
  }

  async follow(work: Case, params: Params): Promise<Follow> {
    const [outgoing, incoming] = this.#rings;
    return work.follow(await this.#ends(incoming, outgoing), params);
  }

  solo(work: Case, params: Params): Promise<Pass> {
    return work.solo!(this.#rings[0]!, this.#adapter.capabilities, params);
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#rings.map((ring) => ring[Symbol.asyncDispose]()));
  }

  async #ends(incoming?: Ring<number>, outgoing?: Ring<number>): Promise<Ends> {
    return {
      incoming: await incoming?.reader(),
      outgoing: await outgoing?.writer(),
      // Threads that have nothing else to do spin; an event loop must go on turning.
      style: this.place === "workers" ? "spin" : "await",
      numbering: numbering(this.#adapter.capabilities.items),
    };
  }
}
