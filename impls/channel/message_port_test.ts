import { test } from "node:test";
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { RingError } from "../errors.ts";
import { attachMessagePort, openMessagePort } from "./message_port.ts";
import { Peer } from "./message_port/fixture.ts";

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

test("items of all kinds that can be cloned pass to another thread and back", async () => {
  await using there = await openMessagePort({ capacity: 8 });
  await using peer = new Peer();
  await peer.ask({ act: "attach", handle: there.handle });
  await peer.ask({ act: "reader" });
  const writer = await there.writer();
  const items = [undefined, null, NaN, 2n, "two", [1, [2]], new Map([["a", new Set([1])]])];
  assertEquals(writer.tryWrite(items), items.length);
  assertEquals(await peer.ask({ act: "tryRead", count: 8 }), items);
});

test("an item that cannot be cloned is refused, with nothing accepted", async () => {
  await using ring = await openMessagePort({ capacity: 4 });
  const writer = await ring.writer(), reader = await ring.reader();
  assertThrows(() => writer.tryWrite([1, () => {}, 2]), DOMException);
  assertEquals([writer.stats().moved, reader.tryRead([0, 0])], [0, 0]);
  assertEquals(writer.tryWrite([1, 2, 3, 4, 5]), 4);
});

test("an item is the reader's own copy from tryWrite() on", async () => {
  await using ring = await openMessagePort({ capacity: 4 });
  const writer = await ring.writer();
  const item = { count: 1 };
  writer.tryWrite([item]);
  item.count = 2;
  const reader = await ring.reader();
  const into: unknown[] = [0];
  assertEquals(await reader.read(into), 1);
  assertEquals(into, [{ count: 1 }]);
});

test("two threads that never let their event loops turn pass items to each other", async () => {
  await using ring = await openMessagePort({ capacity: 4 });
  await using writing = new Peer();
  await using reading = new Peer();
  for (const peer of [writing, reading]) await peer.ask({ act: "attach", handle: ring.handle });
  await reading.ask({ act: "reader" });
  await writing.ask({ act: "writer" });
  const read = reading.ask({ act: "spin read", count: 200 });
  assertEquals(await writing.ask({ act: "spin write", items: numbers(200) }), undefined);
  assertEquals(await read, numbers(200));
});

test("both ends wander from thread to thread, and no item is lost, doubled or one too many", async () => {
  await using ring = await openMessagePort({ capacity: 5 });
  await using a = new Peer();
  await using b = new Peer();
  for (const peer of [a, b]) {
    assertEquals(await peer.ask({ act: "attach", handle: ring.handle }), 5);
  }
  let next = 0, due = 0;
  for (let turn = 0; turn < 12; turn++) {
    const [writing, reading] = turn % 2 === 0 ? [a, b] : [b, a];
    // The reader comes before the writer, after it, and with items inside that another has had.
    if (turn % 3 === 0) await reading.ask({ act: "reader" });
    await writing.ask({ act: "writer" });
    if (turn % 3 !== 0) await reading.ask({ act: "reader" });
    const inside = next - due;
    const accepted = await writing.ask({ act: "tryWrite", items: numbers(7).map((i) => next + i) });
    assertEquals(accepted, 5 - inside);
    next += 5 - inside;
    const count = 1 + turn % 4;
    assertEquals(await reading.ask({ act: "tryRead", count }), numbers(count).map((i) => due + i));
    due += count;
    const releases = [
      () => writing.ask({ act: "release writer" }),
      () => reading.ask({ act: "release reader" }),
    ];
    if (turn % 4 < 2) releases.reverse();
    for (const release of releases) await release();
  }
  await ring.close();
  const reader = await ring.reader();
  const into = new Array(8), rest: unknown[] = [];
  while (!reader.done) rest.push(...into.slice(0, await reader.read(into)));
  assertEquals(rest, numbers(next - due).map((i) => due + i));
});

test("an end that another thread has is RING_BUSY, and free when it was given back", async () => {
  await using ring = await openMessagePort({ capacity: 1 });
  await using peer = new Peer();
  await peer.ask({ act: "attach", handle: ring.handle });
  await peer.ask({ act: "writer" });
  assertEquals((await assertRejects(() => ring.writer(), RingError)).code, "RING_BUSY");
  await peer.ask({ act: "dispose" });
  const writer = await ring.writer();
  assertEquals(writer.tryWrite([1]), 1);
});

