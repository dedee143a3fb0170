/**
 * All rules on one adapter under one runtime. They run in child processes under a watchdog: a rule
 * that hangs, an abort of the whole process and a failed import are verdicts, and the rules after
 * it run in a new child.
 */
import type { Family } from "../../impls/contract.ts";
import { runChild } from "../../runner/child.ts";
import type { Runtime } from "../../runner/runtimes.ts";
import { type Profile, profiles } from "./effort.ts";
import { type Message, messageIn, type Orders } from "./messages.ts";
import type { Rule, Schedule } from "../rule.ts";

export interface Ruling {
  readonly rule: Rule;
  readonly verdict: "pass" | "fail" | "skip" | "unknown";
  readonly reason: string;
  readonly schedule?: Schedule | undefined;
  readonly ms: number;
}

export interface SuiteOptions {
  readonly ref: string;
  readonly runtime: Runtime;
  readonly rules: readonly Rule[];
  readonly seed: number;
  readonly profile: Profile;
  readonly replay?: string | undefined;
  readonly signal: AbortSignal;
  readonly onRuling: (ruling: Ruling) => void;
}

/** What became of it beyond the rulings: the adapter's reason for being unavailable. */
export interface SuiteEnd {
  readonly unavailable: string | undefined;
  readonly family: Family | undefined;
}

/** How much longer than a rule a silent child lives: a rule that blocks the thread ends here. */
const WATCHDOG_GRACE_MS = 3_000;

export async function runSuite(options: SuiteOptions): Promise<SuiteEnd> {
  const deadline = performance.now() + profiles[options.profile].budgetMs;
  let left = options.rules;
  let family: Family | undefined;
  while (left.length > 0 && !options.signal.aborted) {
    const child = await runOnce(options, left, Math.max(0, deadline - performance.now()));
    family ??= child.family;
    if (child.unavailable !== undefined) return { unavailable: child.unavailable, family };
    left = left.filter((rule) => !child.ruled.has(rule.id));
    if (child.ended || options.signal.aborted) continue;
    // It died: within a rule, which has failed by that, or before any, when none can be run.
    const dead = child.begun ? left.filter(({ id }) => id === child.begun) : left;
    for (const rule of dead) {
      options.onRuling({ rule, verdict: "fail", reason: child.death, ms: child.ms });
    }
    left = left.filter((rule) => !dead.includes(rule));
  }
  return { unavailable: undefined, family };
}

interface ChildRun {
  readonly family: Family | undefined;
  readonly unavailable: string | undefined;
  readonly ruled: ReadonlySet<string>;
  /** The rule that was running when it ended. */
  readonly begun: string | undefined;
  /** It ended by itself, with progress made. */
  readonly ended: boolean;
  readonly death: string;
  /** Milliseconds since the last rule began. */
  readonly ms: number;
}

async function runOnce(
  options: SuiteOptions,
  left: readonly Rule[],
  budgetMs: number,
): Promise<ChildRun> {
  const { ref, runtime, seed, profile, replay, signal, onRuling } = options;
  const ruled = new Set<string>();
  let family: Family | undefined, unavailable: string | undefined, begun: string | undefined;
  let unloadable: string | undefined;
  let begunAt = performance.now();
  const onMessage = (message: Message) => {
    if (message.type === "adapter") family = message.family;
    else if (message.type === "unavailable") unavailable = message.reason;
    else if (message.type === "unloadable") unloadable = message.reason;
    else if (message.type === "begin") {
      begun = message.rule;
      begunAt = performance.now();
    } else {
      begun = undefined;
      ruled.add(message.rule);
      const rule = left.find(({ id }) => id === message.rule);
      if (rule) onRuling({ ...message, rule });
    }
  };
  const rules = left.map(({ id }) => id);
  const orders: Orders = { ref, rules, seed, profile, replay, budgetMs };
  const silenceMs = profiles[profile].limitMs + WATCHDOG_GRACE_MS;
  const end = await runChild({
    runtime,
    script: new URL("./child.ts", import.meta.url),
    args: [JSON.stringify(orders)],
    silenceMs,
    signal,
    onLine: (line) => {
      const message = messageIn(line);
      if (message) onMessage(message);
    },
  });
  const ended = end.how === "exit" && end.code === 0 && begun === undefined && ruled.size > 0;
  const how = end.how === "silent"
    ? `blocked its thread for ${Math.round(silenceMs / 1000)} s and was killed`
    : `ended with ${end.signal ?? `exit code ${end.code}`}: ${lastLine(end.stderr)}`;
  const death = unloadable ?? `the process ${how}`;
  return { family, unavailable, ruled, begun, ended, death, ms: performance.now() - begunAt };
}

/** The line that says most: the first that begins with an error's name, or the last one. */
function lastLine(stderr: string): string {
  const lines = stderr.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  return lines.find((line) => /^(\w+ )*\w*error\b/i.test(line)) ?? lines.at(-1) ?? "no message";
}
