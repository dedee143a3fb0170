/** Writes the numbers of its job, by calls that copy or by claims that are filled in place. */
import type { Writer } from "../../../impls/contract.ts";
import { fill } from "../claims.ts";
import type { Codec } from "../items.ts";
import type { RawOutcome, WriteJob } from "../job.ts";
import { numbers } from "../subject.ts";
import { NAP_MS, soon, turn } from "./idle.ts";
import { Log } from "./log.ts";

export async function produce(
  writer: Writer<unknown>,
  codec: Codec,
  job: WriteJob,
): Promise<RawOutcome> {
  const log = new Log(job.record ?? false);
  if (job.claims) await produceByClaims(writer, codec, job);
  else await produceByCalls(writer, codec, job, log);
  return { values: undefined, operations: log.entries, lost: writer.stats().lost };
}

async function produceByCalls(
  writer: Writer<unknown>,
  codec: Codec,
  { first, count, batch, record }: WriteJob,
  log: Log,
): Promise<void> {
  for (let next = first; next < first + count;) {
    const size = Math.min(batch, first + count - next);
    const items = codec.encode(numbers(next, size));
    const accepted = log.of(0, next, () => writer.tryWrite(items));
    next += accepted;
    if (accepted > 0) continue;
    if (record) await turn();
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
