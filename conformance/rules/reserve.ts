/** Claims on both ends: what they hold, what they hide, and what becomes of what they give back. */
import type { Claim, Reader, Writer } from "../../impls/contract.ts";
import { contents, fill } from "../harness/claims.ts";
import { checkEqual, type Drain, numbers, type Subject, take } from "../harness/subject.ts";
import { check, reserves, type Rule, type Trial } from "../rule.ts";
import { codeOf } from "./close.ts";

const group = "Reserve";
export const capacity = 8;

interface Ends {
  readonly subject: Subject;
  readonly writer: Writer<unknown>;
  readonly reader: Reader<unknown>;
  readonly drain: Drain;
}

/** A ring whose next item goes into slot `phase`. */
export async function begun(trial: Trial, phase: number, width?: number): Promise<Ends> {
  const subject = await trial.open({ capacity, ...(width ? { width } : {}) });
  const drain = await subject.drain();
  const writer = await subject.nearWriter();
  await writer.write(subject.codec.encode(numbers(1, phase)));
  await take(drain, phase);
  return { subject, writer, reader: drain.end!, drain };
}

/** A claim that must be there, filled where it is a writer's. */
export function claimed(end: Reader<unknown> | Writer<unknown>, count: number): Claim<unknown> {
  const claim = end.reserve!(count);
  check(claim, `reserve(${count}) found no room, or no items, where they are`);
  return claim;
}

export function filled({ subject, writer }: Ends, values: readonly number[]): Claim<unknown> {
  const claim = claimed(writer, values.length);
  fill(claim, subject.codec, values);
  return claim;
}

const RSV1: Rule = {
  id: "RSV1",
  group,
  level: "MUST",
  sentence: "What is claimed is invisible until it is committed, and then whole, also at the wrap.",
  why: "A slot that is seen while it is filled delivers half of an item.",
  source: "S0",
  technique: ["sequential"],
  needs: reserves,
  async run(trial) {
    for (let phase = 0; phase < capacity; phase++) {
      const width = trial.adapter.capabilities.width && phase % 2 === 1 ? 3 : undefined;
      const ends = await begun(trial, phase, width);
      const { subject: { codec }, drain, reader } = ends;
      const first = filled(ends, [11, 12, 13]);
      checkEqual(drain.tryRead(capacity), [], "three items that are claimed");
      check(!reader.reserve!(1), "a reader claimed an item that is not committed");
      first.commit();
      const got = claimed(reader, 3);
      checkEqual(contents(got, codec, 3), [11, 12, 13], `in place, begun at slot ${phase}`);
      got.commit();
      const second = filled(ends, numbers(21, capacity));
      second.commit();
      checkEqual(await take(drain, capacity), numbers(21, capacity), `begun at slot ${phase}`);
    }
  },
};

const orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] as const;

const RSV2: Rule = {
  id: "RSV2",
  group,
  level: "MUST",
  sentence: "Claims committed in any order take effect as a prefix without holes, on both ends.",
  why: "A reader that passes a hole reads what is not written; a writer that does overwrites.",
  source: "S0",
  technique: ["sequential"],
  needs: reserves,
  async run(trial) {
    for (let phase = 0; phase < capacity; phase += 3) {
      for (const order of orders) {
        checkWriterOrder(await begun(trial, phase), order);
        await checkReaderOrder(await begun(trial, phase), order);
      }
    }
  },
};

/** Claims of 1, 2 and 3 items. */
const batches = [[1], [2, 3], [4, 5, 6]] as const;

/** Items of the claims before the first that is not committed. */
function prefix(committed: readonly number[]): number[] {
  let whole = 0;
  while (committed.includes(whole)) whole++;
  return batches.slice(0, whole).flat();
}

function checkWriterOrder(ends: Ends, order: readonly number[]): void {
  const { drain, reader } = ends;
  const claims = batches.map((values) => filled(ends, values));
  let read = 0;
  order.forEach((claim, i) => {
    claims[claim]!.commit();
    const there = prefix(order.slice(0, i + 1));
    const fresh = there.slice(read);
    check(!reader.reserve!(fresh.length + 1), `claimed beyond a hole, order ${order}`);
    checkEqual(drain.tryRead(capacity), fresh, `committed in the order ${order}`);
    read = there.length;
  });
  checkEqual(drain.tryRead(capacity), [], "after all of it");
  check(read === 6, `${read} of 6 items came, committed in the order ${order}`);
}

