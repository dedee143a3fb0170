/** Whatever is measured by loops of its own. */
import type { Direct } from "./cell/direct.ts";
import { naturals } from "./naturals/all.ts";
import { references } from "./references/all.ts";

export const directs: readonly Direct[] = [...naturals, ...references];

export function directNamed(name: string): Direct {
  const found = directs.find((one) => one.name === name);
  if (!found) throw new Error(`there is nothing called ${name} that has loops of its own`);
  return found;
}
