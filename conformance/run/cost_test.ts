import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { rules } from "../rules/index.ts";
import { cheapFirst } from "./cost.ts";

test("every rule is run, what explores schedules last", () => {
  const ordered = cheapFirst(rules);
  assertEquals(new Set(ordered), new Set(rules));
  const place = (id: string) => ordered.findIndex((rule) => rule.id === id);
  assertEquals(place("CAP1"), 0);
  const ids = ["CON3", "FUL1", "CON4", "MOD1", "FIF3", "LCK1", "OWN3"];
  assertEquals(ids.map(place), ids.map(place).toSorted((a, b) => a - b));
  assert(place("CON1") > place("FUL1"), "input that nobody should send can wait");
});
