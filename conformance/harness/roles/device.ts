/** Plays the device of a ring whose far end is one; it waits for nobody. */
import type { Ring, Slots } from "../../../impls/contract.ts";
import type { Codec } from "../items.ts";
import type { PlayJob, RawOutcome, WriteJob } from "../job.ts";
import { numbers } from "../subject.ts";

export function capture(ring: Ring<unknown>, codec: Codec, job: WriteJob): RawOutcome {
  const { first, count, batch } = job;
  for (let next = first; next < first + count; next += batch) {
    const size = Math.min(batch, first + count - next);
    ring.device!.cycle(codec.encode(numbers(next, size)), undefined);
  }
  return { values: undefined, operations: [], lost: 0 };
}

/** Silence (0) is left out. */
export function play(ring: Ring<unknown>, codec: Codec, { count, batch }: PlayJob): RawOutcome {
  const values: number[] = [];
  const output: Slots<unknown> = codec.buffer(batch);
  while (values.length < count) {
    ring.device!.cycle(undefined, output);
    for (const value of codec.decode(output, batch)) if (value !== 0) values.push(value);
  }
  return { values, operations: [], lost: 0 };
}
