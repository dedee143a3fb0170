/**
 * What the result files hold, versioned by their `schema` field. The writers (conformance, bench)
 * and the readers (reports, gates) share these types and nothing else.
 */
import { z } from "zod";

export const family = z.enum(["channel", "locking", "atomics", "audio", "network"]);
/** Where the two ends of what was measured stood; only cells of one place are comparable. */
export const place = z.enum(["task", "device", "workers", "processes"]);
const runtimeName = z.enum(["deno", "bun", "node"]);
/** Runtime as results name it: "bun", or "bun@1.4.5" when several versions stand side by side. */
const runtime = z.string().regex(/^(deno|bun|node)(@[\w.+-]+)?$/);

/** A fact about a runtime found before the run, so that its fault is never blamed on a ring. */
export const probe = z.object({
  runtime,
  probe: z.string(),
  expected: z.string(),
  found: z.string(),
  ok: z.boolean(),
});

export const environment = z.object({
  /** ISO 8601, start of the run. */
  date: z.string(),
  cpu: z.string(),
  cores: z.number().int().positive(),
  memoryBytes: z.number().positive(),
  os: z.string(),
  kernel: z.string(),
  /** Scaling governor of the first core, where it can be read. */
  governor: z.string().optional(),
  /** One-minute load average at the start. */
  load: z.number().nonnegative(),
  /** Commit of this suite, with "+" behind it when the work tree had changes. */
  commit: z.string(),
  seed: z.number().int(),
  profile: z.string(),
  runtimes: z.array(z.object({
    runtime,
    name: runtimeName,
    version: z.string(),
    engine: z.string(),
  })),
  probes: z.array(probe).optional(),
});

/** Of rates more is better; of "ns", "bytes/op" (allocated) and "%" (of one core) less. */
export const unit = z.enum(["items/s", "bytes/s", "ns", "bytes/op", "%"]);

export const cell = z.object({
  adapter: z.string(),
  family,
  /** A published package, platform facility or bare loop to compare with. */
  kind: z.enum(["ring", "peer", "reference"]),
  /** Unknown of a cell that failed before it said so. */
  ends: place.optional(),
  runtime,
  case: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  unit,
  /** Median over the runs; null unless the status is "ok". */
  value: z.number().nonnegative().nullable(),
  /** One value a process, in the order they ran. */
  runs: z.array(z.number().nonnegative()),
  status: z.enum(["ok", "invalid", "failed", "unavailable"]),
  /** Why there is no value, or what to know about it. */
  reason: z.string().optional(),
  /** Nanoseconds at quantiles, latency cases only: { "p50": 812 }. */
  percentiles: z.record(z.string(), z.number()).optional(),
});

/** What the suite says of its rings, and how that stands in the cells of this run. */
export const claim = z.object({
  /** Of what: "spsc batch=64 / ringbuf_js batch=1", a ratio, or "memory of every ring". */
  claim: z.string(),
  unit: z.union([unit, z.literal("×")]),
  /** "≥ 3"; without one nothing is claimed, and the value is shown all the same. */
  limit: z.string().optional(),
  /** One a runtime, where its cells were measured. */
  standings: z.array(z.object({
    runtime,
    value: z.number().nonnegative(),
    met: z.boolean().optional(),
    /** What to know about it. */
    note: z.string().optional(),
  })),
});

export const benchResults = z.object({
  schema: z.literal("ringproof/bench@1"),
  environment,
  /** False when the run was interrupted: what is there is valid, and not all that was asked for. */
  complete: z.boolean(),
  cells: z.array(cell),
  /** What each case measures, in a sentence without its full stop, by its name. */
  cases: z.record(z.string(), z.string()).optional(),
  claims: z.array(claim).optional(),
});

export const verdict = z.object({
  adapter: z.string(),
  family,
  runtime,
  rule: z.string(),
  level: z.enum(["MUST", "SHOULD"]),
  /** "known": it fails as it is known to; `known` says why. */
  verdict: z.enum(["pass", "fail", "known", "skip", "unknown"]),
  /** Why it failed, was skipped or is unknown; empty for a pass. */
  reason: z.string(),
  known: z.string().optional(),
  /** The steps of the threads that broke it, a line each. */
  trace: z.string().optional(),
  seed: z.number().int(),
  /** A command that reproduces exactly this verdict. */
  repro: z.string(),
  ms: z.number().nonnegative(),
});

export const mutant = z.object({
  mutant: z.string(),
  /** The rule that must kill it. */
  rule: z.string(),
  /** The ring that it is an edit of. */
  adapter: z.string(),
  runtime,
  killed: z.boolean(),
  /** What killed it, or what it survived. */
  reason: z.string(),
});

/** An edit that changes nothing, which every rule has to pass. */
export const equivalent = z.object({
  equivalent: z.string(),
  /** The ring that it is an edit of. */
  adapter: z.string(),
  runtime,
  passed: z.boolean(),
  /** The rules that failed it, and what they said. */
  reason: z.string(),
});

export const rule = z.object({
  id: z.string(),
  group: z.string(),
  level: z.enum(["MUST", "SHOULD"]),
  sentence: z.string(),
  why: z.string(),
  source: z.string(),
  /** How it is tested, in single words. */
  technique: z.array(z.string()).optional(),
});

export const conformanceResults = z.object({
  schema: z.literal("ringproof/conformance@1"),
  environment,
  complete: z.boolean(),
  /** Milliseconds from the start to the end of the run. */
  tookMs: z.number().nonnegative().optional(),
  rules: z.array(rule),
  verdicts: z.array(verdict),
  mutants: z.array(mutant),
  equivalents: z.array(equivalent).optional(),
});

export type Environment = z.infer<typeof environment>;
export type Probe = z.infer<typeof probe>;
export type Cell = z.infer<typeof cell>;
export type Unit = z.infer<typeof unit>;
export type Claim = z.infer<typeof claim>;
export type BenchResults = z.infer<typeof benchResults>;
export type Verdict = z.infer<typeof verdict>;
export type Mutant = z.infer<typeof mutant>;
export type Equivalent = z.infer<typeof equivalent>;
export type RuleText = z.infer<typeof rule>;
export type ConformanceResults = z.infer<typeof conformanceResults>;
