/** When a count that is known in part only was surely high enough: the times of it, as spans. */

/** Open at both ends: nothing is said of `from` and `to` themselves. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * The longest spans in which `start`, plus the `ups` that were before, minus the `downs`, is `least`
 * or more; in their order. Both lists are sorted by it. Of an up and a down at one time the down may
 * have been first.
 */
export function spansOf(
  start: number,
  ups: Float64Array,
  downs: Float64Array,
  least: number,
): Span[] {
  ups.sort();
  downs.sort();
  const spans: Span[] = [];
  let count = start, from = count >= least ? -Infinity : NaN;
  for (let up = 0, down = 0; up < ups.length || down < downs.length;) {
    const rises = down === downs.length || ups[up]! < downs[down]!;
    const time = rises ? ups[up++]! : downs[down++]!;
    count += rises ? 1 : -1;
    if (rises && count === least) from = time;
    else if (!rises && count === least - 1) {
      if (from < time) spans.push({ from, to: time });
      from = NaN;
    }
  }
  if (from < Infinity) spans.push({ from, to: Infinity });
  return spans;
}

/** The first of `calls` that lies wholly within one of the spans. */
export function within<C extends { readonly called: number; readonly returned: number }>(
  calls: readonly C[],
  spans: readonly Span[],
): C | undefined {
  return calls.find(({ called, returned }) => {
    const span = spans[lastBefore(spans, called)];
    return span !== undefined && returned < span.to;
  });
}

/** The last span that begins before `time`, or −1. */
function lastBefore(spans: readonly Span[], time: number): number {
  let low = 0, high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle]!.from < time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
