/** What a ring does with what is written to it: the one place that says what "full" means. */
import type { Capabilities } from "../../impls/contract.ts";

export interface Written {
  /** What the call answers. */
  readonly accepted: number;
  readonly inside: number[];
}

/** `values` written at once to a ring of `capacity` in which `inside` is unread. */
export function written(
  { overflow }: Capabilities,
  capacity: number,
  inside: readonly number[],
  values: readonly number[],
): Written {
  if (overflow === "overwrite") {
    return { accepted: values.length, inside: [...inside, ...values].slice(-capacity) };
  }
  const accepted = Math.min(values.length, capacity - inside.length);
  return { accepted, inside: [...inside, ...values.slice(0, accepted)] };
}
