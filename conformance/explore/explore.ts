/**
 * Runs a program on shared memory under many schedules, one thread at a time on real workers, and
 * says of the first one that goes wrong how it went: races, deadlocks (lost wake-ups are some),
 * endless loops, wrong results. The program is what runs in production, unchanged.
 */
import { Worker } from "node:worker_threads";
import { Control, float, MAX_DECISIONS, MAX_THREADS, outcome, word } from "./control.ts";
import { launch, snapshotsOf } from "./execution.ts";
import { memoriesOf } from "./program.ts";
import { Races } from "./races.ts";
import type { TraceEntry } from "./session.ts";
import type { Answer, Order } from "./setup.ts";
import { shrink } from "./shrink.ts";
import { strategy, type StrategyName } from "./strategies.ts";
import { type Deviation, parseToken, tokenOf } from "./token.ts";
import { traceText } from "./trace.ts";
import type { Assignment, Message } from "./worker.ts";

export { type Program, program, type Thread } from "./program.ts";

export interface ExploreOptions {
  /** Module whose default export is a Program. */
  readonly program: string | URL;
  /** For its functions; survives structuredClone. */
  readonly args?: unknown;
  /** By default depth first with half of the executions, then pct and random with a quarter each. */
  readonly strategies?: readonly StrategyName[];
  /** Schedules tried at most. Default 2000. */
  readonly executions?: number;
  /** Preemptions of a depth-first schedule at most. Default 2. */
  readonly preemptions?: number;
  /** Ordering constraints that a fault may need, for pct. Default 3. */
  readonly depth?: number;
  readonly seed?: number;
  /**
   * Threads that may die in one execution at most, each before any of its operations. Default 0. To
   * the others such a thread stands still for ever, unless they ask the kernel.
   */
  readonly deaths?: number;
  /** Whether a data race ends the execution, as by default, or is gone past to what comes of it. */
  readonly races?: "failures" | "ignored";
  /**
   * Milliseconds that all threads together may sleep without anybody to wake them: those whose sleeps
   * end by themselves, to look whether they were forgotten, hide a lost wake-up otherwise. For ever
   * by default.
   */
  readonly patience?: number;
  /** Operations of one execution, from which on it counts as endless. Default 5000. */
  readonly maxSteps?: number;
  /** Runs this schedule alone. */
  readonly replay?: string;
  readonly signal?: AbortSignal;
}

export type FailureKind = "race" | "deadlock" | "endless" | "wrong" | "threw";

export interface Failure {
  readonly kind: FailureKind;
  readonly reason: string;
  /** How many executions it took to find it. */
  readonly found: number;
  /** The shrunk schedule, for `replay`. */
  readonly token: string;
  /** What happened, a column a thread. */
  readonly trace: string;
}

export interface Exploration {
  readonly executions: number;
  /** Atomic operations, over all executions. */
  readonly steps: number;
  readonly ms: number;
  /** Every schedule within the bounds was tried. */
  readonly exhausted: boolean;
  readonly failure?: Failure;
}

/** Rejects when the program cannot be run at all. */
export async function explore(options: ExploreOptions): Promise<Exploration> {
  if (options.replay !== undefined) parseToken(options.replay);
  const lab = await Lab.open(options);
  try {
    return await lab.run();
  } finally {
    await lab.close();
  }
}

/** Longer than any execution of a program that does not hang outside of what is watched. */
const SILENCE_MS = 20_000;

/** Steps before the end of an execution that are written down: more than a trace shows. */
const MOST_TRACED = 1000;

const kinds: Readonly<Record<number, FailureKind>> = {
  [outcome.deadlock]: "deadlock",
  [outcome.endless]: "endless",
  [outcome.race]: "race",
  [outcome.wrong]: "wrong",
  [outcome.threw]: "threw",
};

interface JobEnd {
  readonly kind: FailureKind | undefined;
  readonly reason: string;
  readonly exhausted: boolean;
}

class Lab {
  readonly #options: ExploreOptions;
  readonly #control = new Control();
  readonly #threads: number;
  readonly #names: readonly string[];
  readonly #races: Races;
  readonly #snapshots;
  readonly #workers: Worker[];
  readonly #mail: Mail;

  static async open(options: ExploreOptions): Promise<Lab> {
    const module = String(options.program);
    const { shared, names, mortal } = await setUp({ module, args: options.args });
    if (names.length < 1 || names.length >= MAX_THREADS) {
      throw new Error(
        `a program has 1 to ${MAX_THREADS - 1} threads, ${module} has ${names.length}`,
      );
    }
    const lab = new Lab(options, module, shared, names, mortal);
    await lab.#mail.all("ready", names.length);
    return lab;
  }

