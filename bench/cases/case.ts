/**
 * What a benchmark case is: one record, and the loops that its ends run.
 *
 * Items are numbered; the number stands in the item, so that whoever receives knows what must come.
 * The *lead* is the end that keeps the time: it receives (throughput) or sends and waits for the
 * echo (latency). The *follows* are the others.
 */
import type {
  Adapter,
  Capabilities,
  Reader,
  Ring,
  WaitStrategy,
  Writer,
} from "../../impls/contract.ts";
import type { Cell } from "../../reports/schema.ts";
import type { Numbering } from "../harness/numbering.ts";

export type Params = Readonly<Record<string, number | string>>;

/** What decides whether a case says something about a ring. */
export interface Candidate extends Pick<Adapter<unknown>, "capabilities" | "scripted"> {
  readonly kind: Cell["kind"];
}

/** Which lanes one thread holds an end of; a lane is a ring. */
export interface Part {
  readonly reads?: number;
  readonly writes?: number;
  /** Parts that its reader comes after. */
  readonly after?: readonly number[];
}

export interface Case {
  readonly name: string;
  /** What it measures, in one sentence. */
  readonly summary: string;
  readonly unit: Cell["unit"];
  /** One cell each. */
  readonly params: readonly Params[];
  /** What the ends of a cell are, the lead first. */
  parts(params: Params): readonly Part[];
  /** Items that each ring holds; 4096 by default. */
  readonly capacity?: number;
  /** The ends sleep while there is nothing to do, in this way where they have several. */
  readonly waiting?: WaitStrategy;
  /** Of the unit, an item: bytes of a payload. 1 by default. */
  readonly weight?: number;
  /**
   * What is read, when it is neither the time of a paced run nor what its lead has scored of one:
   * bytes that a loop of both ends allocates, or what the lead scores of one single item.
   * Either comes out the same in every process, so that one will do.
   */
  readonly gauge?: "allocation" | "single";
  /** Why it says nothing about such a ring, or undefined. */
  unfit(candidate: Candidate, params: Params): string | undefined;
  lead(ends: Ends, params: Params): Lead;
  /** `part` is its index among the parts, from 1 on. */
  follow(ends: Ends, params: Params, part: number): Follow;
  /**
   * Both ends in one loop, for rings that one thread drives alone; undefined where only awaiting
   * moves an item, and the case does without.
   */
  solo?(
    ring: Ring<number>,
    capabilities: Capabilities,
    params: Params,
    atOnce: boolean,
  ): Promise<Pass> | undefined;
}

/** What one thread holds, and how it waits: spinning on try*, blocking, or awaiting. */
export interface Ends {
  readonly incoming?: Reader<number>;
  readonly outgoing?: Writer<number>;
  readonly style: "spin" | "block" | "await";
  readonly numbering: Numbering;
}

/** Moves `count` items, the first numbered `first`, and returns the sum of what it moved (int32). */
export type Run = (first: number, count: number) => number | Promise<number>;

export interface Follow {
  /** `count` is a whole number of these. */
  readonly grain: number;
  readonly run: Run;
}

export interface Lead extends Follow {
  /** Throws Mismatch when something is left over once all ends have finished. */
  rest?(): void;
  /** What the last run says, where that is more than its duration. */
  score?(): Score;
}

/** Moves `items` items through both ends, and throws Mismatch unless they arrive. */
export interface Pass {
  readonly items: number;
  run(): void | Promise<void>;
}

export interface Score {
  readonly value: number;
  readonly percentiles?: Record<string, number>;
}

/** One writer and one reader. */
export const oneToOne: readonly Part[] = [{ reads: 0 }, { writes: 0 }];
/** There and back: lane 0 carries items from follow to lead, lane 1 from lead to follow. */
export const thereAndBack: readonly Part[] = [{ reads: 0, writes: 1 }, { writes: 0, reads: 1 }];

/** Rings that such a cell needs. */
export function lanesOf({ parts }: Pick<Case, "parts">, params: Params): number {
  return 1 + Math.max(...parts(params).flatMap(({ reads = 0, writes = 0 }) => [reads, writes]));
}
