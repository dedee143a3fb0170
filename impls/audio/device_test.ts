import { test } from "node:test";
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { RingError } from "../errors.ts";
import { parseDevice } from "./device.ts";

test("a device URI gives rate and period, each with its default", () => {
  assertEquals(parseDevice(undefined), { rate: 48_000, period: 128 });
  assertEquals(parseDevice("clock:"), { rate: 48_000, period: 128 });
  assertEquals(parseDevice("clock:?"), { rate: 48_000, period: 128 });
  assertEquals(parseDevice("clock:?period=1"), { rate: 48_000, period: 1 });
  assertEquals(parseDevice("clock:?rate=768000&period=65536"), { rate: 768_000, period: 65_536 });
  assertEquals(parseDevice("virtual:"), { rate: 0, period: 0 });
});

test("a URI that is not right is refused, and what is wrong in it is named", () => {
  const wrong: [uri: string, value: unknown, named: string][] = [
    ["", "", '""'],
    ["clock", "clock", '"clock"'],
    ["clock:x", "clock:x", '"clock:x"'],
    ["clock://host", "clock://host", '"clock://host"'],
    ["alsa:?rate=1", "alsa:?rate=1", '"alsa:?rate=1"'],
    ["clock:?Rate=1", "Rate", '"Rate"'],
    ["clock:?toString=1", "toString", '"toString"'],
    ["virtual:?rate=48000", "rate", '"rate"'],
    ["clock:?rate=0", "0", "rate"],
    ["clock:?rate=768001", "768001", "rate"],
    ["clock:?rate=4.8e4", "4.8e4", "rate"],
    ["clock:?rate=-1", "-1", "rate"],
    ["clock:?rate=", "", "rate"],
    [`clock:?rate=${"9".repeat(50)}`, "9".repeat(50), "rate"],
    ["clock:?period=65537", "65537", "period"],
    ["clock:?period=NaN", "NaN", "period"],
    ["clock:?rate=1&rate=2", "clock:?rate=1&rate=2", "rate is given twice"],
  ];
  for (const [uri, value, named] of wrong) {
    const error = assertThrows(() => parseDevice(uri), RingError);
    assertEquals([error.code, error.value], ["RING_INVALID", value], uri);
    assertStringIncludes(error.message, named);
  }
});