  private constructor(
    options: ExploreOptions,
    module: string,
    shared: unknown,
    names: readonly string[],
    mortal: readonly number[],
  ) {
    const threads = names.length;
    const memories = memoriesOf(shared);
    const sizes = memories.map(({ byteLength }) => byteLength);
    const races = Races.allocate(threads, sizes, options.races === "ignored");
    this.#options = options;
    this.#threads = threads;
    this.#names = names;
    this.#races = new Races(races, 0);
    this.#snapshots = snapshotsOf(memories);
    this.#control.words[word.threads] = threads;
    this.#control.words[word.mortal] = mortal.reduce((bits, thread) => bits | (1 << thread), 0);
    this.#control.words[word.mostDeaths] = options.deaths ?? 0;
    this.#workers = Array.from({ length: threads }, (_, me) => {
      const control = this.#control.memory;
      const data: Assignment = { me, module, args: options.args, shared, control, races };
      return new Worker(new URL("./worker.ts", import.meta.url), { workerData: data });
    });
    const progress = () => {
      const { words } = this.#control;
      return words[word.executions]! + words[word.steps]! / 2 ** 20;
    };
    this.#mail = new Mail(this.#workers, progress, options.signal);
  }

  async run(): Promise<Exploration> {
    const { replay, executions = 2000, seed = 1 } = this.#options;
    const begun = performance.now();
    const { words } = this.#control;
    let end: JobEnd = { kind: undefined, reason: "", exhausted: false };
    if (replay !== undefined) end = await this.#replay(parseToken(replay));
    else {
      for (const { name, share } of this.#shares()) {
        const budget = Math.max(1, Math.round(executions * share));
        end = await this.#job(strategy[name], budget, seed);
        if (end.kind !== undefined || end.exhausted) break;
      }
    }
    const found = words[word.executions]!;
    const steps = words[word.totalSteps + 1]! * 2 ** 30 + words[word.totalSteps]!;
    const ms = performance.now() - begun;
    const failure = end.kind === undefined ? undefined : await this.#explain(end, found);
    return { executions: found, steps, ms, exhausted: end.exhausted, failure };
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #shares(): { name: keyof typeof strategy; share: number }[] {
    const names = { "depth-first": "depthFirst", random: "random", pct: "pct" } as const;
    const asked = this.#options.strategies;
    if (asked) return asked.map((one) => ({ name: names[one], share: 1 / asked.length }));
    return [
      { name: "depthFirst", share: 1 / 2 },
      { name: "pct", share: 1 / 4 },
      { name: "random", share: 1 / 4 },
    ];
  }

  /** Shrinks the schedule that failed, and runs it once more, writing everything down. */
  async #explain({ kind, reason }: JobEnd, found: number): Promise<Failure> {
    let steps = this.#control.words[word.steps]!;
    const fails = async (candidate: readonly Deviation[]) => {
      if ((await this.#replay(candidate)).kind !== kind) return false;
      steps = this.#control.words[word.steps]!;
      return true;
    };
    const schedule = await shrink(this.#deviations(), steps, fails);
    const end = await this.#replay(schedule, Math.max(0, steps - MOST_TRACED));
    const entries = (await this.#mail.all("trace", this.#threads)).flatMap(({ entries }) =>
      entries
    );
    entries.sort((a: TraceEntry, b: TraceEntry) => a.order - b.order);
    const told = {
      kind: kind!,
      reason: (end.kind === kind && end.reason) || reason || words[kind!],
    };
    const trace = traceText(entries, this.#names);
    return { ...told, found, token: tokenOf(schedule), trace };
  }

  /** Where the last execution did not let the one that ran run on. */
  #deviations(): Deviation[] {
    const { words } = this.#control;
    const deviations: Deviation[] = [];
    for (let at = 0; at < words[word.decisions]!; at++) {
      const choice = words[word.choices + at]!, enabled = words[word.enabled + at]!;
      const me = words[word.before + at]! & 7;
      const usual = enabled & (1 << me) ? me : 31 - Math.clz32(enabled & -enabled);
      if (choice !== usual) deviations.push({ at, choice });
    }
    return deviations;
  }

  /** Writes down what happens from the step `traceFrom` on. */
  #replay(schedule: readonly Deviation[], traceFrom = Infinity): Promise<JobEnd> {
    const { words } = this.#control;
    const forced = Math.min(MAX_DECISIONS, (schedule.at(-1)?.at ?? -1) + 1);
    words.fill(31, word.given, word.given + forced); // a choice that there never is
    for (const { at, choice } of schedule) words[word.given + at] = choice;
    return this.#job(strategy.replay, 1, 1, forced, traceFrom);
  }

  async #job(
    how: number,
    budget: number,
    seed: number,
    forced = 0,
    traceFrom = Infinity,
  ): Promise<JobEnd> {
    const { words } = this.#control;
    const { preemptions = 2, depth = 3, maxSteps = 5000, patience = Infinity } = this.#options;
    this.#control.floats[float.patience] = patience;
    const executions = words[word.executions]!;
    const average = executions === 0 ? 50 : words[word.totalSteps]! / executions;
    words[word.strategy] = how;
    words[word.budget] = budget;
    words[word.maxSteps] = maxSteps;
    words[word.seed] = seed;
    words[word.restless] = 300;
    words[word.depth] = Math.min(depth, MAX_THREADS);
    words[word.length] = Math.max(4, Math.round(average));
    words[word.bound] = 0;
    words[word.lastBound] = preemptions;
    words[word.forced] = forced;
    words[word.tracing] = traceFrom === Infinity ? 0 : 1;
    words[word.traceFrom] = Math.min(traceFrom, maxSteps);
    const over = this.#mail.all("over", 1);
    launch(this.#control, this.#races, this.#snapshots);
    const [{ exhausted, reason }] = await over as [Extract<Message, { kind: "over" }>];
    return { kind: kinds[words[word.outcome]!], reason, exhausted };
  }
}

