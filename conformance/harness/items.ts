/** Numbers as items: rules think in whole numbers from 1, each ring in the items that it carries. */
import type { Capabilities, Slots } from "../../impls/contract.ts";

/** Numbers that every kind of item holds exactly: a float32 has 24 bits of them. */
export const LARGEST = 2 ** 24 - 1;

export interface Codec {
  /** Elements an item. */
  readonly width: number;
  /** A buffer for `count` items. */
  buffer(count: number): Slots<unknown>;
  encode(values: ArrayLike<number>): Slots<unknown>;
  /** The first `count` items of a buffer. */
  decode(buffer: Slots<unknown>, count: number): number[];
}

/** `width`: elements an item, 1 by default, and 4 where they are bytes. */
export function codecFor({ items }: Pick<Capabilities, "items">, width?: number): Codec {
  switch (items) {
    case "any":
      return ofElements((count) => new Array(count).fill(undefined), width);
    case "int32":
      return ofElements((count) => new Int32Array(count), width);
    case "float32":
      return ofElements((count) => new Float32Array(count), width);
    case "bytes":
      return ofBytes(width);
    case "records":
      return ofRecords;
  }
}

/** The number in each element of the item: one that is torn shows, and is decoded as NaN. */
function ofElements(elements: (count: number) => Slots<unknown>, width = 1): Codec {
  const decoded = (items: Slots<unknown>, at: number): number => {
    const value = items[at] as number;
    for (let i = 1; i < width; i++) if (items[at + i] !== value) return NaN;
    return value;
  };
  return {
    width,
    buffer: (count) => elements(count * width),
    encode(values) {
      const items = elements(values.length * width);
      for (let i = 0; i < items.length; i++) items[i] = values[Math.floor(i / width)];
      return items;
    },
    decode: (items, count) => Array.from({ length: count }, (_, i) => decoded(items, i * width)),
  };
}

const fourBytes = ofBytes();

/** One record a number, of four bytes, the lowest first. */
const ofRecords: Codec = {
  width: 1,
  buffer: (count) => new Array(count).fill(undefined),
  encode: (values) => Array.from(values, (value) => fourBytes.encode([value])),
  decode: (items, count) =>
    Array.from({ length: count }, (_, i) => {
      const record = items[i] as Uint8Array;
      return record.length === 4 ? fourBytes.decode(record, 1)[0]! : NaN;
    }),
};

/** Four bytes a number, the lowest first; over and over where an item has more. */
function ofBytes(width = 4): Codec {
  const decoded = (items: Slots<unknown>, at: number): number => {
    for (let i = 4; i < width; i++) if (items[at + i] !== items[at + i % 4]) return NaN;
    let value = 0;
    for (let i = 3; i >= 0; i--) value = value * 256 + (items[at + i] as number);
    return value;
  };
  return {
    width,
    buffer: (count) => new Uint8Array(width * count),
    encode(values) {
      const bytes = new Uint8Array(width * values.length);
      for (let i = 0; i < bytes.length; i++) {
        bytes[i] = values[Math.floor(i / width)]! >>> (8 * (i % width % 4));
      }
      return bytes;
    },
    decode: (items, count) => Array.from({ length: count }, (_, i) => decoded(items, i * width)),
  };
}
