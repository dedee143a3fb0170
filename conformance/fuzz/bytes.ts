/**
 * Bytes that are nearly right: good ones, changed in a few places. Each change is a value of its own,
 * so that what does harm is shrunk to the changes that matter. (Source: the mutations of AFL,
 * Zalewski, without its coverage, which the three runtimes do not offer alike.)
 */
import fc from "fast-check";

/** Places are fractions of the length, which changes; sizes are bytes. */
type Change =
  | { readonly do: "flip"; readonly at: number; readonly bit: number }
  | { readonly do: "set"; readonly at: number; readonly to: readonly number[] }
  | { readonly do: "insert"; readonly at: number; readonly what: readonly number[] }
  | { readonly do: "remove"; readonly at: number; readonly count: number }
  | { readonly do: "repeat"; readonly at: number; readonly count: number }
  | { readonly do: "cut"; readonly at: number };

const place = fc.double({ min: 0, max: 1, noNaN: true });
const byte = fc.nat(255);
/** Numbers at which lengths and counts go wrong, as they lie in memory. */
const edges = [0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 30, 2 ** 16, 127, 125, 126]
  .map((number) => [...new Uint8Array(Uint32Array.of(number).buffer)]);

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ do: fc.constant("flip" as const), at: place, bit: fc.nat(7) }),
  fc.record({ do: fc.constant("set" as const), at: place, to: fc.constantFrom(...edges) }),
  fc.record({
    do: fc.constant("insert" as const),
    at: place,
    what: fc.array(byte, { minLength: 1, maxLength: 16 }),
  }),
  fc.record({
    do: fc.constant("remove" as const),
    at: place,
    count: fc.integer({ min: 1, max: 16 }),
  }),
  fc.record({
    do: fc.constant("repeat" as const),
    at: place,
    count: fc.integer({ min: 1, max: 64 }),
  }),
  fc.record({ do: fc.constant("cut" as const), at: place }),
);

/** One of `good`, changed up to `most` times; in hexadecimal, as JSON has no bytes. */
export function nearly(good: readonly Uint8Array[], most = 6): fc.Arbitrary<string> {
  return fc.tuple(fc.constantFrom(...good), fc.array(change, { maxLength: most }))
    .map(([bytes, changes]) => toHex(changes.reduce(changed, [...bytes])));
}

function changed(bytes: readonly number[], change: Change): number[] {
  const at = Math.floor(change.at * bytes.length);
  const before = bytes.slice(0, at), after = bytes.slice(at);
  switch (change.do) {
    case "flip":
      return after.length === 0
        ? before
        : [...before, after[0]! ^ (1 << change.bit), ...after.slice(1)];
    case "set":
      return [...before, ...change.to, ...after.slice(change.to.length)];
    case "insert":
      return [...before, ...change.what, ...after];
    case "remove":
      return [...before, ...after.slice(change.count)];
    case "repeat":
      return [...before, ...after.slice(0, change.count), ...after];
    case "cut":
      return before;
  }
}

export function toHex(bytes: ArrayLike<number>): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (digits) => parseInt(digits, 16));
}
