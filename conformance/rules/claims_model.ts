/**
 * Random programs of claims against a model: a log of slots, each of them open, holding an item, or
 * left by a claim that published less than it held. What a reader has still to pass of the latter
 * may or may not be free yet, so there the model knows bounds alone.
 */
import fc from "fast-check";
import type { Claim, Reader, Writer } from "../../impls/contract.ts";
import { contents, fill } from "../harness/claims.ts";
import { checkEqual, numbers, type Subject } from "../harness/subject.ts";
import { check, reserves, type Rule, type Trial } from "../rule.ts";
import { checkProperty } from "./model.ts";

interface Slot {
  state: "open" | "item" | "left";
  readonly value: number;
  /** Read and freed, or passed for certain. */
  free: boolean;
}

/** Slots of the log, the last one not included. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly claim: Claim<unknown>;
}

const CAPACITY = 8;

/** The model and the ring side by side. */
class Bench {
  readonly #subject: Subject;
  readonly #writer: Writer<unknown>;
  readonly #reader: Reader<unknown>;
  readonly #slots: Slot[] = [];
  readonly #writing: Span[] = [];
  readonly #reading: (Span & { readonly positions: readonly number[] })[] = [];
  /** The slot that the reader is at. */
  #at = 0;
  #next = 1;

  constructor(subject: Subject, writer: Writer<unknown>, reader: Reader<unknown>) {
    this.#subject = subject;
    this.#writer = writer;
    this.#reader = reader;
  }

