/** What a cell measures: a ring behind the contract, or a reference with loops of its own. */
import type { Transferable } from "node:worker_threads";
import type { Case, Follow, Lead, Params, Pass } from "../cases/case.ts";

/**
 * Where the two ends stand: tasks of one realm, one loop that drives a scripted device too, two
 * worker threads, or two processes.
 */
export type Place = "task" | "device" | "workers" | "processes";

export interface Contender {
  readonly place: Place;
  unavailable(): Promise<string | undefined>;
  /** Makes what the two ends share. */
  open(work: Case): Promise<void>;
  /** What each end is given to attach() to it from elsewhere. */
  seats(): Seats;
  attach(at: unknown): Promise<void>;
  lead(work: Case, params: Params): Promise<Lead>;
  follow(work: Case, params: Params): Promise<Follow>;
  /** Only where the place is one loop, or the case wants it in one. */
  solo?(work: Case, params: Params): Promise<Pass>;
  dispose(): Promise<void>;
}

export interface Seats {
  readonly lead: Seat;
  readonly follow: Seat;
}

/** Goes to a worker by structured clone, to another process as JSON. */
export interface Seat {
  readonly at: unknown;
  readonly transfer?: readonly Transferable[];
}
