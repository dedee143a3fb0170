import { test } from "node:test";
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { RingError } from "../errors.ts";
import { openBounded } from "./bounded.ts";

test("undefined and null are items like any other", async () => {
  const channel = openBounded<unknown>({ capacity: 4 });
  const writer = await channel.writer(), reader = await channel.reader();
  const items = [undefined, null, 0, NaN];
  assertEquals(writer.tryWrite(items), 4);
  const into = [1, 1, 1, 1] as unknown[];
  assertEquals(reader.tryRead(into), 4);
  assertEquals(into, items);
});

test("a receive before the send gets the item", async () => {
  const channel = openBounded<string>({ capacity: 1 });
  const writer = await channel.writer(), reader = await channel.reader();
  const into = ["", ""];
  const receiving = reader.read(into);
  assertEquals(writer.tryWrite(["a", "b", "c"]), 3); // two to the waiting reader, one inside
  assertEquals(await receiving, 2);
  assertEquals(into, ["a", "b"]);
  assertEquals(writer.tryWrite(["d"]), 0);
});

test("many blocked senders and one receive: the first sender goes on", async () => {
  const channel = openBounded<number>({ capacity: 1 });
  const writer = await channel.writer(), reader = await channel.reader();
  await writer.write([0]);
  const done: number[] = [];
  const sending = [1, 2, 3].map((n) => writer.write([n]).then(() => done.push(n)));
  const into = [0];
  assertEquals(await reader.read(into), 1);
  await sending[0];
  assertEquals(done, [1]);
  await reader.read(into);
  await reader.read(into);
  await Promise.all(sending);
  assertEquals(done, [1, 2, 3]);
});

test("a batch larger than the capacity goes through as room comes", async () => {
  const channel = openBounded<number>({ capacity: 2 });
  const writer = await channel.writer(), reader = await channel.reader();
  const writing = writer.write([1, 2, 3, 4, 5]);
  const got: number[] = [], into = [0, 0, 0];
  while (got.length < 5) got.push(...into.slice(0, await reader.read(into)));
  await writing;
  assertEquals(got, [1, 2, 3, 4, 5]);
  assertEquals(writer.stats().moved, 5);
});

test("errors carry the code, the action and the value", async () => {
  const error = assertThrows(() => openBounded({ capacity: 2.5 }), RingError);
  assertEquals([error.code, error.action, error.value], ["RING_INVALID", "open", 2.5]);
  const channel = openBounded<number>({ capacity: 1 });
  const writer = await channel.writer();
  await channel.close();
  const refused = await assertRejects(() => writer.write([1]), RingError);
  assertEquals([refused.code, refused.action], ["RING_CLOSED", "write"]);
});

test("a timeout longer than a timer can be set does not fire at once", async () => {
  const channel = openBounded<number>({ capacity: 1 });
  const writer = await channel.writer(), reader = await channel.reader();
  const into = [0];
  const reading = reader.read(into, { timeout: 2 ** 40 });
  await new Promise((resolve) => setTimeout(resolve, 0));
  writer.tryWrite([7]);
  assertEquals(await reading, 1);
});
