import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { fit, oneLine, width, wrap, wrapCommand, wrapItems } from "./text.ts";

test("a line holds nothing that a terminal would act on", () => {
  assertEquals(
    oneLine("\x1b[31mred\x1b[0m\r\n two\u202e\u200b \0three\ud800"),
    "[31mred[0m two three\ufffd",
  );
});

test("width counts columns, not code units", () => {
  assertEquals(width("ring"), 4);
  assertEquals(width("✓✗–?"), 4);
  assertEquals(width("環状"), 4);
  assertEquals(width("e\u0301"), 1);
  assertEquals(width("🎯"), 2);
});

test("fit pads and cuts by width", () => {
  assertEquals(fit("spsc", 6), "spsc  ");
  assertEquals(fit("message_channel", 8), "message…");
  assertEquals(fit("環状緩衝", 6), "環状… ");
});

test("wrap breaks at spaces, and words that are longer than a line", () => {
  assertEquals(wrap("one two  three\nfour", 9), ["one two", "three", "four"]);
  assertEquals(wrap("abcdefgh ij", 3), ["abc", "def", "gh", "ij"]);
  assertEquals(wrap("", 9), []);
});

test("items are kept together", () => {
  assertEquals(wrapItems(["BAT batch, reserve", "WRP wrap", "CLS close"], 20), [
    "BAT batch, reserve",
    "WRP wrap   CLS close",
  ]);
});

test("a wrapped command is still the same command", () => {
  const command = `bun run conformance --adapter './my ring.ts' --rule BAT4 --seed 1`;
  const lines = wrapCommand(command, 34);
  assertEquals(lines, [
    "bun run conformance --adapter \\",
    "  './my ring.ts' --rule BAT4 \\",
    "  --seed 1",
  ]);
  assertEquals(lines.join("\n").replace(/ \\\n +/g, " "), command);
});
