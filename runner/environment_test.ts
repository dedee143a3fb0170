import { test } from "node:test";
import { assertEquals, assertMatch } from "@std/assert";
import { environment } from "../reports/schema.ts";
import { captureEnvironment } from "./environment.ts";
import { self } from "./runtime/probe.ts";

test("the environment is what the schema of results asks for", async () => {
  const captured = await captureEnvironment({
    runtimes: [{ id: `${self.name}@${self.version}`, ...self }],
    seed: 5,
    profile: "quick",
  });
  assertEquals(environment.parse(captured), captured);
  assertMatch(captured.commit, /^([0-9a-f]{12}\+?|unknown)$/);
  assertEquals(Date.parse(captured.date) <= Date.now(), true);
  const { version, engine, name } = self;
  const runtime = `${name}@${version}`;
  assertEquals(captured.runtimes, [{ runtime, name, version, engine }]);
});
