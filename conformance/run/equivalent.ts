/** A ring with an edit that changes nothing, held to every rule: one that fails it asks too much. */
import type { Equivalent } from "../../reports/schema.ts";
import type { Runtime } from "../../runner/runtimes.ts";
import { makeMutant } from "../mutants/make.ts";
import type { Edit } from "../mutants/mutant.ts";
import type { Rule } from "../rule.ts";
import { runSuite } from "./suite.ts";

/** The same in every run, as for mutants: chance is for the rings themselves. */
const SEED = 1;

/** undefined: the run was interrupted, or the ring cannot run here. */
export async function runEquivalent(
  edit: Edit,
  { rules, runtime, signal }: {
    readonly rules: readonly Rule[];
    readonly runtime: Runtime;
    readonly signal: AbortSignal;
  },
): Promise<Equivalent | undefined> {
  const made = await makeMutant(edit);
  const faults: string[] = [], undecided: string[] = [];
  try {
    const { unavailable } = await runSuite({
      ref: made.ref,
      runtime,
      rules: rules.filter(({ level }) => level === "MUST"),
      seed: SEED,
      profile: "equivalent",
      signal,
      onRuling({ rule, verdict, reason }) {
        if (verdict === "fail") faults.push(`${rule.id}: ${reason}`);
        if (verdict === "unknown") undecided.push(rule.id);
      },
    });
    if (unavailable !== undefined || signal.aborted) return undefined;
  } finally {
    await made.remove();
  }
  const { name, adapter } = edit;
  const passed = faults.length === 0;
  const open = undecided.length > 0 ? [`undecided: ${undecided.join(", ")}`] : [];
  const reason = [...faults, ...open].join("; ");
  return { equivalent: name, adapter, runtime: runtime.id, passed, reason };
}
