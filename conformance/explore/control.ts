/**
 * The memory that the workers of an exploration steer by. Only the thread that holds the turn reads
 * or writes it, the wake words apart, which hand the turn over: so plain accesses do.
 */

export const MAX_THREADS = 8;
/** Decisions of one execution that are remembered; an execution with more is given up. */
export const MAX_DECISIONS = 1 << 14;
export const MAX_WAITERS = 64;
/** Bytes of JSON that one thread may answer with, or say of its failure. */
const ANSWER_BYTES = 1 << 16;
/** Words between two words that threads spin on. */
const LINE = 16;

let end = 0;
const words = (count: number) => (end += count) - count;

/** Indices of int32 words; those in the plural are the first of an array. */
export const word = {
  /** One a thread, a line apart: 1 = the turn is yours. */
  wakes: words(MAX_THREADS * LINE),
  /** One a thread, a line apart: 1 = it sleeps on its wake word. */
  asleep: words(MAX_THREADS * LINE),
  threads: words(1),

  // The job.
  strategy: words(1),
  /** Executions that it may still make. */
  budget: words(1),
  maxSteps: words(1),
  /** Seed of the next execution, and the generator's state within one. */
  seed: words(1),
  random: words(1),
  /** Chance in 1000 that a random schedule leaves the thread that runs. */
  restless: words(1),
  /** Priority changes of a PCT schedule, and the steps that an execution is thought to have. */
  depth: words(1),
  length: words(1),
  /** Preemptions that a depth-first schedule may have, now and at last. */
  bound: words(1),
  lastBound: words(1),
  /** Bits of the threads that may die, and how many of them in one execution. */
  mortal: words(1),
  mostDeaths: words(1),
  /** 1 = write down every operation, and from which step on. */
  tracing: words(1),
  traceFrom: words(1),

  // The execution.
  executions: words(1),
  /** Sum over all, as two words of 2^30. */
  totalSteps: words(2),
  outcome: words(1),
  /** Who found it. */
  culprit: words(1),
  steps: words(1),
  done: words(1),
  preemptions: words(1),
  /** Numbers what is written down. */
  notes: words(1),
  /** Counts the writes to watched memory, and notifications. */
  writes: words(1),
  /** Deaths until now, and the step from which on the next one comes, where it is drawn. */
  deaths: words(1),
  deathAt: words(1),
  /** 1 = others can tell that the thread has gone on since it was last let live. */
  marked: words(MAX_THREADS),
  changes: words(MAX_THREADS), // steps at which priorities change
  statuses: words(MAX_THREADS),
  priorities: words(MAX_THREADS),
  /** Reads in a row while nothing was written, and the count of writes then. */
  quiet: words(MAX_THREADS),
  quietSince: words(MAX_THREADS),

  // The schedule: decisions are made where more than one may go on.
  forced: words(1), // decisions from the first on that are given
  decisions: words(1),
  given: words(MAX_DECISIONS),
  choices: words(MAX_DECISIONS),
  enabled: words(MAX_DECISIONS),
  tried: words(MAX_DECISIONS),
  /** Who ran, and preemptions before: thread + 8 × preemptions. */
  before: words(MAX_DECISIONS),

  // Sleepers, in the order in which they came.
  sleepers: words(1),
  sleeperThreads: words(MAX_WAITERS),
  sleeperPlaces: words(MAX_WAITERS),
  sleeperTickets: words(MAX_WAITERS),
  tickets: words(1),

  /** By which the kernel knows each thread; 0 where it does not say. */
  kernelIds: words(MAX_THREADS),
  /** Bytes of each thread's answer. */
  answers: words(MAX_THREADS),
} as const;

const FLOATS_AT = Math.ceil(end / 2) * 8;
/** Indices of float64s. */
export const float = {
  /** Milliseconds of the virtual clock. */
  now: 0,
  /** How many of them passed with everybody asleep, and how many may. */
  idle: 1,
  patience: 2,
  deadlines: 3,
} as const;
const FLOATS = 3 + MAX_THREADS;
const ANSWERS_AT = FLOATS_AT + 8 * FLOATS;

export const outcome = {
  running: 0,
  passed: 1,
  deadlock: 2,
  endless: 3,
  race: 4,
  wrong: 5,
  threw: 6,
} as const;

/** From `done` on a thread takes no step any more. */
export const status = { ready: 0, asleep: 1, done: 2, dead: 3 } as const;

export class Control {
  readonly memory: SharedArrayBuffer;
  readonly words: Int32Array;
  readonly floats: Float64Array;

  constructor(memory?: SharedArrayBuffer) {
    this.memory = memory ?? new SharedArrayBuffer(ANSWERS_AT + MAX_THREADS * ANSWER_BYTES);
    this.words = new Int32Array(this.memory, 0, end);
    this.floats = new Float64Array(this.memory, FLOATS_AT, FLOATS);
  }

  answer(thread: number, value: unknown): void {
    const bytes = new TextEncoder().encode(JSON.stringify(value) ?? "null");
    if (bytes.length > ANSWER_BYTES) {
      throw new Error(`thread ${thread} answered ${bytes.length} bytes; ${ANSWER_BYTES} are held`);
    }
    new Uint8Array(this.memory, ANSWERS_AT + thread * ANSWER_BYTES).set(bytes);
    this.words[word.answers + thread] = bytes.length;
  }

  answerOf(thread: number): unknown {
    const from = ANSWERS_AT + thread * ANSWER_BYTES;
    const bytes = new Uint8Array(this.memory, from, this.words[word.answers + thread]);
    return JSON.parse(new TextDecoder().decode(bytes.slice()));
  }
}

/** Index of a thread's wake word; `asleep` lies as many words behind `wakes`. */
export const lineOf = (first: number, thread: number): number => first + thread * LINE;
