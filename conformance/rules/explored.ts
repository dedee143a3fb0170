/** What only chosen schedules show: the explorer runs the ring's own code, step by step. */
import { explorable, exploreRing } from "../harness/explored.ts";
import type { Rule } from "../rule.ts";

const OWN3: Rule = {
  id: "OWN3",
  group: "Ownership",
  level: "MUST",
  sentence: "No two threads touch an element without an order between them, whatever the schedule.",
  why: "A data race lets an engine tear, reorder and invent, on another machine or next year.",
  source: "S2; ECMA-262, data race freedom",
  technique: ["exploration"],
  needs: explorable,
  run: (trial) => exploreRing(trial, "yield", ["race", "wrong", "threw"]),
};

const BLK9: Rule = {
  id: "BLK9",
  group: "Blocking",
  level: "MUST",
  sentence: "Whoever sleeps is woken, whatever the schedule.",
  why: "A wake-up that is lost once in a million is lost every day, in production.",
  source: "S3",
  technique: ["exploration"],
  needs: explorable,
  run: (trial) => exploreRing(trial, "park", ["deadlock", "endless"]),
};

export const explored: readonly Rule[] = [OWN3, BLK9];
