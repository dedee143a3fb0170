/** What passes between the command and the child processes that run rules. */
import { z } from "zod";
import { family } from "../../reports/schema.ts";

/** Stands before each message of a child; anything else on its stdout is the adapter's own. */
export const MARK = "@ringproof ";

export const orders = z.object({
  ref: z.string(),
  rules: z.array(z.string()),
  seed: z.number().int(),
  profile: z.enum(["quick", "standard", "deep", "mutant", "equivalent", "hanging"]),
  replay: z.string().optional(),
  /** Milliseconds that are left for these rules. */
  budgetMs: z.number(),
});

export const message = z.discriminatedUnion("type", [
  z.object({ type: z.literal("adapter"), name: z.string(), family }),
  /** Its module cannot be imported, or is no adapter. */
  z.object({ type: z.literal("unloadable"), reason: z.string() }),
  /** The adapter cannot be had on this machine. */
  z.object({ type: z.literal("unavailable"), reason: z.string() }),
  z.object({ type: z.literal("begin"), rule: z.string() }),
  z.object({
    type: z.literal("verdict"),
    rule: z.string(),
    verdict: z.enum(["pass", "fail", "skip", "unknown"]),
    reason: z.string(),
    schedule: z.object({ token: z.string(), trace: z.string() }).optional(),
    ms: z.number(),
  }),
]);

/** A message, whole; any other line is the adapter's own, also one that only begins as a message. */
export function messageIn(line: string): Message | undefined {
  if (!line.startsWith(MARK)) return undefined;
  try {
    return message.parse(JSON.parse(line.slice(MARK.length)));
  } catch {
    return undefined;
  }
}

export type Orders = z.infer<typeof orders>;
export type Message = z.infer<typeof message>;
