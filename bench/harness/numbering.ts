/** Numbered items: what stands in the n-th item of a stream, and what is wrong with what came. */
import type { Capabilities, Slots } from "../../impls/contract.ts";

/** The stream that came is not the stream that was sent: the cell is invalid, however fast. */
export class Mismatch extends Error {
  override readonly name = "Mismatch";
}

export interface Numbering {
  /** Item n holds `n & mask`: as many bits as this kind of item carries exactly. */
  readonly mask: number;
  readonly buffer: (length: number) => Slots<number>;
}

const FLOAT32_BITS = 24, BYTE_BITS = 8;

export function numbering(items: Capabilities["items"]): Numbering {
  switch (items) {
    case "int32":
      return { mask: -1, buffer: (length) => new Int32Array(length) };
    case "float32":
      return { mask: 2 ** FLOAT32_BITS - 1, buffer: (length) => new Float32Array(length) };
    case "bytes":
      return { mask: 2 ** BYTE_BITS - 1, buffer: (length) => new Uint8Array(length) };
    case "records":
      throw new Error("records are not numbers"); // and no case takes them
    case "any":
      return { mask: -1, buffer: (length) => new Array<number>(length).fill(0) };
  }
}

// These two run within every measurement. V8 is twice as fast with the length in a variable.

/** Numbers all of `items`, from `first` on, and returns their sum (int32). */
export function fill(items: Slots<number>, first: number, mask: number): number {
  const { length } = items;
  let sum = 0;
  for (let i = 0; i < length; i++) {
    const value = (first + i) & mask;
    items[i] = value;
    sum = (sum + value) | 0;
  }
  return sum;
}

/** The sum (int32) of the first `count`, or Mismatch unless they are numbered from `first` on. */
export function check(items: Slots<number>, count: number, first: number, mask: number): number {
  let sum = 0, i = 0;
  for (; i < count; i++) {
    const value = items[i]!;
    // Compared as they are: 7.5 is not 7.
    if (value !== ((first + i) & mask)) break;
    sum = (sum + value) | 0;
  }
  if (i === count) return sum;
  const expected = (first + i) & mask;
  throw new Mismatch(`item ${(first + i) >>> 0} should hold ${expected}, holds ${items[i]}`);
}
