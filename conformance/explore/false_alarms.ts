/**
 * Holds the explorer to the rings: each one in shared memory, under every rule that explores
 * schedules, for as many of them as are asked for. What is found is a fault of a ring or of the
 * explorer, and has no third cause.
 *
 *   deno run -A conformance/explore/false_alarms.ts --executions 100000
 */
import { registry } from "../../impls/registry.ts";
import { exitCode, oneOf, parse, run } from "../../runner/command.ts";
import { exploringTrial } from "../harness/schedules.ts";
import { type Rule, Violation } from "../rule.ts";
import { rules } from "../rules/index.ts";

const exploring = rules.filter(({ technique }) => technique?.includes("exploration"));

await run(async () => {
  const { adapters, rule, executions, seed } = parse({
    name: "false_alarms",
    summary: "Explores the rings in shared memory for long, and says a line for each rule of each.",
    options: {
      adapters: { kind: "list", placeholder: "A,B", help: "these rings alone" },
      rule: { kind: "list", placeholder: "ID,ID", help: "these rules alone" },
      executions: { kind: "number", placeholder: "N", help: "of each", default: 100_000 },
      seed: { kind: "number", placeholder: "N", help: "of what is random", default: 1 },
    },
  });
  const ours = Object.keys(registry).filter((name) => !registry[name]!.peer);
  const refs = adapters?.map((name) => oneOf("adapter", name, ours)) ?? ours;
  const ids = rule?.map((id) => oneOf("rule", id, exploring.map((one) => one.id)));
  let alarms = 0;
  for (const ref of refs) {
    for (const one of exploring.filter(({ id }) => ids?.includes(id) ?? true)) {
      const alarm = await explored(one, ref, executions!, seed!);
      if (alarm) alarms++;
    }
  }
  return alarms === 0 ? exitCode.good : exitCode.failure;
});

/** Whether the rule was broken; undefined where it does not apply. */
async function explored(
  rule: Rule,
  ref: string,
  executions: number,
  seed: number,
): Promise<boolean | undefined> {
  const trial = await exploringTrial(ref, seed, executions);
  if (rule.needs(trial.adapter.capabilities) !== undefined) return undefined;
  const begun = performance.now();
  const failure = await rule.run(trial).then(() => undefined, (error: unknown) => error);
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const line = `${ref.padEnd(22)}${rule.id}  ${executions} schedules at most, ${seconds} s: `;
  console.log(line + (failure instanceof Error ? failure.message : failure ?? "nothing"));
  const trace = failure instanceof Violation ? failure.schedule : undefined;
  if (trace) console.log(`${trace.trace}\nreplay: ${trace.token}`);
  return failure !== undefined;
}
