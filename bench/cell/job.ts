/** What one cell's process is told, and what it answers: both cross a pipe, so both are checked. */
import { z } from "zod";
import { place } from "../../reports/schema.ts";

export const job = z.object({
  /** Name of one that has loops of its own, or what loadAdapter() takes. */
  ref: z.string(),
  direct: z.boolean(),
  case: z.string(),
  params: z.record(z.string(), z.union([z.number(), z.string()])),
  timing: z.object({
    windowMs: z.number().positive(),
    warmUpMs: z.number().nonnegative(),
    measureMs: z.number().positive(),
  }),
});

export const outcome = z.object({
  status: z.enum(["ok", "invalid", "failed", "unavailable"]),
  ends: place.optional(),
  /** In the case's unit; there when the status is "ok". */
  value: z.number().nonnegative().optional(),
  percentiles: z.record(z.string(), z.number()).optional(),
  /** Whether the warm-up had settled when the timed run began. */
  steady: z.boolean().optional(),
  /** What to know about the value. */
  note: z.string().optional(),
  /** Why there is none. */
  reason: z.string().optional(),
});

export type Job = z.infer<typeof job>;
export type Outcome = z.infer<typeof outcome>;
