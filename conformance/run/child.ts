/** Runs rules on one adapter in a process of its own, and says each verdict as it falls. */
import process from "node:process";
import { loadAdapter } from "../../impls/load.ts";
import { say } from "../../runner/say.ts";
import { cheapFirst } from "./cost.ts";
import { MARK, type Message, orders as ordersSchema } from "./messages.ts";
import { rules } from "../rules/index.ts";
import { tryRule } from "../harness/trial.ts";

const tell = (message: Message) => say(`${MARK}${JSON.stringify(message)}`);

const orders = ordersSchema.parse(JSON.parse(process.argv[2] ?? "null"));
const deadline = performance.now() + orders.budgetMs;
const adapter = await loadAdapter(orders.ref).catch((error: unknown) => {
  tell({ type: "unloadable", reason: error instanceof Error ? error.message : String(error) });
  process.exit(0);
});
tell({ type: "adapter", name: adapter.name, family: adapter.family });

const reason = await adapter.unavailable();
if (reason !== undefined) tell({ type: "unavailable", reason });
else {
  for (const rule of cheapFirst(rules)) {
    if (!orders.rules.includes(rule.id)) continue;
    if (performance.now() > deadline) {
      const reason = `the time of --profile ${orders.profile} was used up before it`;
      tell({ type: "verdict", rule: rule.id, verdict: "unknown", reason, ms: 0 });
      continue;
    }
    tell({ type: "begin", rule: rule.id });
    const { verdict, clean } = await tryRule(rule, adapter, orders);
    tell(verdict);
    if (!clean) break;
  }
}
// A broken ring may have left handles behind that would keep the process alive.
process.exit(0);
