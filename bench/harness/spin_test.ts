import { test } from "node:test";
import { assertThrows } from "@std/assert";
import { Mismatch } from "./numbering.ts";
import { Spin } from "./spin.ts";

test("a partner that never comes ends the spinning, and where it stopped is said", () => {
  const spin = new Spin(20);
  for (let i = 0; i < 20_000; i++) spin.idle(i); // as long as there is progress, there is patience
  assertThrows(
    () => {
      for (;;) spin.idle(20_000);
    },
    Mismatch,
    "nothing came after item 20000 for 20 ms",
  );
});
