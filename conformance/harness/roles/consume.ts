/** Reads until the ring is done or its job's limit is reached, by calls that copy or by claims. */
import type { Claim, Reader } from "../../../impls/contract.ts";
import { Recorder } from "../../history/recorder.ts";
import { check } from "../../rule.ts";
import { contents } from "../claims.ts";
import type { Codec } from "../items.ts";
import type { RawOutcome, ReadJob } from "../job.ts";
import { NAP_MS, soon, told, turn } from "./idle.ts";

export async function consume(
  reader: Reader<unknown>,
  codec: Codec,
  job: ReadJob,
): Promise<RawOutcome> {
  const recorder = job.record ? new Recorder() : undefined;
  const stage = new Stage(job);
  if (job.claims) await consumeByClaims(reader, codec, job, stage);
  else await consumeByCalls(reader, codec, job, stage, recorder);
  const { lost } = reader.stats();
  if (job.limit !== undefined) await reader[Symbol.asyncDispose]();
  return { values: stage.values, operations: recorder?.entries ?? [], lost };
}

async function consumeByCalls(
  reader: Reader<unknown>,
  codec: Codec,
  { batch, limit = Infinity }: ReadJob,
  stage: Stage,
  recorder: Recorder | undefined,
): Promise<void> {
  const into = codec.buffer(batch);
  const keep = (got: number) => stage.take(codec.decode(into, got));
  while (stage.values.length < limit && !reader.done) {
    recorder?.reads();
    const got = reader.tryRead(into);
    if (recorder) {
      if (!reader.readSync) await told();
      recorder.got(codec.decode(into, got));
    }
    keep(got);
    if (got > 0) continue;
    if (recorder) await turn();
    else keep(reader.readSync ? reader.readSync(into, NAP_MS) : await reader.read(into));
  }
}

async function consumeByClaims(
  reader: Reader<unknown>,
  codec: Codec,
  { batch, limit = Infinity }: ReadJob,
  stage: Stage,
): Promise<void> {
  while (stage.values.length < limit) {
    let size = batch;
    // The last ones may be fewer than a batch, and are there one by one.
    const claim = await soon<Claim<unknown> | "done">(() => {
      const some = reader.reserve!(size = batch) ?? reader.reserve!(size = 1);
      return some ?? (reader.done ? "done" : undefined);
    });
    if (claim === "done") return;
    stage.take(contents(claim, codec, size));
    claim.commit();
  }
}

/** A reader among others: what it got, what it marks, and what others must have marked before. */
class Stage {
  readonly values: number[] = [];
  readonly #marks: Int32Array | undefined;
  readonly #marked: readonly Int32Array[];

  constructor({ marks, marked = [] }: ReadJob) {
    this.#marks = marks && new Int32Array(marks);
    this.#marked = marked.map((buffer) => new Int32Array(buffer));
  }

  take(values: readonly number[]): void {
    for (const value of values) {
      this.values.push(value);
      for (const marked of this.#marked) {
        check(marked[value] === 1, `item ${value} came before a reader that it is gated by`);
      }
      if (this.#marks) this.#marks[value] = 1;
    }
  }
}
