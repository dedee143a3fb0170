import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { registry } from "../../impls/registry.ts";
import { naturals } from "./all.ts";

test("whichever ring has push() and pop(), or send() and receive(), is measured by them", async () => {
  const found: string[] = [];
  for (const [name, { peer, load }] of Object.entries(registry)) {
    const { capabilities: { flow, overflow, reach }, open } = await load();
    const measured = !peer && flow === "loop" && overflow === "wait" && reach !== "network";
    if (!measured) continue;
    const ring = await open({ capacity: 64 });
    const [writer, reader] = [await ring.writer(), await ring.reader()];
    if ("push" in writer && "pop" in reader) found.push(`${name}:push`);
    if ("send" in ring && "receive" in ring) found.push(`${name}:send`);
    await ring[Symbol.asyncDispose]();
  }
  const listed = naturals.map(({ name }) => name).filter((name) => /:(push|send)$/.test(name));
  assertEquals(found.toSorted(), listed.toSorted());
});
