/** Batches and the wrap: what a batch moves, across the end of the slots and of the counters. */
import type { BatchArgs } from "../explore/programs/batches.ts";
import { written } from "../harness/bound.ts";
import { explorable } from "../harness/explored.ts";
import { failures } from "../harness/schedules.ts";
import { checkEqual, numbers, type SubjectOptions, take } from "../harness/subject.ts";
import { always, check, loop, type Rule, start, type Trial, Violation } from "../rule.ts";

const BAT1: Rule = {
  id: "BAT1",
  group: "Batch",
  level: "MUST",
  sentence: "A batch of which k items fit returns k, and exactly the first k of it are moved.",
  why: "A count that differs from what was moved makes the caller repeat or skip items.",
  source: "S2",
  technique: ["sequential"],
  needs: always,
  async run(trial) {
    const capacity = 8;
    const { capabilities } = trial.adapter;
    for (let inside = 0; inside <= capacity; inside++) {
      for (const size of [1, 3, capacity, capacity + 5]) {
        const { feed, drain } = await (await trial.open({ capacity })).ends();
        await feed.write(numbers(1, inside));
        const due = written(capabilities, capacity, numbers(1, inside), numbers(101, size));
        const accepted = feed.tryWrite(numbers(101, size));
        check(
          accepted === due.accepted,
          `${size} into ${inside} of ${capacity}: ${accepted}, not ${due.accepted}`,
        );
        const expected = due.inside;
        checkEqual(await take(drain, expected.length), expected, `${size} into ${inside}`);
        checkEqual(drain.tryRead(capacity), [], `after ${size} into ${inside}`);
      }
    }
  },
};

const BAT2: Rule = {
  id: "BAT2",
  group: "Batch",
  level: "MUST",
  sentence: "A batch that wraps round the end of the slots keeps its order.",
  why: "It is copied in two parts, and the second one has offsets of its own.",
  source: "S2",
  technique: ["sequential"],
  needs: always,
  async run(trial) {
    const capacity = 8;
    for (let phase = 0; phase < capacity; phase++) {
      const { feed, drain } = await (await trial.open({ capacity })).ends();
      await feed.write(numbers(1, phase));
      await take(drain, phase);
      await feed.write(numbers(101, capacity));
      checkEqual(await take(drain, capacity), numbers(101, capacity), `begun at slot ${phase}`);
    }
  },
};

const BAT3: Rule = {
  id: "BAT3",
  group: "Batch",
  level: "MUST",
  sentence:
    "A batch is visible all or not at all where that is claimed, and in part where it is not.",
  why: "A reader that acts on half of a message acts on what nobody wrote.",
  source: "S2",
  technique: ["exploration"],
  needs: explorable,
  async run(trial) {
    const { atomicBatch, producers } = trial.adapter.capabilities;
    // The second and the third batch come round the end of the slots.
    const shape = { ref: trial.ref, capacity: 4, batches: 3, batch: 3 };
    const shapes: BatchArgs[] = [
      { ...shape, producers: 1 },
      ...(producers === "many" ? [{ ...shape, batches: 2, batch: 2, producers: 2 }] : []),
    ];
    const program = new URL("../explore/programs/batches.ts", import.meta.url);
    for await (const { failure, token } of failures(trial, { program, shapes })) {
      if (failure.kind !== "wrong") continue;
      if (!atomicBatch) return;
      throw new Violation(failure.reason, { token, trace: failure.trace });
    }
    check(atomicBatch || trial.replay, "no batch was seen in part, and that is not claimed");
  },
};

const BAT4: Rule = {
  id: "BAT4",
  group: "Batch",
  level: "MUST",
  sentence: "Lengths of 0 and offsets out of range are harmless.",
  why: "A negative count that rewinds a cursor replays the whole ring.",
  source: "S2",
  technique: ["fuzz"],
  needs: always,
  async run(trial) {
    const subject = await trial.open();
    const { feed, drain } = await subject.ends();
    const { codec, adapter: { capabilities: { flow } } } = subject;
    await feed.write([1, 2, 3]);
    checkEqual([feed.tryWrite([])], [0], "a batch of nothing");
    checkEqual(drain.tryRead(0), [], "a read of nothing");
    if (flow === "loop") {
      const four = codec.encode([7, 8, 9, 10]);
      const ends = await trial.open().then(async (other) => ({
        writer: await other.nearWriter(),
        reader: await other.nearReader(),
      }));
      for (const from of [-1, 0.5, 5, NaN, Infinity, 2 ** 32]) {
        moved(() => ends.writer.tryWrite(four, from), `tryWrite(4 items, ${from})`);
        moved(() => ends.reader.tryRead(codec.buffer(4), from), `tryRead(4 slots, ${from})`);
      }
      check(ends.writer.tryWrite(four, 4) === 0, "tryWrite from the batch's end moved something");
      await ends.writer.write(four);
      const into = codec.buffer(4);
      for (let got = 0; got < 4;) got += await ends.reader.read(into);
    }
    checkEqual(await take(drain, 3), [1, 2, 3], "after harmless calls");
  },
};

