/** Rings whose far end is a device that waits for nobody: what it misses is counted, and silent. */
import type { Slots } from "../../impls/contract.ts";
import {
  all,
  check,
  device,
  nearReader,
  nearWriter,
  type Rule,
  type Trial,
  when,
} from "../rule.ts";
import { interruptedAt } from "../harness/interrupted.ts";
import { checkEqual, numbers, type Subject, take } from "../harness/subject.ts";

const group = "Real time";
const playing = when((c) => c.flow === "sink" || c.flow === "duplex", "no device reads from it");
const duplex = when((c) => c.flow === "duplex", "its device has one direction");

/**
 * A lock that a read or a write holds would show: the callback comes in the middle of one, on the
 * same thread, so that waiting for it means waiting for ever. What the contract cannot see (memory
 * that a callback allocates, calls to the system) is for the ring's own tests: those of the rings
 * here look up which functions their compiled callback calls.
 */
const RTM1: Rule = {
  id: "RTM1",
  group,
  level: "MUST",
  sentence: "A callback amid a read or a write neither waits for it nor disturbs it.",
  why: "A driver's thread that waits for JavaScript misses its deadline, which is heard.",
  source: "S2",
  technique: ["sequential"],
  needs: device,
  async run(trial) {
    const { capabilities } = trial.adapter;
    if (nearReader(capabilities) === undefined) await checkAmidRead(trial);
    if (nearWriter(capabilities) === undefined) await checkAmidWrite(trial);
  },
};

/** The device captures more than is free while the second of four frames is copied out. */
async function checkAmidRead(trial: Trial): Promise<void> {
  const subject = await trial.open({ capacity: 8 });
  const { codec, ring: { device } } = subject;
  const reader = await subject.nearReader();
  device!.cycle(codec.encode(numbers(1, 6)), undefined);
  const into = interruptedAt(codec.width, codec.buffer(4), () => {
    device!.cycle(codec.encode(numbers(7, 5)), undefined);
  });
  trial.doing("waiting for a callback in the middle of a read");
  const count = reader.tryRead(into);
  checkEqual(codec.decode(into, count), numbers(1, 4), "read while the device captured");
  const rest = codec.buffer(8), left = reader.tryRead(rest);
  checkEqual(codec.decode(rest, left), numbers(5, left), "captured before and meanwhile");
  const { lost } = reader.stats();
  check(4 + left + lost === 11, `of 11 frames ${4 + left} were read and ${lost} count as lost`);
}

/** The device plays more than is there while the second of four frames is copied in. */
async function checkAmidWrite(trial: Trial): Promise<void> {
  const subject = await trial.open({ capacity: 8 });
  const { codec, ring: { device } } = subject;
  const writer = await subject.nearWriter();
  await writer.write(codec.encode([1, 2]));
  const output = codec.buffer(4);
  const items = interruptedAt(codec.width, codec.encode(numbers(3, 4)), () => {
    device!.cycle(undefined, output);
  });
  trial.doing("waiting for a callback in the middle of a write");
  check(writer.tryWrite(items) === 4, "four frames did not fit beside two of eight");
  const first = codec.decode(output, 4), played = first.filter((frame) => frame !== 0).length;
  checkEqual(
    first,
    [...numbers(1, played), ...zeros(4 - played)],
    "played while four were written",
  );
  const rest = codec.buffer(8);
  device!.cycle(undefined, rest);
  const due = [...numbers(played + 1, 6 - played), ...zeros(2 + played)];
  checkEqual(codec.decode(rest, 8), due, "played after four were written");
  const { padded } = writer.stats();
  check(padded === 6, `of 12 frames played 6 were silence, ${padded} are counted`);
}

const RTM2: Rule = {
  id: "RTM2",
  group,
  level: "MUST",
  sentence: "An underrun plays silence, never stale samples, and is counted to the frame.",
  why:
    "A replayed buffer is heard as a stutter; an uncounted one is searched for in the wrong place.",
  source: "S2",
  technique: ["model"],
  needs: all(device, playing),
  async run(trial) {
    const capacity = 8;
    const subject = await trial.open({ capacity });
    const writer = await subject.nearWriter();
    let next = 1, inside = 0, padded = 0, xruns = 0;
    // The first frame begins the stream: silence before it is no underrun.
    for (let round = 0; round < 80; round++) {
      const added = Math.min(capacity - inside, trial.random.integer(capacity) + (round ? 0 : 1));
      check(
        writer.tryWrite(subject.codec.encode(numbers(next, added))) === added,
        `${added} frames did not fit beside ${inside} of ${capacity}`,
      );
      inside += added;
      const asked = 1 + trial.random.integer(2 * capacity);
      const due = Math.min(asked, inside);
      const expected = [...numbers(next + added - inside, due), ...zeros(asked - due)];
      checkEqual(play(subject, asked), expected, `played in callback ${round}`);
      next += added;
      inside -= due;
      padded += asked - due;
      xruns += asked > due ? 1 : 0;
      const stats = writer.stats();
      checkEqual([stats.padded, stats.xruns], [padded, xruns], `padded and xruns, ${round}`);
    }
  },
};

const RTM3: Rule = {
  id: "RTM3",
  group,
  level: "MUST",
  sentence: "A duplex callback that misses in both directions counts one overrun and one underrun.",
  why: "Counted once, or once a frame, nobody can tell which side was late.",
  source: "S2",
  technique: ["sequential"],
  needs: duplex,
  async run(trial) {
    const capacity = 8;
    const subject = await trial.open({ capacity });
    const reader = await subject.nearReader(), writer = await subject.nearWriter();
    await writer.write(subject.codec.encode([1]));
    both(subject, capacity);
    const before = [reader.stats().xruns, writer.stats().xruns];
    both(subject, 3);
    const after = [reader.stats().xruns, writer.stats().xruns];
    checkEqual(after, before.map((count) => count + 1), "a callback that misses on both sides");
    checkEqual([reader.stats().lost], [3], "frames lost to the full capture side");
  },
};

function both({ ring, codec }: Subject, frames: number): void {
  ring.device!.cycle(codec.encode(numbers(1, frames)), codec.buffer(frames));
}

const RTM4: Rule = {
  id: "RTM4",
  group,
  level: "MUST",
  sentence: "Callbacks of any size, beside reads and writes of any size, lose no frame.",
  why: "Drivers do not call with the size that was agreed; one sample lost a callback is a click.",
  source: "S2",
  technique: ["model"],
  needs: device,
  async run(trial) {
    for (const capacity of [2, 3, 8]) await passFrames(trial, capacity);
  },
};

async function passFrames(trial: Trial, capacity: number): Promise<void> {
  const { feed, drain } = await (await trial.open({ capacity })).ends();
  let written = 1, read = 1;
  while (read < 40 * capacity) {
    const free = capacity - (written - read);
    const adding = trial.random.integer(free + 1);
    await feed.write(numbers(written, adding));
    written += adding;
    const taking = trial.random.integer(written - read + 1);
    checkEqual(await take(drain, taking), numbers(read, taking), `a ring of ${capacity} frames`);
    read += taking;
  }
}

function play(subject: Subject, frames: number): number[] {
  const output: Slots<unknown> = subject.codec.encode(numbers(1000, frames)); // stale on purpose
  subject.ring.device!.cycle(undefined, output);
  return subject.codec.decode(output, frames);
}

const zeros = (count: number): number[] => new Array(count).fill(0);

export const realTime: readonly Rule[] = [RTM1, RTM2, RTM3, RTM4];
