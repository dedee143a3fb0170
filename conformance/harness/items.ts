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

export function codecFor({ items }: Capabilities): Codec {
  switch (items) {
    case "any":
      return ofElements((count) => new Array(count).fill(undefined));
    case "int32":
      return ofElements((count) => new Int32Array(count));
    case "float32":
      return ofElements((count) => new Float32Array(count));
    case "bytes":
      return ofBytes;
  }
}

function ofElements(buffer: (count: number) => Slots<unknown>): Codec {
  return {
    width: 1,
    buffer,
    encode(values) {
      const items = buffer(values.length);
      for (let i = 0; i < values.length; i++) items[i] = values[i];
      return items;
    },
    decode: (items, count) => Array.from({ length: count }, (_, i) => items[i] as number),
  };
}

/** Four bytes a number, the lowest first. */
const ofBytes: Codec = {
  width: 4,
  buffer: (count) => new Uint8Array(4 * count),
  encode(values) {
    const bytes = new Uint8Array(4 * values.length);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < values.length; i++) view.setUint32(4 * i, values[i]!, true);
    return bytes;
  },
  decode(items, count) {
    const bytes = new Uint8Array(4 * count);
    for (let i = 0; i < bytes.length; i++) bytes[i] = items[i] as number;
    const view = new DataView(bytes.buffer);
    return Array.from({ length: count }, (_, i) => view.getUint32(4 * i, true));
  },
};