/** An argument out of range throws or moves nothing. */
function moved(call: () => number, what: string): void {
  let count: number;
  try {
    count = call();
  } catch {
    return;
  }
  check(count === 0, `${what} moved ${count} items`);
}

const BAT5: Rule = {
  id: "BAT5",
  group: "Batch",
  level: "MUST",
  sentence: "`from` names the item of the batch to go on with, on both ends.",
  why: "It is how a caller goes on with a batch that was accepted in part, without a copy.",
  source: "S2",
  technique: ["sequential"],
  needs: loop,
  async run(trial) {
    const { codec, ...subject } = await opened(trial);
    const { writer, reader } = subject;
    await reader.tryRead(codec.buffer(1));
    check(writer.tryWrite(codec.encode([1, 2, 3, 4, 5]), 2) === 3, "three items from the third on");
    const into = codec.encode([9, 9, 9, 9, 9]);
    for (let got = 0; got < 3;) {
      const part = codec.buffer(3);
      const count = await reader.read(part);
      const values = codec.decode(part, count);
      checkEqual(values, numbers(3 + got, count), "read");
      got += count;
    }
    await writer.write(codec.encode([6, 7]));
    let at = 3;
    while (at < 5) {
      trial.doing("reading with an offset");
      const count = reader.tryRead(into, at);
      if (count === 0) await new Promise((resolve) => setTimeout(resolve, 0));
      at += count;
    }
    checkEqual(codec.decode(into, 5), [9, 9, 9, 6, 7], "read to the fourth slot on");
  },
};

async function opened(trial: Trial) {
  const subject = await trial.open();
  const reader = await subject.nearReader();
  return { codec: subject.codec, reader, writer: await subject.nearWriter() };
}

const WRP1: Rule = {
  id: "WRP1",
  group: "Wrap",
  level: "MUST",
  sentence: "Items stay whole and in order over three laps and more, from every phase.",
  why: "The first lap works by itself; the seam shows where a batch meets the end of the slots.",
  source: "S0",
  technique: ["sequential"],
  needs: always,
  async run(trial) {
    for (const size of [1, 3, 5, 8]) await laps(trial, { capacity: 8 }, size);
  },
};

const WRP2: Rule = {
  id: "WRP2",
  group: "Wrap",
  level: "MUST",
  sentence:
    "Items stay whole and in order where the counters pass 2^31, 2^32 and other powers to 2^53.",
  why: "Signed comparison, modulo of a negative number and lost integers show only there.",
  source: "S0",
  technique: ["sequential"],
  needs: start,
  async run(trial) {
    // 2^31 and 2^32 are where 32-bit counters break; shifted for flags or laps, sooner.
    for (const power of [8, 15, 16, 23, 24, 27, 28, 29, 30, 31, 32, 33, 52, 53]) {
      for (const before of [1, 5, 12]) {
        const begin = 2 ** power - before;
        trial.doing(`counters that begin at ${begin}`);
        await laps(trial, { capacity: 8, start: begin }, 3);
      }
    }
  },
};

/** Fills the ring and empties it, then four laps in batches of `size` with the rest of it in use. */
async function laps(trial: Trial, options: SubjectOptions, size: number): Promise<void> {
  const { feed, drain } = await (await trial.open(options)).ends();
  const capacity = options.capacity!;
  const at = `capacity ${capacity}, start ${options.start ?? 0}, batches of ${size}`;
  await feed.write(numbers(1, capacity));
  const full = written(trial.adapter.capabilities, capacity, numbers(1, capacity), [999]);
  checkEqual([feed.tryWrite([999])], [full.accepted], `a full ring, ${at}`);
  checkEqual(await take(drain, capacity), full.inside, at);
  const behind = capacity - size;
  await feed.write(numbers(1, behind));
  for (let next = behind + 1; next < 5 * capacity; next += size) {
    await feed.write(numbers(next, size));
    checkEqual(await take(drain, size), numbers(next - behind, size), at);
  }
}

export const batch: readonly Rule[] = [BAT1, BAT2, BAT3, BAT4, BAT5, WRP1, WRP2];
