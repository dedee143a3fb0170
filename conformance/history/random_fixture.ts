/** Random small histories for tests: of a real queue, then now and then falsified. */
import type { Random } from "../random.ts";
import type { History, Operation } from "./operation.ts";

export interface Shape {
  /** What each thread calls. */
  readonly threads: readonly ("writes" | "reads" | "both")[];
  readonly operations: number;
  readonly capacity: number;
  /** Threads may be killed in the middle of a call. */
  readonly kills: boolean;
}

/** A call that is under way; `answer`: it has taken effect. */
interface Call {
  readonly called: number;
  readonly write: number | undefined;
  answer: Partial<Operation> | undefined;
}

export function randomHistory(random: Random, shape: Shape): History {
  const history = honestHistory(random, shape);
  return random.integer(3) === 0 ? history : falsified(random, history);
}

function honestHistory(random: Random, shape: Shape): History {
  const { threads, capacity } = shape;
  const history: Operation[][] = threads.map(() => []);
  const calls: (Call | "killed" | undefined)[] = threads.map(() => undefined);
  const inside: number[] = [];
  let now = 0, begun = 0, items = 0;
  const finished = (call: Call | "killed" | undefined) =>
    call === "killed" || (call === undefined && begun >= shape.operations);
  while (!calls.every(finished)) {
    const thread = random.integer(threads.length), call = calls[thread], own = history[thread]!;
    if (finished(call) || call === "killed") continue;
    if (random.integer(3) > 0) now++;
    if (call === undefined) {
      now = Math.max(now, (own.at(-1)?.returned ?? -1) + 1);
      const role = threads[thread]!;
      const writes = role === "writes" || (role === "both" && random.integer(2) === 0);
      calls[thread] = { called: now, write: writes ? ++items : undefined, answer: undefined };
      begun++;
    } else if (shape.kills && random.integer(8) === 0) {
      own.push(pending(call));
      calls[thread] = "killed";
    } else if (!call.answer) call.answer = take(inside, capacity, call.write);
    else {
      own.push({ ...call.answer, called: call.called, returned: now } as Operation);
      calls[thread] = undefined;
    }
  }
  return history;
}

function pending({ called, write }: Call): Operation {
  return write === undefined
    ? { kind: "pending dequeue", called, returned: Infinity }
    : { kind: "pending enqueue", value: write, called, returned: Infinity };
}

/** What a real queue answers. */
function take(inside: number[], capacity: number, write: number | undefined): Partial<Operation> {
  if (write === undefined) {
    const value = inside.shift();
    return value === undefined ? { kind: "empty" } : { kind: "dequeue", value };
  }
  if (inside.length === capacity) return { kind: "full" };
  inside.push(write);
  return { kind: "enqueue", value: write };
}

/** Some of its answers, or its times, are others. */
function falsified(random: Random, history: History): History {
  const changed = history.map((thread) => [...thread]);
  const some = () => {
    const thread = random.integer(changed.length);
    return { thread: changed[thread]!, at: random.integer(Math.max(1, changed[thread]!.length)) };
  };
  for (let change = random.integer(3); change < 4; change++) {
    const { thread, at } = some(), other = some();
    const one = thread[at], two = other.thread[other.at];
    if (!one || one.returned === Infinity) continue;
    const { called, returned } = one;
    const how = random.integer(4);
    if (how === 0) thread[at] = { ...one, called: returned };
    else if (how === 1) thread[at] = { ...one, returned: called };
    else if (one.kind === "dequeue" && two?.kind === "dequeue") {
      thread[at] = { ...one, value: two.value };
      if (how === 2) other.thread[other.at] = { ...two, value: one.value };
    } else if (one.kind === "dequeue") thread[at] = { kind: "empty", called, returned };
    else if (one.kind === "enqueue" && how === 2) thread[at] = { kind: "full", called, returned };
  }
  return changed;
}