  /** Free slots, at least and at most. */
  get #room(): { least: number; most: number } {
    const gate = this.#slots.findIndex(({ free }) => !free);
    const used = gate < 0 ? [] : this.#slots.slice(gate);
    const held = used.filter(({ state }) => state !== "left").length;
    return { least: CAPACITY - used.length, most: CAPACITY - held };
  }

  /** Slots of items from the reader on to the first open one; the run of them without one left. */
  get #there(): { positions: number[]; run: number } {
    const positions: number[] = [];
    let run = 0, broken = false;
    for (let i = this.#at; i < this.#slots.length && this.#slots[i]!.state !== "open"; i++) {
      const isItem = this.#slots[i]!.state === "item";
      if (isItem) positions.push(i);
      if (isItem && !broken) run++;
      broken ||= !isItem && run > 0;
    }
    return { positions, run };
  }

  #append(count: number, state: Slot["state"]): number[] {
    const values = numbers(this.#next, count);
    this.#next += count;
    this.#slots.push(...values.map((value) => ({ state, value, free: false })));
    return values;
  }

  reserve(count: number): void {
    const { least, most } = this.#room;
    const claim = this.#writer.reserve!(count);
    check(claim || count > least, `reserve(${count}) found no room where ${least} are free`);
    check(!claim || count <= most, `reserve(${count}) was granted where ${most} are free`);
    if (!claim) return;
    const from = this.#slots.length;
    fill(claim, this.#subject.codec, this.#append(count, "open"));
    this.#writing.push({ from, to: from + count, claim });
  }

  commit(which: number, count: number): void {
    if (this.#writing.length === 0) return;
    const [{ from, to, claim }] = this.#writing.splice(which % this.#writing.length, 1) as [Span];
    const kept = Math.min(count, to - from);
    claim.commit(kept);
    const newest = to === this.#slots.length;
    this.#slots.slice(from, from + kept).forEach((slot) => (slot.state = "item"));
    if (newest) this.#slots.length = from + kept;
    else this.#slots.slice(from + kept, to).forEach((slot) => (slot.state = "left"));
  }

  write(count: number): void {
    const { least, most } = this.#room;
    const accepted = this.#writer.tryWrite(this.#subject.codec.encode(numbers(this.#next, count)));
    check(
      accepted >= Math.min(count, least) && accepted <= Math.min(count, most),
      `${accepted} of ${count} items went in where ${least} to ${most} are free`,
    );
    this.#append(accepted, "item");
  }

  read(count: number): void {
    const { codec } = this.#subject;
    const { positions } = this.#there;
    const due = positions.slice(0, count);
    const got: number[] = [];
    while (got.length < due.length) {
      const into = codec.buffer(count - got.length);
      const some = this.#reader.tryRead(into);
      check(some > 0, `tryRead() found nothing where ${due.length - got.length} items are`);
      got.push(...codec.decode(into, some));
    }
    checkEqual(got, this.#valuesAt(due), "read");
    this.#free(due);
    if (due.length > 0) this.#at = due.at(-1)! + 1;
    if (due.length < count) this.#checkEmpty();
  }

  #checkEmpty(): void {
    const { codec } = this.#subject;
    check(this.#reader.tryRead(codec.buffer(CAPACITY)) === 0, "an item beyond the last");
    // Having found nothing, the reader has passed what claims have left.
    while (this.#slots[this.#at]?.state === "left") this.#slots[this.#at++]!.free = true;
  }

  readClaim(count: number): void {
    const { positions, run } = this.#there;
    const claim = this.#reader.reserve!(count);
    check(claim || count > run, `reserve(${count}) found too few where ${run} items are`);
    check(!claim || count <= positions.length, `reserve(${count}) of ${positions.length} items`);
    if (!claim) return;
    const due = positions.slice(0, count);
    checkEqual(contents(claim, this.#subject.codec, count), this.#valuesAt(due), "claimed");
    const from = this.#at;
    this.#at = due.at(-1)! + 1;
    this.#reading.push({ from, to: this.#at, claim, positions: due });
  }

  /** All of it, but for the newest claim, which may free less. */
  readCommit(which: number, count: number): void {
    if (this.#reading.length === 0) return;
    const index = which % this.#reading.length;
    const { to, claim, positions } = this.#reading.splice(index, 1)[0]!;
    const newest = to === this.#at;
    const freed = newest ? Math.min(count, positions.length) : positions.length;
    claim.commit(freed);
    this.#free(positions.slice(0, freed));
    if (freed < positions.length) this.#at = positions[freed]!;
  }

  /** All is settled and read: every slot is free. */
  finish(): void {
    while (this.#reading.length > 0) this.readCommit(this.#reading.length - 1, CAPACITY);
    while (this.#writing.length > 0) this.commit(0, this.#next % 2 === 0 ? 0 : CAPACITY);
    this.read(this.#slots.length + 1);
    const claim = this.#writer.reserve!(CAPACITY);
    check(claim, "not all slots are free after all claims were settled and all items read");
    claim.commit(0);
    const { written, delivered } = this.#subject.stats();
    const items = this.#slots.filter(({ state }) => state === "item").length;
    checkEqual([written, delivered], [items, items], "written and delivered by the statistics");
  }

  /** Whoever frees an item has passed what lies before it, unless a claim there is not freed. */
  #free(positions: readonly number[]): void {
    for (const position of positions) {
      this.#slots[position]!.free = true;
      for (let i = position - 1; i >= 0 && this.#slots[i]!.state === "left"; i--) {
        this.#slots[i]!.free = true;
      }
    }
  }

  #valuesAt(positions: readonly number[]): number[] {
    return positions.map((position) => this.#slots[position]!.value);
  }
}

type Step = readonly ["reserve" | "commit" | "write" | "read" | "claim" | "free", number, number];

/** Beside powers where counters come round, for rings whose counters can begin there. */
const STARTS = [0, 2 ** 30 - 5, 2 ** 31 - 5, 2 ** 32 - 5];

const MOD2: Rule = {
  id: "MOD2",
  group: "Model",
  level: "MUST",
  sentence: "Any program of claims, committed in any order, in part or not, fits the model.",
  why: "Claims have more states than anybody thinks of, and a leak needs only one of them.",
  source: "S0; Claessen and Hughes 2000",
  technique: ["model"],
  needs: reserves,
  async run(trial) {
    const size = fc.integer({ min: 1, max: 5 }), which = fc.integer({ min: 0, max: 5 });
    const part = fc.integer({ min: 0, max: 5 });
    const step = fc.oneof(
      fc.tuple(fc.constantFrom("reserve", "write", "read", "claim"), size, part),
      fc.tuple(fc.constantFrom("commit", "free"), which, part),
    );
    const program = fc.array<Step>(step, { maxLength: 60, size: "max" });
    const starts = trial.adapter.capabilities.start ? STARTS : [0];
    const property = fc.asyncProperty(
      fc.constantFrom(...starts),
      program,
      (start, steps) => runSteps(trial, start, steps),
    );
    await checkProperty(
      trial,
      property,
      ([start, steps]) =>
        `start ${start}: ${steps.map(([name, a, b]) => `${name} ${a} ${b}`).join(", ")}`,
    );
  },
};

async function runSteps(trial: Trial, start: number, steps: readonly Step[]): Promise<void> {
  trial.doing("a random program of claims");
  const subject = await trial.open({ capacity: CAPACITY, ...(start > 0 ? { start } : {}) });
  try {
    const reader = await subject.nearReader();
    const bench = new Bench(subject, await subject.nearWriter(), reader);
    for (const [name, a, b] of steps) {
      if (name === "reserve") bench.reserve(a);
      else if (name === "commit") bench.commit(a, b);
      else if (name === "write") bench.write(a);
      else if (name === "read") bench.read(a);
      else if (name === "claim") bench.readClaim(a);
      else bench.readCommit(a, b);
    }
    bench.finish();
  } finally {
    await subject.ring[Symbol.asyncDispose]();
  }
}

export const claimsModel: readonly Rule[] = [MOD2];
