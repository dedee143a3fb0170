/** What this project says of its rings' speed, each as a ratio of two cells of one run. */
import type { Cell } from "../../reports/schema.ts";
import { describe } from "../plan.ts";
import { ratio } from "../stats/ratio.ts";

export interface Claim {
  readonly over: Point;
  readonly under: Point;
  readonly atLeast?: number;
  readonly atMost?: number;
}

interface Point {
  readonly adapter: string;
  readonly case: string;
  readonly params: Readonly<Record<string, number>>;
}

const at = (adapter: string, batch: number): Point => ({
  adapter,
  case: "throughput",
  params: { batch },
});

export const claims: readonly Claim[] = [
  { over: at("spsc", 64), under: at("ringbuf_js", 1), atLeast: 10 },
  { over: at("spsc", 64), under: at("ringbuf_js", 64), atLeast: 1 },
  { over: at("spsc", 64), under: at("message_channel", 1), atLeast: 100 },
  { over: at("bare_loop", 64), under: at("spsc", 64), atMost: 1.15 },
];

/** "spsc batch=64 / ringbuf_js batch=1" */
export function sentence({ over, under }: Claim): string {
  return [over, under].map((point) => describe(point.adapter, point.params)).join(" / ");
}

/** The ratio on one runtime, and whether it is what is claimed; undefined when a cell is missing. */
export function standing(
  { over, under, atLeast = 0, atMost = Infinity }: Claim,
  cells: readonly Cell[],
  runtime: string,
): { ratio: number; met: boolean } | undefined {
  const runsOf = (point: Point) =>
    cells.find((cell) =>
      cell.status === "ok" && cell.runtime === runtime && cell.adapter === point.adapter &&
      describe(cell.case, cell.params) === describe(point.case, point.params)
    )?.runs;
  const above = runsOf(over), below = runsOf(under);
  if (!above || !below) return undefined;
  const value = ratio(above, below);
  return { ratio: value, met: value >= atLeast && value <= atMost };
}
