/** The design of a ring that overwrites, but for how many read it and where they begin. */
import type { Capabilities } from "../../contract.ts";
import type { Design } from "../../shared/shared_ring.ts";
import { Chunks, overwritingLayout } from "./chunks.ts";
import { type Joining, OverwritingReader } from "./reader.ts";
import { OverwritingWriter } from "./writer.ts";

export function overwritingDesign({ name, kind, capabilities, seats, joining }: {
  readonly name: string;
  /** Four characters that tell its memory from any other's. */
  readonly kind: string;
  readonly capabilities: Capabilities;
  /** Readers at a time. */
  readonly seats: number;
  readonly joining: Joining;
}): Design<OverwritingWriter, OverwritingReader> {
  return {
    name,
    family: "atomics",
    capabilities,
    layout: overwritingLayout(kind, seats),
    begin: (memory, start) => new Chunks(memory, seats).begin(start),
    writer: (memory) => new OverwritingWriter(new Chunks(memory, seats)),
    reader: (memory) => new OverwritingReader(new Chunks(memory, seats), joining),
    close: (memory) => new Chunks(memory, seats).published.close(),
  };
}
