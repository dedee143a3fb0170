/** A spec of four requirements, of which a sample run has scores: proved, let live, without a mutant, untested. */
import type { ConformanceResults, RuleText } from "../../schema.ts";
import type { Spec } from "../spec.ts";
import { sampleConformance } from "./conformance.ts";

export function sampleSpec(): Required<Spec> & { readonly results: ConformanceResults } {
  const results = sampleConformance();
  const text = (id: string): RuleText => results.rules.find((rule) => rule.id === id)!;
  const everywhere = { appliesTo: ["bounded", "spsc", "playback"], exempt: [] };
  return {
    results,
    equivalents: [{ name: "sleepers are woken twice", adapter: "spsc" }],
    requirements: [
      {
        ...text("CAP1"),
        technique: ["sequential"],
        ...everywhere,
        mutants: [{ name: "capacity minus one", adapter: "bounded" }],
      },
      {
        ...text("FUL2"),
        technique: ["sequential", "history"],
        appliesTo: ["bounded", "spsc"],
        exempt: [{ reason: "a device is the reader", adapters: ["playback"] }],
        mutants: [{ name: "notify before store", adapter: "futex_ring" }],
      },
      { ...text("MPR3"), technique: ["exploration"], ...everywhere, mutants: [] },
      {
        ...text("SEC2"),
        technique: ["fuzz"],
        appliesTo: [],
        exempt: [],
        mutants: [],
        untested: "no adapter here is a named ring",
      },
    ],
  };
}
