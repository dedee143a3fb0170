import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { assertEquals, assertThrows } from "@std/assert";
import { RingError } from "../../errors.ts";
import { runtimeName } from "../../shared/runtime.ts";
import { numbers, refused, take } from "./testing.ts";
import { attachWebSocket, openWebSocket } from "../websocket.ts";

test("another process writes 10,000 items, which arrive in order", async () => {
  await using ring = await openWebSocket({ capacity: 64 });
  const reader = await ring.reader();
  using child = new Child("write", JSON.stringify(ring.handle), "10000", "7");
  assertEquals(await take(reader, 10_000), numbers(1, 10_000));
  assertEquals(await child.exitCode, 0);
});

test("a writer's process dies: its slot is free, and what arrived is there", async () => {
  await using ring = await openWebSocket({ capacity: 10 });
  const reader = await ring.reader();
  using child = new Child("write", JSON.stringify(ring.handle), "1000", "1");
  assertEquals(await take(reader, 100), numbers(1, 100));
  child.kill();
  await child.exitCode;
  const writing = (await ring.writer()).write([-1]);
  let last = 100;
  for (let item = 0; (item = (await take(reader, 1))[0]!) !== -1;) assertEquals(item, ++last);
  await writing;
});

test("the process that serves a ring dies: what was sent ahead, then RING_LOST", async () => {
  using child = new Child("serve", "5");
  await using ring = await attachWebSocket(JSON.parse(await child.firstLine()));
  const reader = await ring.reader();
  assertEquals(await take(reader, 2), [1, 2]);
  await refused(() => ring.writer(), "RING_BUSY");
  child.kill();
  await child.exitCode;
  await refused(() => ring.close(), "RING_LOST"); // which is known from here on
  await refused(() => ring.writer(), "RING_LOST");
  assertEquals(await take(reader, 3), [3, 4, 5]);
  await refused(() => reader.read([0]), "RING_LOST");
  assertThrows(() => reader.tryRead([0]), RingError, "RING_LOST");
  await refused(() => attachWebSocket(ring.handle), "RING_LOST");
});

test("nothing keeps a process alive that has disposed of its ring", async () => {
  using child = new Child("dispose");
  assertEquals(await child.exitCode, 0);
});

/** peer_process.ts in a process of the same runtime. */
class Child implements Disposable {
  readonly exitCode: Promise<number | null>;
  readonly #process: ChildProcess;

  constructor(...args: string[]) {
    const script = fileURLToPath(new URL("./peer_process.ts", import.meta.url));
    const flags = { deno: ["run", "-A"], bun: [], node: [] }[runtimeName];
    this.#process = spawn(process.execPath, [...flags, script, ...args], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.exitCode = new Promise((resolve) => this.#process.once("exit", resolve));
  }

  kill(): void {
    this.#process.kill("SIGKILL");
  }

  async firstLine(): Promise<string> {
    let text = "";
    for await (const part of this.#process.stdout!) {
      text += part;
      if (text.includes("\n")) break;
    }
    return text;
  }

  [Symbol.dispose](): void {
    this.kill();
  }
}
