/** Numbers in and out of claims, which lie in two parts where they wrap. */
import type { Claim, Slots } from "../../impls/contract.ts";
import { check } from "../rule.ts";
import type { Codec } from "./items.ts";

/** Writes numbers into a writer's claim, one an item. */
export function fill(claim: Claim<unknown>, codec: Codec, values: readonly number[]): void {
  const items = codec.encode(values);
  let from = 0;
  for (const part of claim.parts) {
    for (let i = 0; i < part.length; i++) part[i] = items[from++];
  }
  check(
    from === items.length,
    `a claim of ${values.length} items has ${from} elements, not ${items.length}`,
  );
}

/** The `count` numbers in a reader's claim. */
export function contents(claim: Claim<unknown>, codec: Codec, count: number): number[] {
  const items: Slots<unknown> = codec.buffer(count);
  let at = 0;
  for (const part of claim.parts) {
    for (let i = 0; i < part.length; i++) items[at++] = part[i];
  }
  check(
    at === count * codec.width,
    `a claim of ${count} items has ${at} elements, not ${count * codec.width}`,
  );
  return codec.decode(items, count);
}
