/** Every case, in the order that results are shown in. */
import type { Case } from "./case.ts";
import { latency } from "./latency.ts";
import { throughput } from "./throughput.ts";

export const cases: readonly Case[] = [throughput, latency];

export function caseNamed(name: string): Case {
  const found = cases.find((one) => one.name === name);
  if (!found) throw new Error(`there is no case ${name}`);
  return found;
}
