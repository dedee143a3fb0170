/** Rings whose far end is a device that waits for nobody: what it misses is counted, and silent. */
import type { Slots } from "../../impls/contract.ts";
import { all, check, device, type Rule, type Trial, when } from "../rule.ts";
import { checkEqual, numbers, type Subject, take } from "../harness/subject.ts";

const group = "Real time";
const playing = when((c) => c.flow === "sink" || c.flow === "duplex", "no device reads from it");
const duplex = when((c) => c.flow === "duplex", "its device has one direction");

const RTM2: Rule = {
  id: "RTM2",
  group,
  level: "MUST",
  sentence: "An underrun plays silence, never stale samples, and is counted to the frame.",
  why:
    "A replayed buffer is heard as a stutter; an uncounted one is searched for in the wrong place.",
  source: "S2",
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

export const realTime: readonly Rule[] = [RTM2, RTM3, RTM4];
