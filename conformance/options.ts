/** The command line of the spec. */
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import process from "node:process";
import { oneOf, parse, UsageError } from "../runner/command.ts";
import { selectionOptions } from "../runner/selection.ts";
import { type Profile } from "./run/effort.ts";
import { type ReporterName, reporterNames } from "./reporters/index.ts";
import type { Rule } from "./rule.ts";
import { rules } from "./rules/index.ts";

const runtimes = ["deno", "bun", "node"] as const;

const spec = {
  name: "conformance",
  summary: "Holds rings to the spec, each on each runtime, in child processes under a watchdog.",
  options: {
    ...selectionOptions,
    runtimes: {
      kind: "list",
      placeholder: "R,S",
      help: "runtimes, also as bun@1.4",
      default: runtimes,
    },
    runtime: { kind: "list", placeholder: "NAME=PATH", help: "a runtime's program, as bun=/x/bun" },
    peers: { kind: "boolean", help: "published packages and platform facilities too" },
    rule: { kind: "list", placeholder: "ID,ID", help: "these rules alone" },
    group: { kind: "list", placeholder: "G,H", help: "these groups of rules alone" },
    profile: {
      kind: "string",
      placeholder: "P",
      help: "how thoroughly; a ring on a runtime takes at most a minute, 5 minutes, an hour",
      choices: ["quick", "standard", "deep"],
      default: "quick",
    },
    replay: {
      kind: "string",
      placeholder: "SCHEDULE",
      help: "one schedule of a rule that explores them, as a failure gives it; with --rule",
    },
    seed: {
      kind: "number",
      placeholder: "N",
      help: "of all that is random; by default from the clock",
    },
    jobs: { kind: "number", placeholder: "N", help: "adapters at a time; by default one a core" },
    "no-mutants": { kind: "boolean", help: "leave out the rings that must fail" },
    require: {
      kind: "boolean",
      help: "an adapter that this machine lacks something for ends the run with 3, as in CI",
    },
    reporter: {
      kind: "list",
      placeholder: "R,S",
      help: "also write results as these",
      choices: reporterNames,
    },
    watch: {
      kind: "boolean",
      help: "run again whenever the file of --adapter changes, or one that it imports",
    },
    spec: {
      kind: "boolean",
      help:
        "run nothing, and write the page of requirements to reports/out/spec, with the scores " +
        "of the last run in --out",
    },
    out: {
      kind: "string",
      placeholder: "DIR",
      help: "folder for results",
      default: "reports/out/conformance",
    },
    list: { kind: "boolean", help: "print what would run, and run nothing" },
  },
  examples: [
    "deno task conformance --adapter ./my_ring.ts",
    "bun run conformance --adapter ./my_ring.ts --rule CAP1,FUL1 --watch",
    "bun run conformance --adapters spsc --rule FIF2,BLK5 --profile standard",
  ],
} as const;

export type Values = ReturnType<typeof readOptions>;

export function readOptions(argv?: readonly string[]) {
  const values = parse(spec, argv);
  const { seed, jobs } = values;
  if (seed !== undefined && !(Number.isInteger(seed) && Math.abs(seed) < 2 ** 31)) {
    throw new UsageError(`--seed must be a whole number within 32 bits, got ${seed}`);
  }
  if (jobs !== undefined && !(Number.isInteger(jobs) && jobs >= 1 && jobs <= 256)) {
    throw new UsageError(`--jobs must be a whole number from 1 to 256, got ${jobs}`);
  }
  if (values.replay !== undefined && values.rule?.length !== 1) {
    throw new UsageError("--replay repeats one rule: name it with --rule");
  }
  const watched = (values.adapter ?? []).map((path) => resolve(path)).filter(existsSync);
  if (values.watch && watched.length === 0) {
    throw new UsageError("--watch needs a file to watch: name yours with --adapter ./my_ring.ts");
  }
  return {
    ...values,
    /** Files of --adapter. */
    watched,
    reporter: (values.reporter ?? []) as readonly ReporterName[],
    profile: values.profile as Profile,
    seed: seed ?? Date.now() % 2 ** 31,
    jobs: jobs ?? availableParallelism(),
    require: values.require || Boolean(process.env.CI),
    rules: selectRules(values.rule ?? [], values.group ?? []),
  };
}

function selectRules(ids: readonly string[], groups: readonly string[]): readonly Rule[] {
  const names = [...new Set(rules.map(({ group }) => group))];
  const wantedGroups = groups.map((group) => oneOf("group", group, names));
  const wantedIds = ids.map((id) => oneOf("rule", id, rules.map((rule) => rule.id)));
  if (ids.length + groups.length === 0) return rules;
  return rules.filter(({ id, group }) => wantedIds.includes(id) || wantedGroups.includes(group));
}
