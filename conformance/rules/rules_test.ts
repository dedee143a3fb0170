/** The rules themselves: right rings pass them, and each fault is found by the rule that is for it. */
import { test } from "node:test";
import { assertEquals, assertMatch } from "@std/assert";
import type { Adapter, Capabilities } from "../../impls/contract.ts";
import { tryRule } from "../harness/trial.ts";
import { rules } from "./index.ts";
import { type Fault, plainRing } from "./fixtures/plain_ring.ts";
import { type RecordFault, recordRing } from "./fixtures/record_ring.ts";

const gated: Partial<Capabilities> = {
  delivery: "broadcast",
  reserve: true,
  stages: true,
  strategies: true,
};
const overwriting: Partial<Capabilities> = { overflow: "overwrite" };

async function verdictOf(
  id: string,
  adapter: Adapter<unknown>,
  limitMs?: number,
): Promise<string> {
  const rule = rules.find((rule) => rule.id === id)!;
  const orders = { ref: "", rules: [id], seed: 1, profile: "mutant" as const, budgetMs: 60_000 };
  const { verdict } = await tryRule(rule, adapter, orders, limitMs);
  return `${verdict.verdict} ${verdict.reason}`.trim();
}

/** They show by a wait that never ends, which is not waited for as long as in a real run. */
const endless: readonly string[] = [
  "a reader that left is waited for",
  "a reader's leaving wakes nobody",
  "spinning forgets the timeout",
  "parking misses the end",
];

async function checkFound(id: string, adapter: Adapter<unknown>, fault: string): Promise<void> {
  const hangs = endless.includes(fault);
  const verdict = await verdictOf(id, adapter, hangs ? 700 : undefined);
  assertMatch(verdict, hangs ? /^fail/ : /^fail (?!hung)/, id);
}

const honest: Record<string, Adapter<unknown>> = {
  "a queue": plainRing({}),
  "a queue with claims": plainRing({ reserve: true, strategies: true }),
  "a broadcast with stages and claims": plainRing(gated),
  "an overwriting queue": plainRing(overwriting),
  "an overwriting broadcast": plainRing({ ...overwriting, delivery: "broadcast" }),
  "a ring of records": recordRing(),
};

for (const [name, adapter] of Object.entries(honest)) {
  test(`${name} passes every rule that applies to it`, async () => {
    const failures: string[] = [];
    for (const { id } of rules) {
      const verdict = await verdictOf(id, adapter);
      if (!/^(pass|skip)/.test(verdict)) failures.push(`${id} ${verdict}`);
    }
    assertEquals(failures, []);
  });
}

const faults: [Partial<Capabilities>, Fault, ...rules: string[]][] = [
  [overwriting, "a full ring drops the newest", "CAP1", "BAT1", "FUL3", "MOD1"],
  [overwriting, "losses are not counted", "FUL3", "OBS1", "MOD1"],
  [overwriting, "each lost item is a gap", "FUL3"],
  [gated, "readers join at the oldest item", "BRC2", "MOD1"],
  [gated, "with no reader it fills up", "BRC2"],
  [gated, "the fastest reader is the gate", "GAT1", "MOD1"],
  [gated, "a reader that left is waited for", "GAT2", "MOD1"],
  [gated, "a reader's leaving wakes nobody", "GAT2"],
  [gated, "a stage passes its gate by one", "GAT3"],
  [gated, "a stage is gated by the first alone", "GAT3"],
  [gated, "a stage takes any name", "GAT3"],
  [gated, "a stage is done with the ring", "GAT3"],
  [gated, "readers have no id", "CON5"],
  [gated, "a claim is seen before it is committed", "RSV1", "MOD2"],
  [gated, "a claim behind a hole is seen", "RSV2", "MOD2"],
  [gated, "a reader's later commit frees all before it", "RSV2", "MOD2"],
  [gated, "an aborted claim stays", "RSV3", "MOD2"],
  [gated, "an aborted claim is an item", "RSV3", "MOD2"],
  [gated, "a reader's shortened claim frees all", "RSV3", "MOD2"],
  [gated, "a writer's claim laps what is unread", "RSV4", "MOD2"],
  [gated, "a claim is shorter than asked for", "RSV1"],
  [gated, "a claim can be committed twice", "RSV5"],
  [gated, "a claim of nothing is granted", "RSV5"],
  [gated, "a commit of too many is cut", "RSV5"],
  [gated, "spinning forgets the timeout", "BLK7"],
  [gated, "yielding ends early", "BLK7"],
  [gated, "parking misses the end", "BLK7"],
  [gated, "any wait strategy will do", "CON5"],
  [gated, "timeouts come late", "BLK8"],
];

for (const [claims, fault, ...ids] of faults) {
  test(`"${fault}" fails ${ids.join(", ")}`, async () => {
    for (const id of ids) await checkFound(id, plainRing(claims, fault), fault);
  });
}

const recordFaults: [RecordFault, string][] = [
  ["the bytes are the writer's", "OWN2"],
  ["what was delivered is the ring's", "OWN2"],
  ["the last byte before the end of the slots is lost", "WRP3"],
  ["an empty record keeps the length before it", "WRP3"],
  ["a record that can never fit waits", "WRP3"],
];

for (const [fault, id] of recordFaults) {
  test(`"${fault}" fails ${id}`, async () => {
    await checkFound(id, recordRing(fault), fault);
  });
}
