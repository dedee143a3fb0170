/**
 * Results for a terminal, at most 80 columns wide: adapters down, groups of rules across, and in each
 * cell the group's worst verdict on every runtime; then what went wrong, in full, and what is known to,
 * in short; then the totals.
 */
import type { ConformanceResults, Equivalent, Mutant, Verdict } from "../../reports/schema.ts";
import { mark, type Painter, painter, worst } from "./marks.ts";
import { fit, oneLine, plain, width, wrap, wrapCommand, wrapItems } from "./text.ts";

const columns = 80;
/** Verdicts of a run up to which traces are printed; beyond that they stand on the page. */
const TRACED = 6;

export function table(
  results: ConformanceResults,
  { colour }: { readonly colour: boolean },
): string {
  const paint = painter(colour);
  const parts = [
    ...blocks(results, paint),
    legend(results),
    ...findings(results.verdicts, paint),
    survivors(results.mutants, paint),
    refused(results.equivalents ?? [], paint),
    known(results.verdicts, paint),
    idle(results.verdicts, paint),
    totals(results, paint),
  ];
  return parts.filter((part) => part !== "").join("\n");
}

/** As many groups side by side as fit, and the rest in another block below. */
function blocks(results: ConformanceResults, paint: Painter): string[] {
  const { verdicts } = results;
  const adapters = distinct(verdicts.map(({ adapter }) => adapter));
  const runtimes = runtimesOf(results);
  const groups = groupsOf(results);
  const nameWidth = Math.min(24, Math.max(...adapters.map((name) => width(oneLine(name))), 0));
  const cellWidth = Math.max(runtimes.length, ...groups.map(({ code }) => width(code)));
  const fitting = Math.max(1, Math.floor((columns - nameWidth) / (cellWidth + 1)));
  const cells = Map.groupBy(verdicts, (one) => key(one.adapter, one.runtime, one.rule));
  const cell = (adapter: string, rules: readonly string[]) =>
    runtimes.map(({ id }) =>
      paint(worst(rules.flatMap((rule) => cells.get(key(adapter, id, rule)) ?? [])))
    ).join("") + " ".repeat(cellWidth - runtimes.length);
  return chunks(groups, fitting).map((shown) => {
    const line = (name: string, content: readonly string[]) =>
      `${[fit(oneLine(name), nameWidth), ...content].join(" ").trimEnd()}\n`;
    return line("", shown.map(({ code }) => fit(code, cellWidth))) +
      line("", shown.map(() => fit(runtimes.map(({ letter }) => letter).join(""), cellWidth))) +
      adapters.map((name) => line(name, shown.map(({ rules }) => cell(name, rules)))).join("");
  });
}

function legend(results: ConformanceResults): string {
  const runtimes = runtimesOf(results).map(({ letter, id }) => `${letter} ${id}`);
  const marks = Object.values(mark).map(({ glyph, means }) => `${glyph} ${means}`);
  const groups = groupsOf(results).map(({ code, name }) => `${code} ${name}`);
  return [runtimes, marks, groups].flatMap((items) => wrapItems(items, columns))
    .map((line) => `${line}\n`).join("");
}

/** What failed, then what is unknown: one entry a rule and adapter, with one command to repeat it. */
function findings(verdicts: readonly Verdict[], paint: Painter): string[] {
  const rank = (one: Verdict) => one.verdict === "unknown" ? 2 : one.level === "MUST" ? 0 : 1;
  const wrong = verdicts.filter(({ verdict }) => verdict === "fail" || verdict === "unknown")
    .toSorted((one, other) => rank(one) - rank(other));
  const alike = Map.groupBy(wrong, (one) => key(one.rule, one.adapter, one.verdict, one.reason));
  return [...alike.values()].map((same) => {
    const { rule, level, adapter, reason, trace, repro } = same[0]!;
    const where = same.map(({ runtime }) => runtime).join(", ");
    const command = wrapCommand(repro, columns - 4);
    return entry(`${paint(worst(same))} `, `${rule} (${level}) ${adapter} on ${where}`) +
      entry("  ", reason) +
      (trace && verdicts.length <= TRACED ? indented(trace) : "") +
      command.map((line, at) => `${at === 0 ? "  $ " : "    "}${line}\n`).join("");
  });
}

/** As wide as it is: columns of threads that are folded say nothing. */
function indented(trace: string): string {
  return trace.split("\n").map((line) => `  ${plain(line)}\n`).join("");
}

/** A paragraph that hangs behind a mark of two columns. */
function entry(lead: string, text: string): string {
  return wrap(text, columns - 2).map((line, at) => `${at === 0 ? lead : "  "}${line}\n`).join("");
}

