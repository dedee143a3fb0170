import process from "node:process";
import { test } from "node:test";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { seeded } from "../random.ts";
import { badPattern } from "./bad_patterns.ts";
import { fits } from "./brute_force_fixture.ts";
import { checkHistory } from "./check.ts";
import { inWords, type Pattern } from "./fault.ts";
import type { History, Operation } from "./operation.ts";
import { checkPair, pairOf } from "./pair.ts";
import { randomHistory, type Shape } from "./random_fixture.ts";
import { search } from "./search.ts";

/** Of each of three shapes, with threads that are killed and without. */
const HISTORIES = 8_500;

/** Histories of that shape and whether they fit, and that enough of both were there. */
function forMany(shape: Shape, judge: (one: History, fit: boolean) => void): void {
  let good = 0;
  for (let seed = 1; seed <= HISTORIES; seed++) {
    const history = randomHistory(seeded(seed), shape);
    const fit = fits(history, shape.capacity);
    if (fit) good++;
    try {
      judge(history, fit);
    } catch (cause) {
      throw new Error(`seed ${seed}: ${JSON.stringify(history)}`, { cause });
    }
  }
  assert(good > HISTORIES / 10 && good < HISTORIES * 9 / 10, `${good} of ${HISTORIES} were good`);
}

for (const kills of [false, true]) {
  const which = kills ? "with calls that never return" : "where all calls return";

  test(`${which}, without a capacity: bad patterns, search and brute force agree`, () => {
    const threads = ["both", "both", "both"] as const;
    forMany({ threads, operations: 7, capacity: Infinity, kills }, (history, fit) => {
      assertEquals(badPattern(history) === undefined, fit);
      assertEquals(search(history) === undefined, fit);
    });
  });

  test(`${which}, with a capacity: search and brute force agree, bad patterns raise no false alarm`, () => {
    const threads = ["both", "writes", "reads"] as const;
    let missed = 0;
    forMany({ threads, operations: 7, capacity: 2, kills }, (history, fit) => {
      assertEquals(search(history, 2) === undefined, fit);
      const fault = badPattern(history, 2);
      if (fit) assertEquals(fault, undefined);
      else if (!fault) missed++;
    });
    assert(missed < HISTORIES / 50, `bad patterns missed ${missed} of ${HISTORIES}`);
  });

  test(`${which}, for one producer and one consumer: the count and brute force agree`, () => {
    const threads = ["writes", "reads"] as const;
    forMany({ threads, operations: 9, capacity: 2, kills }, (history, fit) => {
      const pair = pairOf(history);
      if (!pair) return; // one of the two did nothing
      assertEquals(checkPair(pair, 2) === undefined, fit);
      assertEquals(checkHistory(history, 2) === undefined, fit);
    });
  });
}

test("a batch goes in and comes out in its order", () => {
  const at = (time: number) => ({ called: time, returned: time + 1 });
  const written: History[number] = [
    { kind: "enqueue", value: 1, ...at(0) },
    { kind: "enqueue", value: 2, ...at(0) },
  ];
  const read = (...values: number[]): History[number] =>
    values.map((value) => ({ kind: "dequeue", value, ...at(2) }));
  assertEquals(search([written, read(1, 2)]), undefined);
  assertEquals(search([written, read(2, 1)])?.pattern, "no order");
});

const op = (kind: "enqueue" | "dequeue", value: number, called: number): Operation => (
  { kind, value, called, returned: called + 1 }
);
const answer = (kind: "full" | "empty", called: number): Operation => (
  { kind, called, returned: called + 1 }
);

const bad: Readonly<Record<Exclude<Pattern, "no order">, readonly Operation[]>> = {
  "invented": [op("dequeue", 1, 0)],
  "duplicate": [op("enqueue", 1, 0), op("dequeue", 1, 2), op("dequeue", 1, 4)],
  "effect before cause": [op("dequeue", 1, 0), op("enqueue", 1, 2)],
  "overtaken": [op("enqueue", 1, 0), op("enqueue", 2, 2), op("dequeue", 2, 4)],
  "falsely empty": [op("enqueue", 1, 0), answer("empty", 2), op("dequeue", 1, 4)],
  "falsely full": [
    op("enqueue", 1, 0),
    op("dequeue", 1, 2),
    op("enqueue", 2, 4),
    answer("full", 6),
  ],
  "overfull": [op("enqueue", 1, 0), op("enqueue", 2, 2), op("enqueue", 3, 4)],
};

for (const [pattern, operations] of Object.entries(bad)) {
  test(`"${pattern}" is named, with the operations that show it`, () => {
    const fault = checkHistory(operations.map((operation) => [operation]), 2)!;
    assertEquals(fault.pattern, pattern);
    assert(fault.operations.every((operation) => operations.includes(operation)));
    assertMatch(
      inWords(fault),
      new RegExp(`^${pattern}: .*: (en|de)queue \\d \\[|(full|empty) \\[`),
    );
  });
}

test("answers that are possible alone but not together: the one that came last is blamed", () => {
  const item = (kind: "enqueue" | "dequeue", value: number, called: number, returned: number) => (
    { kind, value, called, returned }
  );
  // 2 was out when the queue was empty, and in when it was full.
  const history: History = [
    [op("enqueue", 1, 38), op("enqueue", 2, 43), item("enqueue", 3, 52, 113), answer("full", 114)],
    [op("dequeue", 1, 66), answer("empty", 90), item("dequeue", 3, 97, 145)],
    [item("dequeue", 2, 15, 177)],
  ];
  assertEquals(badPattern(history, 2), undefined);
  assertEquals(checkHistory(history, 2)?.pattern, "falsely full");
  const withoutFull = history.map((thread) => thread.filter(({ kind }) => kind !== "full"));
  assertEquals(checkHistory(withoutFull, 2), undefined);
});

test("a million operations are a few seconds' work", () => {
  // A tenth of them in the time of all, 4 s, which leaves room for slower machines.
  const history = longHistory(100_000);
  const begun = process.cpuUsage();
  assertEquals(badPattern(history, 64), undefined);
  const { user, system } = process.cpuUsage(begun);
  assert(user + system < 4_000_000, `it took ${user + system} µs of processors' time`);
});

/** Of two producers and two consumers on a queue of 64, with answers of full and empty. */
function longHistory(operations: number): History {
  const history: Operation[][] = [[], [], [], []];
  const random = seeded(1);
  const inside: number[] = [];
  for (let now = 1; now <= operations; now++) {
    const thread = random.integer(4), own = history[thread]!;
    const called = Math.max(now - random.integer(4) / 2, own.at(-1)?.returned ?? 0);
    const call = { called, returned: now + 0.25 };
    if (thread < 2) {
      if (inside.length === 64) own.push({ kind: "full", ...call });
      else {
        inside.push(now);
        own.push({ kind: "enqueue", value: now, ...call });
      }
    } else {
      const value = inside.shift();
      own.push(
        value === undefined ? { kind: "empty", ...call } : { kind: "dequeue", value, ...call },
      );
    }
  }
  return history;
}
