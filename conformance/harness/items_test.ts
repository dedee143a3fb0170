import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { codecFor, LARGEST } from "./items.ts";

const kinds = ["any", "int32", "float32", "bytes", "records"] as const;
const values = [0, 1, 255, 256, 70_000, LARGEST];

test("numbers come out of each kind of item as they went in", () => {
  for (const items of kinds) {
    const codec = codecFor({ items });
    const encoded = codec.encode(values);
    assertEquals(encoded.length, values.length * codec.width, items);
    assertEquals(codec.buffer(3).length, 3 * codec.width, items);
    assertEquals(codec.decode(encoded, values.length), values, items);
    assertEquals(codec.decode(encoded, 2), [0, 1], items);
  }
});

test("an item of many elements that is torn is no number", () => {
  for (const [items, width] of [["int32", 5], ["float32", 2], ["bytes", 9], ["any", 3]] as const) {
    const codec = codecFor({ items }, width);
    const encoded = codec.encode(values);
    assertEquals(codec.decode(encoded, values.length), values);
    encoded[2 * width - 1] = 77;
    assertEquals(codec.decode(encoded, 3), [0, NaN, 255], items);
  }
});

test("a record of another length is no number", () => {
  const codec = codecFor({ items: "records" });
  assertEquals(codec.decode([new Uint8Array(3), new Uint8Array([1, 0, 0, 0])], 2), [NaN, 1]);
});
