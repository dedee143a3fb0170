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
  assertEquals(await names({ adapters: ["bare_loop", "spsc"] }), ["spsc", "bare_loop"]);
  assertEquals(await names({ adapters: ["bare_loop"] }), ["bare_loop"]);
  assertEquals(await names({ families: ["channel"] }), ["bounded", "message_channel"]);
  const all = await names({});
  for (const name of ["bounded", "spsc", "ringbuf_js", "bare_loop", "message_channel"]) {
    assertEquals(all.filter((one) => one === name).length, 1, name);
  }
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
  const entrants = await selectEntrants({ adapters: ["playback", "spsc"] });
  const of = (name: string) => entrants.find((entrant) => entrant.name === name)!;
  const work = (name: string) => cases.find((one) => one.name === name)!;
  assertEquals(typeof of("playback").unfit(work("latency")), "string");
  assertEquals(of("playback").unfit(work("throughput")), undefined);
  assertEquals(of("spsc").unfit(work("latency")), undefined);
});
