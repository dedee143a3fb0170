import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { assertEquals, assertRejects } from "@std/assert";
import { UsageError } from "../runner/command.ts";
import { inScratchFolder } from "../runner/scratch.ts";
import { cases } from "./cases/all.ts";
import { selectEntrants } from "./entrants.ts";

const names = async (values: Parameters<typeof selectEntrants>[0]) =>
  (await selectEntrants(values)).map(({ name }) => name);

test("rings, peers and references are chosen by the same names and families", async () => {
  const both = await names({ adapters: ["bare_loop", "futex_ring"] });
  assertEquals(both, ["futex_ring", "bare_loop"]);
  assertEquals(await names({ adapters: ["bare_loop"] }), ["bare_loop"]);
  const channels = await names({ families: ["channel"] });
  for (const name of ["bounded", "message_channel"]) assertEquals(channels.includes(name), true);
  assertEquals(channels.includes("spsc"), false);
  const all = await names({});
  for (const name of ["bounded", "spsc", "ringbuf_js", "bare_loop", "message_channel"]) {
    assertEquals(all.filter((one) => one === name).length, 1, name);
  }
});

test("a ring comes with its natural API, which can be had alone", async () => {
  assertEquals(await names({ adapters: ["spsc"] }), ["spsc", "spsc:push"]);
  assertEquals(await names({ adapters: ["spsc:push"] }), ["spsc:push"]);
});

test("a name that there is not is refused with the nearest, be it a reference's", async () => {
  await assertRejects(() => names({ adapters: ["spcs"] }), UsageError, "did you mean spsc?");
  const misspelt = () => names({ adapters: ["bare_lop"] });
  await assertRejects(misspelt, UsageError, "did you mean bare_loop?");
});

test("two adapters of one name are refused", () =>
  inScratchFolder(async (folder) => {
    const source = new URL("../impls/channel/bounded.ts", import.meta.url).href;
    const text = `import { adapter } from ${JSON.stringify(source)};
      export default { ...adapter, name: "mine" };`;
    const adapter = ["one.mjs", "two.mjs"].map((file) => join(folder, file));
    for (const path of adapter) await writeFile(path, text);
    await assertRejects(() => names({ adapter }), UsageError, "two adapters are called mine");
    assertEquals(await names({ adapter: adapter.slice(1) }), ["mine"]);
  }));

test("a case that says nothing about a ring is told why", async () => {
  const entrants = await selectEntrants({ adapters: ["playback", "spsc", "bounded"] });
  const unfit = (name: string, work: string) => {
    const found = cases.find((one) => one.name === work)!;
    const { unfit } = entrants.find((entrant) => entrant.name === name)!;
    return found.params.map((params) => typeof unfit(found, params));
  };
  assertEquals(unfit("playback", "latency"), ["string"]);
  assertEquals(unfit("playback", "throughput"), ["undefined", "undefined", "string"]);
  assertEquals(unfit("spsc", "latency"), ["undefined"]);
  assertEquals(unfit("spsc", "topology"), ["string", "string", "string", "string"]);
  assertEquals(unfit("bounded", "awaited"), ["undefined"]);
  assertEquals(unfit("bounded:send", "throughput"), ["string", "string", "string"]);
});
