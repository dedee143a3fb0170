/** The process at the far end is killed, at moments that follow from a seed. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { RingError } from "../../impls/errors.ts";
import { attachWebSocket } from "../../impls/network/websocket.ts";
import { invocation, thisRuntime } from "../../runner/runtimes.ts";
import { seeded } from "../random.ts";

/** The server's, four of which it may be silent before it counts as gone. */
const BEAT_MS = 5000;

test("the process that serves a ring is killed: a prefix of the items, then RING_LOST within the beats", async () => {
  const random = seeded(1);
  for (let kills = 0; kills < 3; kills++) {
    const { child, handle } = await serving();
    await using ring = await attachWebSocket(handle);
    const reader = await ring.reader();
    const into = new Int32Array(32);
    let last = 0, killedAt = Infinity;
    const killAfter = random.integer(2000);
    const error = await assertRejects(async () => {
      for (;;) {
        const count = await reader.read(into);
        for (const item of into.subarray(0, count)) assertEquals(item, ++last);
        if (last < killAfter || child.killed) continue;
        killedAt = performance.now();
        child.kill("SIGKILL");
      }
    }, RingError);
    assertEquals(error.code, "RING_LOST");
    assert(last >= killAfter && performance.now() - killedAt < 4 * BEAT_MS);
  }
});

async function serving(): Promise<
  { child: ChildProcess; handle: { adapter: string; at: string } }
> {
  const script = new URL("./serving.ts", import.meta.url);
  const { file, args } = invocation(thisRuntime, script, []);
  const child = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: child.stdout! })) {
    return { child, handle: JSON.parse(line) };
  }
  throw new Error("the process that serves a ring ended at once");
}