for (const how of ["exit", "terminate"] as const) {
  test(`a reader whose thread ends (${how}) is told of, and another gets what it had not read`, async () => {
    await using ring = await openMessagePort({ capacity: 3 });
    const peer = new Peer();
    await peer.ask({ act: "attach", handle: ring.handle });
    await peer.ask({ act: "reader" });
    const writer = await ring.writer();
    await writer.write(["a", "b", "c"]);
    assertEquals(await peer.ask({ act: "tryRead", count: 1 }), ["a"]);
    await writer.write(["d"]);
    const waiting = writer.write(["e"]);
    const refused = assertRejects(() => waiting, RingError);
    await peer.die(how);
    assertEquals((await refused).code, "RING_LOST");

    const reader = await ring.reader();
    const into = new Array(5), got: unknown[] = [];
    const going = writer.write(["f"]);
    while (got.length < 4) got.push(...into.slice(0, await reader.read(into)));
    await going;
    assertEquals(got, ["b", "c", "d", "f"]);
  });

  test(`a writer whose thread ends (${how}) is told of once all has been read`, async () => {
    await using ring = await openMessagePort({ capacity: 3 });
    const peer = new Peer();
    await peer.ask({ act: "attach", handle: ring.handle });
    const reader = await ring.reader();
    await peer.ask({ act: "writer" });
    assertEquals(await peer.ask({ act: "tryWrite", items: ["a", "b"] }), 2);
    const into = new Array(5);
    await peer.die(how);
    assertEquals(into.slice(0, await reader.read(into)), ["a", "b"]);
    assertEquals((await assertRejects(() => reader.read(into), RingError)).code, "RING_LOST");
    assertEquals(reader.done, false);

    const writer = await ring.writer();
    await writer.write(["c", "d", "e"]);
    assertEquals(writer.tryWrite(["f"]), 0);
    assertEquals(into.slice(0, await reader.read(into)), ["c", "d", "e"]);
    await ring.close();
    assertEquals([await reader.read(into), reader.done], [0, true]);
  });

  test(`when the thread that keeps the ring ends (${how}), all who wait are told`, async () => {
    const peer = new Peer();
    const handle = await peer.ask({ act: "open", capacity: 2 }) as Parameters<
      typeof attachMessagePort
    >[0];
    const ring = await attachMessagePort(handle);
    const writer = await ring.writer(), reader = await ring.reader();
    await writer.write([1, 2]);
    const writing = assertRejects(() => writer.write([3]), RingError);
    await peer.die(how);
    assertEquals((await writing).code, "RING_LOST");
    const into = [0, 0];
    assertEquals(await reader.read(into), 2);
    assertEquals((await assertRejects(() => reader.read(into), RingError)).code, "RING_LOST");
    await ring[Symbol.asyncDispose]();
    const code = (await assertRejects(() => attachMessagePort(handle), RingError)).code;
    assertEquals(code, "RING_LOST");
  });
}

test("a ring that was disposed of is gone for every thread", async () => {
  const ring = await openMessagePort({ capacity: 2 });
  await using peer = new Peer();
  await peer.ask({ act: "attach", handle: ring.handle });
  await peer.ask({ act: "reader" });
  const reading = peer.ask({ act: "read", count: 1 });
  await ring[Symbol.asyncDispose]();
  assertEquals(await reading, []);
  const error = await assertRejects(() => attachMessagePort(ring.handle), RingError);
  assertEquals([error.code, error.action], ["RING_FOREIGN", "attach"]);
  const nowhere = { adapter: "message_port", at: "port://0/nothing" };
  assertEquals(
    (await assertRejects(() => attachMessagePort(nowhere), RingError)).code,
    "RING_FOREIGN",
  );
});

test("an end that was given back does nothing more, and whoever waits at it is told", async () => {
  await using ring = await openMessagePort({ capacity: 1 });
  const writer = await ring.writer(), reader = await ring.reader();
  const reading = assertRejects(() => reader.read([0]), RingError);
  await reader[Symbol.asyncDispose]();
  assertEquals((await reading).code, "RING_CLOSED");
  await writer.write([1]);
  const writing = assertRejects(() => writer.write([2]), RingError);
  await writer[Symbol.asyncDispose]();
  assertEquals((await writing).code, "RING_CLOSED");
  assertThrows(() => writer.tryWrite([3]), RingError);
  const next = await ring.reader();
  const into = [0, 0];
  assertEquals([await next.read(into), into[0]], [1, 1]);
});
