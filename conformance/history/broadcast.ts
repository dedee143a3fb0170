/**
 * Do the sequences that the readers of a broadcast got fit one order of the items? Items are unique
 * numbers. All readers agree on the order; a reader's sequence is a contiguous part of it.
 */

/**
 * What is wrong, in words, or undefined. `whole`: what a reader got who was there from the first
 * item to the last; `part`: what another one got. From the item where it joined on it owes all; it
 * may have left before the last.
 */
export function checkPart(whole: readonly number[], part: readonly number[]): string | undefined {
  if (part.length === 0) return undefined;
  const from = whole.indexOf(part[0]!);
  if (from < 0) return `${part[0]} was never written`;
  for (let i = 1; i < part.length; i++) {
    if (part[i] === whole[from + i]) continue;
    return `after ${part[i - 1]} came ${part[i]}, for others ${whole[from + i] ?? "the end"}`;
  }
  return undefined;
}

/** A write of one item, and when: on the same clock as the join. */
export interface Write {
  readonly value: number;
  readonly called: number;
  readonly returned: number;
}

/**
 * What is wrong, in words, or undefined, with `first` as the first item of a reader whose join was
 * called and returned at these times: what was written before is not its, what is written after is.
 * undefined: it read to the end and got none. `writes` is in the order of the items.
 */
export function checkJoin(
  writes: readonly Write[],
  joined: { readonly called: number; readonly returned: number },
  first: number | undefined,
): string | undefined {
  const owed = writes.findIndex(({ called }) => called > joined.returned);
  if (first === undefined) {
    return owed < 0 ? undefined : `it got nothing, not ${writes[owed]!.value}`;
  }
  const at = writes.findIndex(({ value }) => value === first);
  if (at < 0) return `${first} was never written`;
  if (writes[at]!.returned < joined.called) return `${first} was written before it joined`;
  if (owed < 0 || at <= owed) return undefined;
  return `its first item was ${first}, after ${
    writes[owed]!.value
  }, which was begun after the join`;
}
