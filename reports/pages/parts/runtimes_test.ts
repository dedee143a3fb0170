import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { sampleEnvironment } from "../sample/environment.ts";
import { listed, runtimeColumns } from "./runtimes.ts";

test("columns are those of the environment, and whatever else the results name", () => {
  const columns = runtimeColumns(sampleEnvironment, ["node", "bun@1.2.0"]);
  assertEquals(columns.map(({ id }) => id), ["deno", "bun", "node", "bun@1.2.0"]);
  assertEquals(columns.map(({ label }) => label), ["Deno", "Bun", "Node", "Bun 1.2.0"]);
  assertEquals(columns.map(({ letter }) => letter), ["D", "B1", "N", "B2"]);
  assertEquals(columns.map(({ shade }) => shade), [0, 0, 0, 1]);
});

test("words are listed as in a sentence", () => {
  assertEquals(listed([]), "");
  assertEquals(listed(["Bun"]), "Bun");
  assertEquals(listed(["Deno", "Bun", "Node"]), "Deno, Bun and Node");
});
