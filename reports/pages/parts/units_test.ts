import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { brief, exact, gibibytes, scaled, span, times } from "./units.ts";

test("rates and times get three digits and a prefix", () => {
  assertEquals(scaled(412_345_678, "items/s"), "412 M items/s");
  assertEquals(scaled(1_234_567_890, "items/s"), "1.23 G items/s");
  assertEquals(scaled(17.4, "items/s"), "17.4 items/s");
  assertEquals(scaled(812, "ns"), "812 ns");
  assertEquals(scaled(8_214, "ns"), "8.21 µs");
  assertEquals(scaled(9_876_543_210, "bytes/s"), "9.88 G bytes/s");
  assertEquals(scaled(0.0234, "bytes/op"), "0.0234 bytes/op");
  assertEquals(scaled(0.0001, "%"), "< 0.001 %");
  assertEquals(scaled(0, "%"), "0 %");
  assertEquals(brief(0.25, "ns"), "0.250 ns");
  assertEquals(brief(2.5e12, "items/s"), "2,500 G");
});

test("rounding up takes the next prefix", () => {
  assertEquals(brief(999_999, "items/s"), "1.00 M");
  assertEquals(brief(999.6, "ns"), "1.00 µs");
});

test("a span names its prefix once where both ends share it", () => {
  assertEquals(span(398e6, 431e6, "items/s"), "398–431 M");
  assertEquals(span(950e3, 1.1e6, "items/s"), "950 k – 1.10 M");
  assertEquals(span(10, 12, "items/s"), "10.0–12.0");
});

test("exact values, ratios and sizes", () => {
  assertEquals(exact(412_345_678.44, "items/s"), "412,345,678.4 items/s");
  assertEquals(times(14.234), "14.2");
  assertEquals(times(4.29), "4.3");
  assertEquals(times(0.7149), "0.71");
  assertEquals(times(1250.4), "1,250");
  assertEquals(times(99.97), "100");
  assertEquals(gibibytes(16_642_998_272), "15.5 GiB");
});
