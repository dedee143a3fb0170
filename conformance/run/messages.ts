/** What passes between the command and the child processes that run rules. */
import { z } from "zod";
import { family } from "../../reports/schema.ts";

/** Stands before each message of a child; anything else on its stdout is the adapter's own. */
export const MARK = "@ringproof ";

export const orders = z.object({
  ref: z.string(),
  rules: z.array(z.string()),
  seed: z.number().int(),
  profile: z.enum(["quick", "standard", "deep", "mutant", "hanging"]),
  replay: z.string().optional(),
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

export type Orders = z.infer<typeof orders>;
export type Message = z.infer<typeof message>;
