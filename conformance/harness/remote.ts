/**
 * Another thread, or for rings that reach further another process, that works on a ring from its
 * handle. It is told what to do, says when it is attached, and begins when all are.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { Worker } from "node:worker_threads";
import type { Ring } from "../../impls/contract.ts";
import { invocation, thisRuntime } from "../../runner/runtimes.ts";
import type { Operation } from "../history/operation.ts";
import { type Clock, operationsOf } from "../history/recorder.ts";
import { check, type Trial, Violation } from "../rule.ts";
import type { Answer, Job, Order } from "./job.ts";

export interface Outcome {
  readonly values: number[] | undefined;
  readonly operations: Operation[];
  readonly lost: number;
}

export interface Remote {
  readonly job: Job;
  /** Of its reader, where readers have one. */
  readonly id: number | undefined;
  go(): void;
  readonly outcome: Promise<Outcome>;
}

interface Line {
  send(order: Order): void;
  end(): unknown;
}

/** Resolves once the other side is attached and has its end. */
export async function startRemote(trial: Trial, ring: Ring<unknown>, job: Job): Promise<Remote> {
  check(ring.handle, "a ring that reaches another thread has a handle");
  const answers = new Answers();
  const { reach } = trial.adapter.capabilities;
  const line = reach === "worker" ? inWorker(answers) : inProcess(answers);
  trial.after(() => line.end());
  await answers.next("up");
  line.send({ type: "job", ref: trial.ref, handle: ring.handle, job });
  const { id } = await answers.next("ready");
  const clock = await calibrated(line, answers);
  const outcome = answers.next("outcome").then((raw) => ({
    values: raw.values,
    operations: operationsOf(raw.operations, clock),
    lost: raw.lost,
  }));
  outcome.catch(() => {}); // a rule that has failed already does not wait for it
  return { job, id, go: () => line.send({ type: "go" }), outcome };
}

/** The answers of one remote, each waited for by its type; an error ends every wait. */
class Answers {
  readonly #come: Answer[] = [];
  #wake: () => void = () => {};
  #error: Violation | undefined;

  add(answer: Answer): void {
    if (answer.type === "error") this.fail(answer.message);
    else this.#come.push(answer);
    this.#wake();
  }

  fail(message: string): void {
    this.#error ??= new Violation(`on the other thread: ${message}`);
    this.#wake();
  }

  async next<T extends Answer["type"]>(type: T): Promise<Extract<Answer, { type: T }>> {
    for (;;) {
      const at = this.#come.findIndex((answer) => answer.type === type);
      if (at >= 0) return this.#come.splice(at, 1)[0] as Extract<Answer, { type: T }>;
      if (this.#error) throw this.#error;
      await new Promise<void>((resolve) => {
        const before = this.#wake;
        this.#wake = () => (before(), resolve());
      });
    }
  }
}

const script = new URL("./remote_job.ts", import.meta.url);

function inWorker(answers: Answers): Line {
  const worker = new Worker(script);
  worker.on("message", (answer: Answer) => answers.add(answer));
  worker.on("error", (error: Error) => answers.fail(error.message));
  worker.on("exit", (code: number) => answers.fail(`the worker exited with ${code}`));
  return { send: (order) => worker.postMessage(order), end: () => worker.terminate() };
}

function inProcess(answers: Answers): Line {
  const { file, args } = invocation(thisRuntime, script, []);
  const child = spawn(file, args, { stdio: ["pipe", "pipe", "inherit"] });
  createInterface({ input: child.stdout }).on("line", (line) => {
    const answer = answerIn(line);
    if (answer) answers.add(answer);
  });
  child.on("error", (error) => answers.fail(error.message));
  child.on("exit", (code) => answers.fail(`the process exited with ${code}`));
  return {
    send: (order) => child.stdin.write(JSON.stringify(order) + "\n"),
    end: () => child.kill("SIGKILL"),
  };
}

async function calibrated(line: Line, answers: Answers): Promise<Clock> {
  let best: Clock = { ahead: 0, uncertainty: Infinity };
  for (let round = 0; round < 5; round++) {
    const sent = performance.now();
    line.send({ type: "clock" });
    const { now } = await answers.next("clock");
    const back = performance.now();
    const uncertainty = (back - sent) / 2;
    if (uncertainty < best.uncertainty) best = { ahead: now - (sent + back) / 2, uncertainty };
  }
  return best;
}

/** An answer; any other line is what the ring in that process has printed. */
function answerIn(line: string): Answer | undefined {
  try {
    const answer = JSON.parse(line);
    const known: readonly Answer["type"][] = ["up", "ready", "clock", "outcome", "error"];
    return known.includes(answer?.type) ? answer : undefined;
  } catch {
    return undefined;
  }
}
