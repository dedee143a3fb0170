/** One rule on one adapter, from opening to disposal, within its time. */
import type { Adapter } from "../../impls/contract.ts";
import { profiles } from "../run/effort.ts";
import type { Message, Orders } from "../run/messages.ts";
import { seeded } from "../random.ts";
import { type Rule, type Trial, Undecided, Violation } from "../rule.ts";
import { Subject, type SubjectOptions } from "./subject.ts";

/** Of a rule's time, after which what can be cut is cut. */
const USABLE = 0.9;

type VerdictMessage = Extract<Message, { type: "verdict" }>;

/** A verdict, and whether what was begun came to its end; if not, the process is not to be reused. */
export async function tryRule(
  rule: Rule,
  adapter: Adapter<unknown>,
  orders: Orders,
  limitMs: number = profiles[orders.profile].limitMs,
): Promise<{ verdict: VerdictMessage; clean: boolean }> {
  const answer = (verdict: VerdictMessage["verdict"], reason: string, ms: number) =>
    ({ type: "verdict", rule: rule.id, verdict, reason, ms }) as const;
  const gate = rule.needs(adapter.capabilities);
  if (gate !== undefined) return { verdict: answer("skip", gate, 0), clean: true };

  const run = new Run(adapter, orders);
  const begun = performance.now();
  const failure = await within(limitMs, run.complete(rule, USABLE * limitMs));
  const ms = performance.now() - begun;
  if (failure === "hung") {
    const seconds = Math.round(limitMs / 1000);
    return {
      verdict: answer("fail", `hung for ${seconds} s ${run.step}`.trimEnd(), ms),
      clean: false,
    };
  }
  if (failure === undefined) return { verdict: answer("pass", "", ms), clean: true };
  const undecided = failure instanceof Undecided;
  const verdict = answer(undecided ? "unknown" : "fail", inWords(failure), ms);
  const schedule = failure instanceof Violation ? failure.schedule : undefined;
  return { verdict: { ...verdict, schedule }, clean: true };
}

class Run implements Trial {
  readonly adapter: Adapter<unknown>;
  readonly ref: string;
  readonly seed: number;
  readonly random;
  readonly effort;
  readonly replay;
  step = "";
  readonly #time = new AbortController();
  readonly timeUp: AbortSignal = this.#time.signal;
  readonly #frees: (() => unknown)[] = [];

  constructor(adapter: Adapter<unknown>, { ref, seed, profile, replay }: Orders) {
    this.adapter = adapter;
    this.ref = ref;
    this.seed = seed;
    this.random = seeded(seed);
    this.effort = profiles[profile];
    this.replay = replay;
  }

  async open(options?: SubjectOptions): Promise<Subject> {
    const subject = await Subject.open(this.adapter, options);
    this.after(() => subject.ring[Symbol.asyncDispose]());
    return subject;
  }

  after(free: () => unknown): void {
    this.#frees.push(free);
  }

  doing(step: string): void {
    this.step = step;
  }

  /** What the rule threw, or a disposal after it; undefined when it passed. */
  async complete(rule: Rule, usableMs: number): Promise<unknown> {
    let failure: { readonly error: unknown } | undefined;
    const timer = setTimeout(() => {
      const time = `${Math.round(usableMs / 1000)} s`;
      this.#time.abort(new Undecided(`not done within ${time} ${this.step}`.trimEnd()));
    }, usableMs);
    try {
      await rule.run(this);
      this.step = "disposing of the rings";
    } catch (error) {
      failure = { error };
    } finally {
      clearTimeout(timer);
    }
    for (const free of this.#frees.reverse()) {
      try {
        await free();
      } catch (error) {
        failure ??= { error: new Error(`disposal failed: ${inWords(error)}`) };
      }
    }
    return failure?.error;
  }
}

function within<R>(limitMs: number, work: Promise<R>): Promise<R | "hung"> {
  let timer: ReturnType<typeof setTimeout>;
  const hung = new Promise<"hung">((resolve) => {
    timer = setTimeout(() => resolve("hung"), limitMs);
  });
  return Promise.race([work, hung]).finally(() => clearTimeout(timer));
}

function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const known = error.name === "Violation" || error.name === "Undecided" ||
    error.name === "RingError";
  return known ? error.message : `${error.name}: ${error.message}`;
}
