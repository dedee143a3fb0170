/** Sends back what it gets, until the end. */
import type { Reader, Writer } from "../../../impls/contract.ts";
import type { Codec } from "../items.ts";
import type { RawOutcome } from "../job.ts";

export function echo(
  reader: Reader<unknown>,
  writer: Writer<unknown>,
  codec: Codec,
): RawOutcome {
  const into = codec.buffer(1);
  // No timeout: a wake-up that is lost must hang, or the rule could not see it.
  while (reader.readSync!(into) > 0) writer.writeSync!(into);
  return { values: undefined, operations: [], lost: 0 };
}
