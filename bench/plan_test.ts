import { test } from "node:test";
import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../runner/command.ts";
import { cases } from "./cases/all.ts";
import type { Entrant } from "./entrants.ts";
import { labelOf, makePlan, shard } from "./plan.ts";

const wanted = cases.filter(({ name }) => ["throughput", "latency"].includes(name));
const entrant = (name: string, why?: string): Entrant => ({
  ref: name,
  direct: false,
  name,
  family: "channel",
  kind: "ring",
  unfit: ({ name: work }, { batch }) => work === "latency" || batch === 64 ? why : undefined,
});

test("cells are entrants × runtimes × cases × params, but for what does not apply", () => {
  const { cells, unfit } = makePlan([entrant("a"), entrant("b", "why not")], ["bun"], wanted);
  assertEquals(cells.map(labelOf), [
    "a · bun · throughput batch=1",
    "b · bun · throughput batch=1",
    "a · bun · throughput batch=64",
    "a · bun · throughput batch=512",
    "b · bun · throughput batch=512",
    "a · bun · latency",
  ]);
  assertEquals(unfit, ["throughput batch=64 of b: why not", "latency of b: why not"]);
});

test("every cell is in exactly one shard, for any number of them", () => {
  for (const length of [0, 1, 7, 90]) {
    const cells = Array.from({ length }, (_, i) => i);
    for (const count of [1, 2, 3, 7, 100]) {
      const parts = Array.from({ length: count }, (_, i) => shard(cells, `${i + 1}/${count}`));
      assertEquals(parts.flat(), cells);
      const sizes = parts.map((part) => part.length);
      assertEquals(Math.max(...sizes) - Math.min(...sizes) <= 1, true);
    }
  }
});

test("a shard that there is not is refused", () => {
  for (const text of ["0/3", "4/3", "1/0", "1", "a/b", "1/2/3", "-1/2", "1.5/2", ""]) {
    assertThrows(() => shard([1, 2, 3], text), UsageError, "give it as i/n");
  }
});
