/** The command line of `bench`. */
import type { Option } from "../runner/command.ts";
import { selectionOptions } from "../runner/selection.ts";
import { cases } from "./cases/all.ts";

export const command = {
  name: "bench",
  summary: "Measures what every ring does and costs on every runtime, each item verified. " +
    "Exits with 0 when all is measured, 1 when a cell of a ring is invalid or failed, 2 on wrong usage, " +
    "3 when interrupted or when an adapter that is required is unavailable.",
  options: {
    profile: {
      kind: "string",
      placeholder: "NAME",
      choices: ["quick", "standard", "full"],
      default: "quick",
      help:
        "rounds, and how long a cell is measured in each: 1 × 0.1 s of throughput and latency, " +
        "5 × 0.3 s (2 × of what no claim rests on), 15 × 1 s (5 ×)",
    },
    ...selectionOptions,
    runtimes: {
      kind: "list",
      placeholder: "A,B@1.2",
      default: ["bun", "deno", "node"],
      help: "runtimes to measure on, with a version if it matters",
    },
    runtime: { kind: "list", placeholder: "NAME=PATH", help: "where a runtime is" },
    cases: {
      kind: "list",
      placeholder: "A,B",
      choices: cases.map(({ name }) => name),
      help: "cases to measure; quick measures throughput and latency unless told",
    },
    shard: { kind: "string", placeholder: "I/N", help: "the I-th of N parts of the cells alone" },
    seed: { kind: "number", placeholder: "N", default: 1, help: "for the order of the cells" },
    out: {
      kind: "string",
      placeholder: "DIR",
      help: "folder for results.json and index.html (default: reports/out/bench)",
    },
    require: {
      kind: "boolean",
      help: "exit with 3 when an adapter is unavailable; implied where CI is set",
    },
    list: { kind: "boolean", help: "print the cells, and measure none" },
    verbose: { kind: "boolean", help: "print every value as it comes" },
  },
  examples: [
    "deno task bench --profile quick",
    "bun run bench --adapters spsc,ringbuf_js,bare_loop --runtimes bun",
    "deno task bench --adapter ./my_ring.ts --cases throughput",
  ],
} as const satisfies { readonly options: Record<string, Option> } & Record<string, unknown>;
