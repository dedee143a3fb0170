/** Items from threads to threads: the numbers from 1 on, in at some ends and out at others. */
import type { Capabilities } from "../../impls/contract.ts";
import type { Operation } from "../history/operation.ts";
import { check, type Trial } from "../rule.ts";
import type { Job } from "./job.ts";
import { type Remote, startRemote } from "./remote.ts";
import type { Subject } from "./subject.ts";

export interface Passing {
  readonly producers: number;
  readonly consumers: number;
  readonly batch: number;
  readonly capacity?: number;
  /** Elements an item. */
  readonly width?: number;
  /** The calls of all threads are wanted, and when. */
  readonly record?: boolean;
  /** By reserve() and commit() on both ends. */
  readonly claims?: boolean;
  /** Items; what the effort says, by default. */
  readonly items?: number;
}

export interface Passed {
  readonly sent: number;
  /** What each consumer got, in its order, and how many it says it lost. */
  readonly received: number[][];
  readonly lost: number[];
  readonly operations: Operation[][];
}

/** Threads write the numbers from 1 on, each its own share; threads read until the ring is done. */
export async function pass(trial: Trial, passing: Passing): Promise<Passed> {
  const { producers, consumers, batch, record, claims, width, capacity = 64 } = passing;
  const { flow } = trial.adapter.capabilities;
  const subject = await trial.open({ capacity, ...(width ? { width } : {}) });
  // One by one they take longer, and the longest where each call is written down, or nobody wakes.
  const items = passing.items ?? trial.effort.items / (record || claims ? 10 : batch === 1 ? 4 : 1);
  const share = Math.ceil(items / producers);
  const job = { batch, record, claims, width };
  const start = (more: Job) => startRemote(trial, subject.ring, more);
  const reading = flow === "sink" ? [] : await Promise.all(
    numbersTo(consumers).map(() => start({ ...job, role: "consume" })),
  );
  const writing = flow === "source" ? [] : await Promise.all(
    numbersTo(producers).map((i) =>
      start({ ...job, role: "produce", first: 1 + i * share, count: share })
    ),
  );
  const far = flow === "loop" ? [] : [
    await start(
      flow === "source"
        ? { ...job, role: "capture", first: 1, count: share }
        : { role: "play", count: share, batch },
    ),
  ];
  const outcomes = await run(trial, subject, writing, [...far, ...reading]);
  const readers = outcomes.filter(({ values }) => values);
  return {
    sent: share * producers,
    received: readers.map(({ values }) => values!),
    lost: readers.map(({ lost }) => lost),
    operations: outcomes.map(({ operations }) => operations),
  };
}

/** Starts all at once; the ring is closed when those that write have written. */
async function run(trial: Trial, { ring }: Subject, writing: Remote[], others: Remote[]) {
  for (const remote of [...others, ...writing]) remote.go();
  trial.doing("waiting for the producers to have written everything");
  const feeding = others.filter(({ job }) => job.role === "capture");
  const written = await Promise.all([...writing, ...feeding].map(({ outcome }) => outcome));
  // A sink plays on until it has all; closing it earlier is another rule's matter.
  const playing = others.filter(({ job }) => job.role === "play");
  const played = await Promise.all(playing.map(({ outcome }) => outcome));
  await ring.close();
  trial.doing("waiting for the consumers to come to the end");
  const rest = others.filter(({ job }) => job.role === "consume");
  return [...written, ...played, ...await Promise.all(rest.map(({ outcome }) => outcome))];
}

/**
 * As many threads as its capabilities let it have, two at most on each side. One reader of a
 * broadcast sees a queue; what several see is another rule's matter.
 */
export function sides({ adapter: { capabilities } }: Trial): {
  readonly producers: number;
  readonly consumers: number;
} {
  const most = (end: Capabilities["producers"]) => (end === 1 ? 1 : 2);
  const { producers, consumers, delivery } = capabilities;
  return {
    producers: most(producers),
    consumers: delivery === "broadcast" ? 1 : most(consumers),
  };
}

/** Each of 1 … `sent` exactly once, and nothing else. */
export function checkOnce(sent: number, received: readonly number[], what: string): void {
  const seen = new Uint8Array(sent + 1);
  for (const value of received) {
    check(Number.isInteger(value) && value >= 1 && value <= sent, `${what}: invented ${value}`);
    check(seen[value] === 0, `${what}: item ${value} came twice`);
    seen[value] = 1;
  }
  const missing = seen.indexOf(0, 1);
  check(missing < 0, `${what}: item ${missing} of ${sent} was lost`);
}

/** Each number is larger than the one before. */
export function checkRising(received: readonly number[], what: string): void {
  let last = 0;
  for (const value of received) {
    check(value > last, `${what}: item ${value} came after item ${last}`);
    last = value;
  }
}

const numbersTo = (count: number) => Array.from({ length: count }, (_, i) => i);
