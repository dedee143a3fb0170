/** What the suite claims of its rings, and how each claim stands on each runtime. */
import type { Claim } from "../../schema.ts";
import { type Content, type Html, markup } from "../html.ts";
import type { RuntimeColumn } from "../parts/runtimes.ts";
import { table } from "../parts/table.ts";
import { exact, scaled, times } from "../parts/units.ts";

export function claimsSection(claims: readonly Claim[], runtimes: readonly RuntimeColumn[]) {
  return {
    id: "claims",
    heading: "Claims",
    note: "Ratios are medians over the rounds of the ratio within each. ✓ met, ✗ missed; a row " +
      "without a limit claims nothing.",
    body: table({
      id: "claims-table",
      caption: "Claims and how they stand in this run",
      style: "fastest",
      sortable: false,
      heads: ["Claim", "Limit", ...runtimes.map(({ label }) => label)],
      body: markup`<tbody>${claims.map((claim) => row(claim, runtimes))}</tbody>`,
    }),
  };
}

function row(claim: Claim, runtimes: readonly RuntimeColumn[]): Html {
  return markup`<tr><th scope="row">${claim.claim}${notes(claim, runtimes)}</th><td>${
    claim.limit ?? "–"
  }</td>${runtimes.map(({ id }) => standing(claim, id))}</tr>\n`;
}

function standing({ unit, standings }: Claim, runtime: string): Html {
  const found = standings.find((one) => one.runtime === runtime);
  if (!found) return markup`<td class="none">not measured</td>`;
  const { value, met } = found;
  const title = unit === "×" ? String(value) : exact(value, unit);
  const mark = met === undefined ? "" : met ? " ✓" : " ✗";
  return markup`<td title="${title}"><b>${
    unit === "×" ? `${times(value)} ×` : scaled(value, unit)
  }</b>${mark}</td>`;
}

/** "bun: 4 threads on 2 cores" */
function notes({ standings }: Claim, runtimes: readonly RuntimeColumn[]): Content {
  const noted = [...Map.groupBy(standings.filter(({ note }) => note), ({ note }) => note)];
  const label = (id: string) => runtimes.find((runtime) => runtime.id === id)?.label ?? id;
  return noted.map(([note, same]) =>
    markup`<br><small>${same.map(({ runtime }) => label(runtime)).join(", ")}: ${note}</small>`
  );
}
