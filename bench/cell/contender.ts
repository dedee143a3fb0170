/** What a cell measures: a ring behind the contract, or what has loops of its own. */
import type { Transferable } from "node:worker_threads";
import type { Case, Follow, Lead, Params, Pass } from "../cases/case.ts";

/**
 * Where the ends stand: tasks of one realm, one loop that drives a scripted device too, worker
 * threads, or two processes.
 */
export type Place = "task" | "device" | "workers" | "processes";

export interface Contender {
  readonly place: Place;
  /** Whether its ends need the event loops of their threads while nothing is asked of them. */
  readonly turning: boolean;
  /** Of this thread's reader, once there is one. */
  readonly readerId?: number;
  unavailable(): Promise<string | undefined>;
  /** Makes what the ends share. */
  open(work: Case, params: Params): Promise<void>;
  /** What each end is given to attach() to it from elsewhere. */
  seats(): Seats;
  attach(at: unknown): Promise<void>;
  /** `after`: ids of the readers that its reader comes after. */
  lead(work: Case, params: Params, after: readonly number[]): Promise<Lead>;
  follow(work: Case, params: Params, part: number, after: readonly number[]): Promise<Follow>;
  /** Both ends in one loop, where the case has that and it moves the items. */
  solo(work: Case, params: Params): Promise<Pass | undefined>;
  dispose(): Promise<void>;
}

/** The one follow's seat is that of all follows. */
export interface Seats {
  readonly lead: Seat;
  readonly follow: Seat;
}

/** Goes to a worker by structured clone, to another process as JSON. */
export interface Seat {
  readonly at: unknown;
  readonly transfer?: readonly Transferable[];
}
