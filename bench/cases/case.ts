/**
 * What a benchmark case is: one record, and the two loops that its two ends run.
 *
 * Items are numbered; the number stands in the item, so that whoever receives knows what must come.
 * The *lead* is the end that keeps the time: it receives (throughput) or sends and waits for the
 * echo (latency). The *follow* is the other end. Lane 0 carries items from follow to lead, lane 1
 * from lead to follow.
 */
import type { Adapter, Capabilities, Reader, Ring, Writer } from "../../impls/contract.ts";
import type { Cell } from "../../reports/schema.ts";
import type { Numbering } from "../harness/numbering.ts";

export type Params = Readonly<Record<string, number>>;

export interface Case {
  readonly name: string;
  /** What it measures, in one sentence. */
  readonly summary: string;
  readonly unit: Cell["unit"];
  /** One cell each. */
  readonly params: readonly Params[];
  readonly lanes: 1 | 2;
  /** Why it says nothing about such a ring, or undefined. */
  unfit(adapter: Pick<Adapter<unknown>, "capabilities" | "scripted">): string | undefined;
  lead(ends: Ends, params: Params): Lead;
  follow(ends: Ends, params: Params): Follow;
  /** Both ends in one loop, for rings that one thread drives alone. */
  solo?(ring: Ring<number>, capabilities: Capabilities, params: Params): Promise<Pass>;
}

/** What one side holds, and how it waits: spinning on try*, or awaiting. */
export interface Ends {
  readonly incoming?: Reader<number>;
  readonly outgoing?: Writer<number>;
  readonly style: "spin" | "await";
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
  /** Throws Mismatch when something is left over once both ends have finished. */
  rest?(): void;
  /** What the last run says, where that is more than its duration. */
  score?(): Score;
}

/** Moves `items` items through both ends, and throws Mismatch unless they arrive. */
export interface Pass {
  readonly items: number;
  run(): void;
}

export interface Score {
  readonly value: number;
  readonly percentiles?: Record<string, number>;
}
