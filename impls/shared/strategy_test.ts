import { execFile } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { setImmediate } from "node:timers";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { assert, assertEquals, assertLess, assertRejects, assertThrows } from "@std/assert";
import type { WaitStrategy } from "../contract.ts";
import { RingError } from "../errors.ts";
import { runtimeName } from "./runtime.ts";
import { waitingBy } from "./strategy.ts";
import { BACK, type Echo, RETURNED, SENT, THERE, WORDS } from "./strategy_fixture.ts";
import { EVENT_COUNT_WORDS, EventCount } from "./waiting.ts";

const strategies: readonly WaitStrategy[] = ["spin", "yield", "park", "spin-then-park"];

function made(strategy: WaitStrategy) {
  const words = new Int32Array(new SharedArrayBuffer(4 * EVENT_COUNT_WORDS));
  const count = new EventCount(words, 0);
  return { words, count, waiting: waitingBy(strategy, count) };
}

for (const strategy of strategies) {
  test(`${strategy}: what is there already is not waited for`, async () => {
    const { waiting } = made(strategy);
    let looks = 0;
    const ready = () => (looks++, true);
    assertEquals(waiting.waitSync(ready, 0, "read"), true);
    await waiting.wait(ready, { timeout: 0 }, "read");
    assertEquals(looks, 2);
  });

  test(`${strategy}: a timeout is never early, and leaves no sleeper`, async () => {
    const { waiting, words } = made(strategy);
    for (const timeout of [0, 0.02, 1, 7]) {
      let begun = performance.now();
      assertEquals(waiting.waitSync(() => false, timeout, "read"), false);
      assert(performance.now() - begun >= timeout);
      begun = performance.now();
      const error = await assertRejects(() => waiting.wait(() => false, { timeout }, "read"));
      assertEquals((error as Error).name, "TimeoutError");
      assert(performance.now() - begun >= timeout);
    }
    assertEquals(Atomics.load(words, 1), 0);
    for (const timeout of [-1, NaN]) {
      assertThrows(() => waiting.waitSync(() => false, timeout, "read"), RingError, "RING_INVALID");
      const waited = () => waiting.wait(() => false, { timeout }, "read");
      await assertRejects(waited, RingError, "RING_INVALID");
    }
  });

  test(`${strategy}: an abort ends the wait with its reason, before it and during it`, async () => {
    const { waiting, words } = made(strategy);
    const enough = new Error("enough");
    let looks = 0;
    const never = () => (looks++, false);
    const aborted = { signal: AbortSignal.abort(enough) };
    assertEquals(await assertRejects(() => waiting.wait(never, aborted, "read")), enough);
    assertEquals(looks, 0);
    const controller = new AbortController();
    const waited = waiting.wait(never, { signal: controller.signal }, "read");
    setImmediate(() => controller.abort(enough));
    assertEquals(await assertRejects(() => waited), enough);
    assertEquals(Atomics.load(words, 1), 0);
  });

  test(`${strategy}: on an event loop others run meanwhile, and bring about what is waited for`, async () => {
    const { waiting, count } = made(strategy);
    for (let round = 0; round < 20; round++) {
      let there = false;
      const waited = waiting.wait(() => there, undefined, "read");
      setImmediate(() => {
        there = true;
        count.wake();
      });
      await waited;
      assert(there);
    }
  });

  test(
    `${strategy}: a thread that waits goes on when another wakes it`,
    { timeout: 30_000 },
    async () => {
      const words = new Int32Array(new SharedArrayBuffer(4 * WORDS)), rounds = 100;
      const worker = new Worker(new URL("./strategy_fixture.ts", import.meta.url), {
        workerData: { words, strategy, rounds } satisfies Echo,
      });
      const done = once(worker, "message");
      const there = new EventCount(words, THERE);
      const back = waitingBy(strategy, new EventCount(words, BACK));
      for (let round = 1; round <= rounds; round++) {
        Atomics.store(words, SENT, round);
        there.wake();
        await back.wait(() => Atomics.load(words, RETURNED) === round, undefined, "read");
      }
      await done;
    },
  );
}

test(
  "a thread that is parked takes less than a hundredth of a processor",
  { timeout: 60_000 },
  async () => {
    for (const strategy of ["park", "spin-then-park"] as const) {
      assertLess(await idleMs(strategy), 10, `milliseconds in a second, by ${strategy}`);
    }
  },
);

/** Processor time of a process in which nothing happens for a second but that a thread waits. */
async function idleMs(strategy: WaitStrategy): Promise<number> {
  const module = fileURLToPath(new URL("./strategy_fixture.ts", import.meta.url));
  const flags = { deno: ["run", "-A", "--no-check"], bun: [], node: [] }[runtimeName];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, module, strategy]);
  return Number(stdout);
}
