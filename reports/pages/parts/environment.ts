/** Where and when a run was made: a plate under the heading, and the whole of it at the end. */
import type { Environment, Probe } from "../../schema.ts";
import { type Content, type Html, markup } from "../html.ts";
import type { Section } from "../layout.ts";
import type { RuntimeColumn } from "./runtimes.ts";
import { table } from "./table.ts";
import { gibibytes } from "./units.ts";

export function dateline({ date, commit, profile }: Environment): Html {
  return markup`<time datetime="${date}">${
    when(date)
  }</time> · commit <code>${commit}</code> · ${profile} profile`;
}

/** "21 November 2026, 01:37 UTC"; as it was given when it is not a date. */
export function when(date: string): string {
  const at = new Date(date);
  if (Number.isNaN(at.getTime())) return date;
  const day = at.toLocaleDateString("en-GB", {
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });
  return `${day}, ${at.toISOString().slice(11, 16)} UTC`;
}

/** What one wants to know of the machine before reading on. */
export function plate({ cpu, cores, memoryBytes, os, runtimes, seed, load }: Environment): Html {
  return facts("plate", [
    ["Machine", `${cpu}, ${cores} ${cores === 1 ? "core" : "cores"}, ${gibibytes(memoryBytes)}`],
    ["System", os],
    ["Runtimes", runtimes.map(({ name, version }) => `${name} ${version}`).join(", ")],
    ["Load at the start", load.toFixed(2)],
    ["Seed", String(seed)],
  ]);
}

export function environmentSection(
  environment: Environment,
  runtimes: readonly RuntimeColumn[],
): Section {
  const { cpu, cores, memoryBytes, os, kernel, governor, load, commit, seed } = environment;
  const machine = facts("facts", [
    ["Date", environment.date],
    ["Processor", cpu],
    ["Cores", String(cores)],
    ["Memory", gibibytes(memoryBytes)],
    ["System", os],
    ["Kernel", kernel],
    ["Frequency governor", governor ?? "not readable"],
    ["Load average at the start", load.toFixed(2)],
    ["Commit", commit],
    ["Seed", String(seed)],
    ["Profile", environment.profile],
  ]);
  return {
    id: "environment",
    heading: "Environment",
    body: [machine, runtimeTable(environment), probeTable(environment.probes ?? [], runtimes)],
  };
}

function runtimeTable({ runtimes }: Environment): Html {
  return table({
    id: "runtimes",
    caption: "Runtimes",
    style: "plain",
    sortable: false,
    heads: ["Runtime", "Version", "Engine"],
    body: markup`<tbody>${
      runtimes.map(({ runtime, version, engine }) =>
        markup`<tr><th scope="row">${runtime}</th><td>${version}</td><td>${engine}</td></tr>\n`
      )
    }</tbody>`,
  });
}

/** One row a probe: what was expected, and what each runtime did. */
function probeTable(probes: readonly Probe[], runtimes: readonly RuntimeColumn[]): Content {
  const rows = Map.groupBy(probes, ({ probe, expected }) => JSON.stringify([probe, expected]));
  return rows.size > 0 && table({
    id: "probes",
    caption: "Probes before the run, so that what a runtime does is never blamed on a ring",
    style: "plain",
    sortable: false,
    heads: ["Probe", "Expected", ...runtimes.map(({ label }) => label)],
    body: markup`<tbody>${[...rows.values()].map((found) => probeRow(found, runtimes))}</tbody>`,
  });
}

function probeRow(found: readonly Probe[], runtimes: readonly RuntimeColumn[]): Html {
  const { probe, expected } = found[0]!;
  const cells = runtimes.map(({ id }) => probeCell(found.find(({ runtime }) => runtime === id)));
  return markup`<tr><th scope="row">${probe}</th><td>${expected}</td>${cells}</tr>\n`;
}

function probeCell(probe: Probe | undefined): Html {
  if (!probe) return markup`<td class="none">not probed</td>`;
  return probe.ok
    ? markup`<td><span class="glyph pass" aria-hidden="true">✓</span> ${probe.found}</td>`
    : markup`<td><span class="glyph differs" aria-hidden="true">≠</span> <b>differs:</b> ${probe.found}</td>`;
}

function facts(style: string, entries: readonly (readonly [string, string])[]): Html {
  return markup`<dl class="${style}">${
    entries.map(([term, value]) => markup`<div><dt>${term}</dt><dd>${value}</dd></div>`)
  }</dl>
`;
}
