/**
 * What a ring allocates while items pass through it: both ends in one loop, an item at a time, and
 * the growth of the heap between collections.
 */
import { type Case, oneToOne } from "./case.ts";
import { awaitingPass, pass } from "./throughput_pass.ts";

export const memory: Case = {
  name: "memory",
  summary: "bytes of heap that a write or a read of one item allocates, over ten million of them",
  unit: "bytes/op",
  params: [{}],
  parts: () => oneToOne,
  gauge: "allocation",
  unfit({ capabilities: { flow, items, reach }, kind }) {
    if (kind === "peer") return "it is no claim of a peer's";
    if (flow !== "loop") return "a device holds an end";
    if (reach === "network") return "its two ends are two processes";
    return items === "records" ? "its items are no numbers" : undefined;
  },
  lead: inOneLoop,
  follow: inOneLoop,
  solo: (ring, capabilities, params, atOnce) =>
    atOnce ? pass(ring, capabilities, params) : awaitingPass(ring, capabilities),
};

function inOneLoop(): never {
  throw new Error("both ends are in one loop");
}