const words: Readonly<Record<FailureKind, string>> = {
  race: "data race",
  deadlock: "every thread that is left sleeps, and nobody is left to wake it",
  endless: "no end: more operations than an execution may have",
  wrong: "wrong result",
  threw: "a thread threw",
};

function setUp(order: Order): Promise<Extract<Answer, { kind: "set up" }>> {
  const worker = new Worker(new URL("./setup.ts", import.meta.url), { workerData: order });
  return new Promise<Extract<Answer, { kind: "set up" }>>((resolve, reject) => {
    worker.on("message", (answer: Answer) => {
      if (answer.kind === "set up") resolve(answer);
      else reject(new Error(answer.message));
    });
    worker.on("error", reject);
    worker.on("exit", (code: number) => reject(new Error(`the set-up ended with code ${code}`)));
  }).finally(() => worker.terminate());
}

/** What the workers say, by kind. */
class Mail {
  readonly #come: Message[] = [];
  #wake: () => void = () => {};
  #fault: Error | undefined;
  readonly #progress: () => number;

  /** `progress` changes as long as the program makes steps. */
  constructor(
    workers: readonly Worker[],
    progress: () => number,
    signal: AbortSignal | undefined,
  ) {
    this.#progress = progress;
    const fail = (error: Error) => {
      this.#fault ??= error;
      this.#wake();
    };
    for (const worker of workers) {
      worker.on("message", (message: Message) => {
        if (message.kind === "fault") fail(new Error(message.message));
        else this.#come.push(message);
        this.#wake();
      });
      worker.on("error", fail);
      worker.on("exit", (code: number) => fail(new Error(`a worker ended with code ${code}`)));
    }
    if (signal?.aborted) fail(signal.reason as Error);
    signal?.addEventListener("abort", () => fail(signal.reason as Error), { once: true });
  }

  /** `count` messages of a kind. */
  async all<K extends Message["kind"]>(
    kind: K,
    count: number,
  ): Promise<Extract<Message, { kind: K }>[]> {
    const found: Extract<Message, { kind: K }>[] = [];
    let last = NaN;
    const watchdog = setInterval(() => {
      const now = this.#progress();
      if (now === last) this.#fault ??= new Error(`no step was made for ${SILENCE_MS / 1000} s`);
      last = now;
      this.#wake();
    }, SILENCE_MS);
    try {
      while (found.length < count) {
        if (this.#fault) throw this.#fault;
        const at = this.#come.findIndex((message) => message.kind === kind);
        if (at >= 0) found.push(this.#come.splice(at, 1)[0] as Extract<Message, { kind: K }>);
        else await new Promise<void>((resolve) => (this.#wake = resolve));
      }
      return found;
    } finally {
      clearInterval(watchdog);
    }
  }
}
