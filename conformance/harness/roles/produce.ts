/** Writes the numbers of its job, by calls that copy or by claims that are filled in place. */
import type { Writer } from "../../../impls/contract.ts";
import { fill } from "../claims.ts";
import { Recorder } from "../../history/recorder.ts";
import type { Codec } from "../items.ts";
import type { RawOutcome, WriteJob } from "../job.ts";
import { numbers } from "../subject.ts";
import { NAP_MS, soon, told, turn } from "./idle.ts";

export async function produce(
  writer: Writer<unknown>,
  codec: Codec,
  job: WriteJob,
): Promise<RawOutcome> {
  const recorder = job.record ? new Recorder() : undefined;
  if (job.claims) await produceByClaims(writer, codec, job);
  else await produceByCalls(writer, codec, job, recorder);
  return { values: undefined, operations: recorder?.entries ?? [], lost: writer.stats().lost };
}

async function produceByCalls(
  writer: Writer<unknown>,
  codec: Codec,
  { first, count, batch }: WriteJob,
  recorder: Recorder | undefined,
): Promise<void> {
  for (let next = first; next < first + count;) {
    const size = Math.min(batch, first + count - next);
    const items = codec.encode(numbers(next, size));
    recorder?.writes(next, size);
    const accepted = writer.tryWrite(items);
    if (recorder) {
      if (!writer.writeSync) await told();
      recorder.accepted(accepted);
    }
    next += accepted;
    if (accepted > 0) continue;
    if (recorder) await turn();
    else if (writer.writeSync) next += writer.writeSync(items, NAP_MS);
    else {
      await writer.write(items);
      next += size;
    }
  }
}

/** Two claims at a time where there is room, of which the second is committed first. */
async function produceByClaims(
  writer: Writer<unknown>,
  codec: Codec,
  { first, count, batch }: WriteJob,
): Promise<void> {
  for (let next = first; next < first + count;) {
    const size = Math.min(batch, first + count - next);
    const claim = await soon(() => writer.reserve!(size));
    fill(claim, codec, numbers(next, size));
    next += size;
    const more = Math.min(batch, first + count - next);
    const second = more > 0 ? writer.reserve!(more) : undefined;
    if (second) {
      fill(second, codec, numbers(next, more));
      second.commit();
      next += more;
    }
    claim.commit();
  }
}
