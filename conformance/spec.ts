/** `--spec`: the page of every requirement, made from the records of rules, mutants and adapters. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import type { Adapter } from "../impls/contract.ts";
import { registry } from "../impls/registry.ts";
import { type Requirement, specPage } from "../reports/pages/spec.ts";
import { conformanceResults, type RuleText } from "../reports/schema.ts";
import { exitCode } from "../runner/command.ts";
import { readJson, writeFileAtomic } from "../runner/files.ts";
import { equivalents } from "./mutants/equivalent.ts";
import { mutants } from "./mutants/index.ts";
import type { Requirement as Asked, Rule } from "./rule.ts";
import { rules } from "./rules/index.ts";
import { untested } from "./rules/untested.ts";

const edits = equivalents.map(({ name, adapter }) => ({ name, adapter }));

/** Beside the folder of the results, whose scores it takes when there are any. */
export async function writeSpec({ out }: { readonly out: string }): Promise<number> {
  const last = join(out, "results.json");
  const results = existsSync(last)
    ? await readJson(last, conformanceResults, "results file")
    : undefined;
  const page = { requirements: await requirements(), equivalents: edits, results };
  const path = join(dirname(out), "spec", "index.html");
  await writeFileAtomic(path, await specPage(page));
  process.stdout.write(`${path}\n`);
  return exitCode.good;
}

/** What stands of a record in results and on pages. */
export function ruleText({ id, group, level, sentence, why, source, technique }: Asked): RuleText {
  return { id, group, level, sentence, why, source, technique: [...technique] };
}

/** Those with a rule in the order of the rules, then the others. */
export async function requirements(): Promise<Requirement[]> {
  const adapters = await loaded();
  return [
    ...rules.map((rule): Requirement => ({
      ...ruleText(rule),
      ...scope(rule, adapters),
      mutants: mutants.filter(({ rule: id }) => id === rule.id)
        .map(({ name, adapter }) => ({ name, adapter })),
    })),
    ...untested.map((one): Requirement => ({
      ...ruleText(one),
      appliesTo: [],
      exempt: [],
      mutants: [],
      untested: one.reason,
    })),
  ];
}

/** The rings of this suite, without its peers; one that cannot be imported here is left out. */
async function loaded(): Promise<Adapter<unknown>[]> {
  const own = Object.values(registry).filter(({ peer }) => !peer);
  const found = await Promise.all(own.map((entry) => entry.load().catch(() => undefined)));
  return found.filter((adapter) => adapter !== undefined);
}

function scope({ needs }: Rule, adapters: readonly Adapter<unknown>[]) {
  const reasons = adapters.map(({ name, capabilities }) => ({ name, reason: needs(capabilities) }));
  const byReason = Map.groupBy(
    reasons.filter(({ reason }) => reason !== undefined),
    ({ reason }) => reason!,
  );
  return {
    appliesTo: reasons.filter(({ reason }) => reason === undefined).map(({ name }) => name),
    exempt: [...byReason].map(([reason, all]) => ({
      reason,
      adapters: all.map(({ name }) => name),
    })),
  };
}
