/** What can be wrong with a history, by the field's names for it, and which operations show it. */
import { type Operation, shown } from "./operation.ts";

/**
 * The bad patterns of queues, and what each says. (Source: Henzinger, Sezgin and Vafeiadis 2013,
 * the first five; the rest are their mirror image for a queue with a capacity.)
 */
const patterns = {
  "invented": "an item came out that never went in",
  "duplicate": "an item came out twice",
  "effect before cause": "an item came out before it went in",
  "overtaken": "an item came out before one that had gone in before it",
  "falsely empty": "there was no moment of the call without an item inside",
  "falsely full": "there was no moment of the call without room",
  "overfull": "more items were inside at once than there is room for",
  "no order": "no order of the calls explains all of their answers",
} as const;

export type Pattern = keyof typeof patterns;
export const patternNames = Object.keys(patterns) as readonly Pattern[];

export interface Fault {
  readonly pattern: Pattern;
  /** Those that show it, the culprit first. */
  readonly operations: readonly Operation[];
}

/** Operations that a sentence names. */
const MOST_NAMED = 6;

/** "overtaken: an item came out before …: dequeue 2 [5, 6], enqueue 1 [1, 2]" */
export const inWords = (fault: Fault): string => `${fault.pattern}: ${explained(fault)}`;

/** What the pattern says, and the operations. */
export function explained({ pattern, operations }: Fault): string {
  const named = operations.slice(0, MOST_NAMED).map(shown);
  const more = operations.length - named.length;
  if (more > 0) named.push(`and ${more} more`);
  return `${patterns[pattern]}: ${named.join(", ")}`;
}
