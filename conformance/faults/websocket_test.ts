import { test } from "node:test";
import { assertEquals, assertRejects } from "@std/assert";
import type { Adapter, Handle, Reader, Ring, Writer } from "../../impls/contract.ts";
import { RingError } from "../../impls/errors.ts";
import { loadAdapter } from "../../impls/load.ts";
import { openProxy, type Proxy, type ProxyOptions } from "./proxy.ts";

const adapter = await loadAdapter("websocket") as Adapter<number>;

test("10,000 items pass in order through pieces of any size, both ways", async () => {
  for (const chunk of [{ min: 1, max: 64 }, { min: 1000, max: 60000 }]) {
    await using line = await Line.open({ capacity: 256, chunk, coalesceMs: 1 });
    const writer = await line.far.writer(), reader = await line.far.reader();
    const writing = writeAll(writer, 10_000);
    assertEquals(await readAll(reader, 10_000), numbers(1, 10_000));
    await writing;
  }
});

test("items pass byte by byte", async () => {
  await using line = await Line.open({ capacity: 16, chunk: { min: 1, max: 1 } });
  const writer = await line.near.writer(), reader = await line.far.reader();
  const writing = writeAll(writer, 200);
  assertEquals(await readAll(reader, 200), numbers(1, 200));
  await writing;
});

test("a reader whose connection is cut: RING_LOST, and the next goes on where it stopped", async () => {
  await using line = await Line.open({ capacity: 64, chunk: { min: 1, max: 512 } });
  const writer = await line.near.writer();
  const writing = writeAll(writer, 1000);
  let next = 1;
  for (let cuts = 0; cuts < 5; cuts++) {
    const far = await line.attach();
    const reader = await far.reader();
    const got = await readAll(reader, 100);
    line.proxy.cut(); // before it can report what it read
    for (let lost = false; !lost;) {
      const into = [0];
      lost = await reader.read(into).then(() => false, (error) => error.code === "RING_LOST");
      if (!lost) got.push(into[0]!);
    }
    assertEquals(got, numbers(next, got.length));
    next += got.length;
    await far[Symbol.asyncDispose]();
  }
  const rest = 1000 - next + 1;
  assertEquals(await readAll(await line.near.reader(), rest), numbers(next, rest));
  await writing;
});

test("a writer whose connection is cut: RING_LOST, its slot is free, what arrived is there", async () => {
  await using line = await Line.open({ capacity: 8, chunk: { min: 1, max: 512 } });
  const writer = await line.far.writer(), reader = await line.near.reader();
  await writer.write([1, 2, 3]);
  assertEquals(await readAll(reader, 3), [1, 2, 3]);
  const writing = writer.write(numbers(4, 100));
  line.proxy.cut();
  assertEquals((await assertRejects(() => writing, RingError)).code, "RING_LOST");
  await line.far[Symbol.asyncDispose]();
  const arrived: number[] = [];
  const next = await line.near.writer();
  const marking = next.write([-1]);
  while (arrived.at(-1) !== -1) arrived.push(...await readAll(reader, 1));
  assertEquals(arrived, [...numbers(4, arrived.length - 1), -1]);
  await marking;
});

test("a ring that is disposed: what was sent ahead, then RING_LOST", async () => {
  await using line = await Line.open({ capacity: 4, chunk: { min: 60000, max: 60000 } });
  const writer = await line.near.writer(), reader = await line.far.reader();
  await writer.write([1, 2, 3]);
  assertEquals(await readAll(reader, 1), [1]);
  await line.near[Symbol.asyncDispose]();
  await assertRejects(() => line.far.writer(), RingError, "RING_LOST"); // known from here on
  assertEquals(await readAll(reader, 2), [2, 3]);
  await assertRejects(() => reader.read([0]), RingError, "RING_LOST");
});

const numbers = (first: number, length: number) => Array.from({ length }, (_, i) => first + i);

async function writeAll(writer: Writer<number>, count: number): Promise<void> {
  for (let next = 1; next <= count; next += 100) await writer.write(numbers(next, 100));
}

async function readAll(reader: Reader<number>, count: number): Promise<number[]> {
  const into = new Int32Array(count);
  for (let at = 0; at < count;) at += await reader.read(into.subarray(at));
  return [...into];
}

/** A ring of which `near` is held directly and `far` through a proxy. */
class Line implements AsyncDisposable {
  readonly near: Ring<number>;
  readonly far: Ring<number>;
  readonly proxy: Proxy;
  readonly attach: () => Promise<Ring<number>>;

  static async open(
    { capacity, ...pieces }: { capacity: number } & Pick<ProxyOptions, "chunk" | "coalesceMs">,
  ): Promise<Line> {
    const near = await adapter.open({ capacity });
    const { adapter: name, at: uri } = near.handle as Handle;
    const at = uri as string;
    const { hostname: host, port } = new URL(at);
    const proxy = await openProxy({ target: { host, port: Number(port) }, seed: 7, ...pieces });
    const handle = { adapter: name, at: at.replace(`:${port}/`, `:${proxy.port}/`) };
    const attach = () => adapter.attach(handle);
    return new Line(near, await attach(), proxy, attach);
  }

  private constructor(
    near: Ring<number>,
    far: Ring<number>,
    proxy: Proxy,
    attach: () => Promise<Ring<number>>,
  ) {
    this.near = near;
    this.far = far;
    this.proxy = proxy;
    this.attach = attach;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.far[Symbol.asyncDispose]();
    await this.near[Symbol.asyncDispose]();
    await this.proxy.close();
  }
}
