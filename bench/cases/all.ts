/** Every case, in the order that results are shown in. */
import type { Case } from "./case.ts";
import { idle } from "./idle.ts";
import { latency, wakeup } from "./latency.ts";
import { memory } from "./memory.ts";
import { payload } from "./payload.ts";
import { awaited, throughput } from "./throughput.ts";
import { topology } from "./topology.ts";

export const cases: readonly Case[] = [
  throughput,
  awaited,
  latency,
  wakeup,
  payload,
  topology,
  memory,
  idle,
];

export function caseNamed(name: string): Case {
  const found = cases.find((one) => one.name === name);
  if (!found) throw new Error(`there is no case ${name}`);
  return found;
}
