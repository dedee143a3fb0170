import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { seeded } from "../random.ts";
import { checkFifo } from "./check.ts";
import type { Operation } from "./operation.ts";

/** Does some order of the operations that respects real time make a queue? By trying them all. */
function isQueue(history: readonly Operation[]): boolean {
  const search = (done: number, inside: readonly number[], seen: Set<string>): boolean => {
    if (done === 2 ** history.length - 1) return true;
    const state = `${done} ${inside}`;
    if (seen.has(state)) return false;
    seen.add(state);
    const pending = history.map((op, i) => ({ op, i })).filter(({ i }) => !(done & (1 << i)));
    const firstReturn = Math.min(...pending.map(({ op }) => op.returned));
    return pending.filter(({ op }) => op.called <= firstReturn).some(({ op, i }) => {
      const next = done | (1 << i);
      if (op.kind === "enqueue") {
        return search(next, op.value === undefined ? inside : [...inside, op.value], seen);
      }
      if (op.value === undefined) return inside.length === 0 && search(next, inside, seen);
      return inside[0] === op.value && search(next, inside.slice(1), seen);
    });
  };
  return search(0, [], new Set());
}

/** A history of a real queue with calls widened at random, then now and then falsified. */
function randomHistory(seed: number): Operation[] {
  const random = seeded(seed);
  const inside: number[] = [];
  let next = 1;
  const history = Array.from({ length: 7 }, (_, i): Operation => {
    const at = 10 * i;
    const call = { called: at - random.integer(25), returned: at + 1 + random.integer(25) };
    if (random.integer(2) === 0) {
      inside.push(next);
      return { kind: "enqueue", value: next++, ...call };
    }
    return { kind: "dequeue", value: inside.shift(), ...call };
  });
  if (random.integer(2) === 0) return history;
  const reads = history.map((op, i) => ({ op, i })).filter(({ op }) => op.kind === "dequeue");
  if (reads.length < 2) return history;
  const a = reads[random.integer(reads.length)]!, b = reads[random.integer(reads.length)]!;
  history[a.i] = { ...a.op, value: b.op.value };
  if (random.integer(2) === 0) history[b.i] = { ...b.op, value: a.op.value };
  return history;
}

test("the checker and brute force agree on 20,000 random histories", () => {
  let bad = 0;
  for (let seed = 1; seed <= 20_000; seed++) {
    const history = randomHistory(seed);
    const fits = isQueue(history);
    if (!fits) bad++;
    assertEquals(checkFifo(history) === undefined, fits, `seed ${seed}`);
  }
  assert(bad > 2_000, `only ${bad} of the histories were bad`);
});

test("each bad pattern is named", () => {
  const op = (kind: Operation["kind"], value: number | undefined, called: number): Operation => (
    { kind, value, called, returned: called + 1 }
  );
  const patterns: [string, Operation[]][] = [
    ["invented", [op("dequeue", 1, 0)]],
    ["duplicate", [op("enqueue", 1, 0), op("dequeue", 1, 2), op("dequeue", 1, 4)]],
    ["effect before cause", [op("dequeue", 1, 0), op("enqueue", 1, 2)]],
    ["overtaken", [op("enqueue", 1, 0), op("enqueue", 2, 2), op("dequeue", 2, 4)]],
    ["falsely empty", [op("enqueue", 1, 0), op("dequeue", undefined, 2), op("dequeue", 1, 4)]],
  ];
  for (const [pattern, history] of patterns) assertEquals(checkFifo(history)?.pattern, pattern);
});
