/** Requirements that no rule tests yet, and why: what is not tested is listed, never dropped. */
import type { Requirement } from "../rule.ts";

export interface Untested extends Requirement {
  /** What its test waits for, or what holds it meanwhile. */
  readonly reason: string;
}

/** Rings that have a name on their host, and outlive the processes that use them. */
const named = "no adapter here is a named ring, which outlives the processes attached to it";

export const untested: readonly Untested[] = [
  {
    id: "ATT1",
    group: "Attach",
    level: "MUST",
    sentence: "No more consumers attach than the ring was made for, and the next one is refused.",
    why: "A table of consumers that overflows is memory that somebody else owns.",
    source: "S4",
    technique: ["sequential"],
    reason: `${named}; MPR2 holds rings that have one of an end to it`,
  },
  {
    id: "ATT2",
    group: "Attach",
    level: "MUST",
    sentence: "After its producer died, a ring can be formatted and used again.",
    why:
      "A process id that was left behind, or belongs to somebody else now, locks a ring for good.",
    source: "S4",
    technique: ["fault"],
    reason: named,
  },
  {
    id: "ATT3",
    group: "Attach",
    level: "MUST",
    sentence: "The place of a consumer that died is given to the next one.",
    why: "Consumers that crash and come back use up the places of a ring that runs for months.",
    source: "S4",
    technique: ["fault"],
    reason: named,
  },
  {
    id: "ATT4",
    group: "Attach",
    level: "MUST",
    sentence: "Formatting resets every client, and handles from before it fail as stale.",
    why: "A client that goes on with offsets from before corrupts what is written since.",
    source: "S4",
    technique: ["sequential"],
    reason: named,
  },
  {
    id: "ATT5",
    group: "Attach",
    level: "MUST",
    sentence:
      "A process that dies between any two of its stores leaves a ring that can be recovered.",
    why: "A process can be killed anywhere; two that repair at once must not undo each other.",
    source: "S4",
    technique: ["fault"],
    reason: `${named}; LCK1 and LCK2 hold rings whose locks outlive their holders to it`,
  },
  {
    id: "URI2",
    group: "Network",
    level: "MUST",
    sentence: "Who attaches from another host only consumes.",
    why: "A ring has one producer, and that one lives where the ring lives.",
    source: "S4",
    technique: ["sequential"],
    reason: `${named}; the rings of the network here let both ends be far`,
  },
  {
    id: "NET1",
    group: "Network",
    level: "MUST",
    sentence: "Order, full and empty hold where the far end is on another host.",
    why: "What is under way between two hosts is in neither of them.",
    source: "S4",
    technique: ["model", "history"],
    reason:
      "it has no rule of its own: where a ring reaches over the network, FIF1, FIF2 and FIF3 " +
      "run over a connection and hold order, NET3 holds full; empty, asked from afar, is left",
  },
];
