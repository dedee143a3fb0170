import { test } from "node:test";
import { assertEquals, assertMatch } from "@std/assert";
import { duration, Progress } from "./progress.ts";

function screen(isTTY: boolean, columns = 60) {
  const written: string[] = [];
  return { isTTY, columns, written, write: (text: string) => written.push(text) };
}

test("on a terminal, each step draws a bar that fits, and the end takes it away", () => {
  const terminal = screen(true);
  const progress = new Progress(4, "bench", terminal);
  progress.step("spsc on bun");
  progress.say("a line above");
  progress.step("x".repeat(100));
  progress.end();
  const [first, said, second, last] = terminal.written.map(visible);
  assertMatch(first!, /^bench ━{20} 1\/4(, .+ left)? spsc on bun$/);
  assertEquals(said, `a line above\n${first}`);
  assertMatch(second!, /^bench ━{20} 2\/4/);
  assertEquals(second!.length < 60, true);
  assertEquals(last, "");
});

test("elsewhere, a step so soon after another says nothing, and a line is a line", () => {
  const file = screen(false);
  const progress = new Progress(2, "bench", file);
  progress.step("one");
  progress.say("a line");
  progress.end();
  assertEquals(file.written, ["a line\n"]);
});

test("durations are short to read", () => {
  const texts = [0, 850, 999.6, 12_400, 59_600, 200_000, 7_500_000].map(duration);
  assertEquals(texts, ["0 ms", "850 ms", "1 s", "12 s", "1 min 00 s", "3 min 20 s", "2 h 05 min"]);
});

function visible(text: string): string {
  // deno-lint-ignore no-control-regex -- the sequences that move the cursor and colour are of them
  return text.replaceAll(/\r|\x1b\[\d*[A-Za-z]/g, "");
}
