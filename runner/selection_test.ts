import { test } from "node:test";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { UsageError } from "./command.ts";
import { selectAdapters } from "./selection.ts";

const names = async (values: Parameters<typeof selectAdapters>[0], peers = false) =>
  (await selectAdapters(values, { peers })).map(({ name }) => name);

test("without a wish all rings are selected, peers where they are wanted", async () => {
  const rings = await names({}), all = await names({}, true);
  assert(rings.includes("spsc") && !rings.includes("ringbuf_js"));
  assert(all.includes("ringbuf_js") && all.length > rings.length);
});

test("names and families add up, and a peer that is named is selected", async () => {
  assertEquals(await names({ adapters: ["spsc", "ringbuf_js"] }), ["spsc", "ringbuf_js"]);
  assertEquals(await names({ adapters: ["bounded"], families: ["locking"] }), [
    "bounded",
    "async_mutex",
    "futex_ring",
  ]);
});

test("what does not exist is refused by name, with the nearest that does", async () => {
  await assertRejects(() => names({ adapters: ["spcs"] }), UsageError, "spsc");
  await assertRejects(() => names({ adapter: ["./none.ts"] }), UsageError, "./none.ts");
  await assertRejects(() => names({ adapter: ["no-such-package"] }), UsageError, "neither a file");
});