async function checkReaderOrder(ends: Ends, order: readonly number[]): Promise<void> {
  const { subject: { codec }, writer, reader } = ends;
  await writer.write(codec.encode(numbers(1, capacity)));
  const claims = batches.map((values) => claimed(reader, values.length));
  claims.forEach((claim, i) => {
    checkEqual(
      contents(claim, codec, batches[i]!.length),
      batches[i]!,
      "claimed one after another",
    );
  });
  let free = 0;
  order.forEach((claim, i) => {
    claims[claim]!.commit();
    const freed = prefix(order.slice(0, i + 1)).length;
    const accepted = writer.tryWrite(codec.encode(numbers(100 + free, capacity)));
    check(
      accepted === freed - free,
      `${accepted} items went in where ${freed - free} slots were freed, order ${order}`,
    );
    free = freed;
  });
}

const RSV3: Rule = {
  id: "RSV3",
  group,
  level: "MUST",
  sentence: "A claim that is aborted or shortened gives back what it does not publish.",
  why: "A slot that is neither filled nor free makes the ring smaller, or stops it.",
  source: "S0",
  technique: ["sequential"],
  needs: reserves,
  async run(trial) {
    for (const phase of [0, 5]) {
      for (const published of [0, 1, 3]) {
        await checkNewest(await begun(trial, phase), published);
        await checkMiddle(await begun(trial, phase), published);
        await checkReader(await begun(trial, phase), published);
      }
    }
  },
};

/** The newest claim: its rest is free at once. */
async function checkNewest(ends: Ends, published: number): Promise<void> {
  const { drain, writer } = ends;
  filled(ends, [1, 2, 3, 4]).commit(published);
  const rest = capacity - published;
  if (rest < capacity) check(!writer.reserve!(rest + 1), `${rest + 1} of ${rest} were claimed`);
  filled(ends, numbers(published + 1, rest)).commit();
  checkEqual(await take(drain, capacity), numbers(1, capacity), `after commit(${published}) of 4`);
}

/** A claim with another one behind it: readers pass what it leaves, and its slots are free then. */
async function checkMiddle(ends: Ends, published: number): Promise<void> {
  const { drain, writer } = ends;
  for (const first of ["shortened", "whole"] as const) {
    const claims = [filled(ends, [1, 2, 3, 4]), filled(ends, [11, 12])] as const;
    if (first === "shortened") claims[0].commit(published);
    claims[1].commit();
    if (first === "whole") claims[0].commit(published);
    const due = [...numbers(1, published), 11, 12];
    checkEqual(await take(drain, due.length), due, `commit(${published}) of 4 before another`);
    checkEqual(drain.tryRead(1), [], "after both");
    const all = writer.reserve!(capacity);
    check(all, `after commit(${published}) of 4 and a read of all, not all slots are free`);
    all.commit(0);
  }
}

/** A reader's claim: what it does not free is read again. */
async function checkReader(ends: Ends, freed: number): Promise<void> {
  const { subject: { codec }, drain, writer, reader } = ends;
  await writer.write(codec.encode(numbers(1, capacity)));
  claimed(reader, 4).commit(freed);
  const accepted = writer.tryWrite(codec.encode(numbers(capacity + 1, capacity)));
  check(accepted === freed, `${accepted} slots are free after commit(${freed}) of 4 items`);
  checkEqual(await take(drain, capacity), numbers(freed + 1, capacity), `after commit(${freed})`);
}