/** One entry an adapter and reason; the page and the files have each with its reproduction. */
function known(verdicts: readonly Verdict[], paint: Painter): string {
  const listed = verdicts.filter(({ verdict }) => verdict === "known");
  const alike = Map.groupBy(listed, (one) => key(one.adapter, one.known ?? ""));
  return [...alike.values()].map((same) => {
    const rules = distinct(same.map(({ rule }) => rule)).join(" ");
    const where = distinct(same.map(({ runtime }) => runtime)).join(", ");
    const { adapter, known = "" } = same[0]!;
    return entry(`${paint(mark.known)} `, `${adapter} on ${where}: ${known}: ${rules}`);
  }).join("");
}

/** Adapters that were not tried at all somewhere: a table of skips must not look like a good one. */
function idle(verdicts: readonly Verdict[], paint: Painter): string {
  const suites = Map.groupBy(verdicts, ({ adapter, runtime }) => key(adapter, runtime)).values();
  const untried = [...suites].filter((all) =>
    all.every(({ verdict, reason }) => verdict === "skip" && reason === all[0]!.reason)
  );
  const alike = Map.groupBy(untried.map(([one]) => one!), (one) => key(one.adapter, one.reason));
  return [...alike.values()].map((same) => {
    const { adapter, reason } = same[0]!;
    const where = same.map(({ runtime }) => runtime).join(", ");
    return entry(`${paint(mark.skip)} `, `${adapter} was not tried on ${where}: ${reason}`);
  }).join("");
}

function survivors(mutants: readonly Mutant[], paint: Painter): string {
  return mutants.filter(({ killed }) => !killed).map(({ mutant, rule, adapter, runtime, reason }) =>
    entry(
      `${paint(mark.fail)} `,
      `${rule} let a mutant of ${adapter} live on ${runtime}: ${mutant} (${reason})`,
    )
  ).join("");
}

function refused(equivalents: readonly Equivalent[], paint: Painter): string {
  return equivalents.filter(({ passed }) => !passed).map((one) =>
    entry(
      `${paint(mark.fail)} `,
      `an edit of ${one.adapter} that changes nothing fails on ${one.runtime}: ${one.equivalent} ` +
        `(${one.reason})`,
    )
  ).join("");
}

function totals(
  { verdicts, mutants, equivalents = [], complete }: ConformanceResults,
  paint: Painter,
): string {
  const lines = (["MUST", "SHOULD"] as const).map((level) => {
    const of = verdicts.filter((verdict) => verdict.level === level);
    const counts = (["pass", "fail", "known", "unknown", "skip"] as const).map((name) => {
      const count = of.filter(({ verdict }) => verdict === name).length;
      return `${String(count).padStart(7)} ${name}`;
    });
    return `${fit(level, 8)}${counts.join("")}\n`;
  });
  const killed = mutants.filter((mutant) => mutant.killed).length;
  const score = mutants.length > 0
    ? `${fit("mutants", 8)}${killed} of ${mutants.length} killed\n`
    : "";
  const good = equivalents.filter(({ passed }) => passed).length;
  const alike = equivalents.length > 0
    ? `${fit("edits", 8)}${good} of ${equivalents.length} that change nothing pass\n`
    : "";
  const cut = complete ? "" : `${paint(mark.unknown)} interrupted: not every rule was tried\n`;
  return lines.join("") + score + alike + cut;
}

interface Group {
  /** The letters that its rules' ids begin with: "CAP". */
  readonly code: string;
  readonly name: string;
  readonly rules: readonly string[];
}

function groupsOf({ rules, verdicts }: ConformanceResults): Group[] {
  const known = rules.map(({ id, group }) => ({ id, group }));
  const foreign = distinct(verdicts.map(({ rule }) => rule))
    .filter((rule) => known.every(({ id }) => id !== rule))
    .map((id) => ({ id, group: "not in the spec" }));
  return [...Map.groupBy([...known, ...foreign], ({ group }) => group)].map(([name, of]) => ({
    name,
    code: oneLine(of[0]!.id).replace(/\d+$/, "").slice(0, 4),
    rules: of.map(({ id }) => id),
  }));
}

/** Letters as in "DBN"; digits where two runtimes begin alike. */
function runtimesOf({ environment, verdicts }: ConformanceResults) {
  const ids = distinct([
    ...environment.runtimes.map(({ runtime }) => runtime),
    ...verdicts.map(({ runtime }) => runtime),
  ]);
  const initials = ids.map((id) => id.slice(0, 1).toUpperCase());
  const clear = new Set(initials).size === ids.length;
  return ids.map((id, at) => ({ id, letter: clear ? initials[at]! : String((at + 1) % 10) }));
}

function key(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)];
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, at) => items.slice(at * size, (at + 1) * size));
}