const RSV4: Rule = {
  id: "RSV4",
  group,
  level: "MUST",
  sentence:
    "A reader's claim never passes what is published, a writer's never laps what is unread.",
  why: "One slot too far is an item that was never written, or one that is overwritten unread.",
  source: "S0",
  technique: ["sequential"],
  needs: reserves,
  async run(trial) {
    for (let inside = 0; inside <= capacity; inside++) {
      for (let holding = 0; holding <= inside; holding++) {
        const ends = await begun(trial, 3);
        const { subject: { codec }, writer, reader } = ends;
        await writer.write(codec.encode(numbers(1, inside)));
        // What a reader has claimed and not freed is unread.
        const held = holding > 0 ? claimed(reader, holding) : undefined;
        checkExactly(writer, capacity - inside, `${inside} inside, ${holding} of them claimed`);
        checkExactly(reader, inside - holding, `${inside} inside, ${holding} of them claimed`);
        held?.commit();
        checkExactly(writer, capacity - inside + holding, `${holding} of ${inside} freed`);
      }
    }
  },
};

/** `there` can be claimed and no more, by one claim or by claims of one. */
function checkExactly(
  end: Reader<unknown> | Writer<unknown>,
  there: number,
  what: string,
): void {
  if (there < capacity) {
    check(!end.reserve!(there + 1), `claimed ${there + 1} of ${there}, ${what}`);
  }
  if (there === 0) return;
  claimed(end, there).commit(0);
  const ones = numbers(1, there).map(() => claimed(end, 1));
  if (there < capacity) check(!end.reserve!(1), `claimed one more than ${there}, ${what}`);
  // The newest first, so that each gives back all that it holds.
  for (const one of ones.reverse()) one.commit(0);
  claimed(end, there).commit(0);
}

const RSV6: Rule = {
  id: "RSV6",
  group,
  level: "MUST",
  sentence: "A claim that its end leaves open, by disposal or at close(), holds nobody up.",
  why: "Whoever was interrupted between claiming and committing would stop all others for ever.",
  source: "S0",
  technique: ["sequential"],
  needs: reserves,
  async run(trial) {
    for (const phase of [0, 5]) {
      await checkWriterLeaves(await begun(trial, phase));
      await checkReaderLeaves(await begun(trial, phase));
      await checkCloseOver(await begun(trial, phase));
    }
  },
};

/** What was committed behind the open claim comes out, and all slots are the next writer's. */
async function checkWriterLeaves(ends: Ends): Promise<void> {
  const { subject: { codec, ring }, drain, writer } = ends;
  const open = filled(ends, [1, 2, 3]);
  filled(ends, [4, 5]).commit();
  await writer[Symbol.asyncDispose]();
  checkEqual(drain.tryRead(capacity), [4, 5], "committed behind a claim that its writer left");
  const code = await codeOf(() => open.commit());
  check(code === "RING_INVALID", `a commit after its writer's disposal ended with ${String(code)}`);
  const next = await ring.writer();
  checkEqual(
    [next.tryWrite(codec.encode(numbers(11, capacity + 1)))],
    [capacity],
    "the next writer's room",
  );
  checkEqual(await take(drain, capacity), numbers(11, capacity), "what the next writer wrote");
}

/** What was claimed is the next reader's, or nobody's where all of them had it. */
async function checkReaderLeaves({ subject, writer, reader }: Ends): Promise<void> {
  const { adapter, codec } = subject;
  await writer.write(codec.encode(numbers(1, capacity)));
  claimed(reader, 3);
  await reader[Symbol.asyncDispose]();
  if (adapter.capabilities.delivery === "broadcast") {
    const accepted = writer.tryWrite(codec.encode(numbers(11, capacity)));
    checkEqual([accepted], [capacity], "room after the one reader left with a claim open");
  } else {
    const next = await subject.drain();
    checkEqual(next.tryRead(capacity), numbers(1, capacity), "after one left with a claim open");
  }
}

/** Readers get what lies before the claim, and the end. */
async function checkCloseOver(ends: Ends): Promise<void> {
  const { subject: { codec, ring }, drain, writer } = ends;
  await writer.write(codec.encode([7]));
  const open = filled(ends, [8, 9]);
  await ring.close();
  checkEqual(await take(drain, 1), [7], "before a claim that is open at close()");
  checkEqual(drain.tryRead(capacity), [], "behind it");
  check(drain.done, "before a claim that is open at close() all is read, yet the ring is not done");
  const code = await codeOf(() => open.commit());
  check(code === "RING_CLOSED", `a commit after the end was read ended with ${String(code)}`);
}

export const reserve: readonly Rule[] = [RSV1, RSV2, RSV3, RSV4, RSV6];
