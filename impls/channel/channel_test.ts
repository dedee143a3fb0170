/** The natural interface, item by item, of channels with slots and without. */
import { test } from "node:test";
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { RingError } from "../errors.ts";
import { openBounded } from "./bounded.ts";
import { Channel } from "./channel.ts";
import { openRendezvous } from "./rendezvous.ts";

const item = <T>(value: T) => ({ done: false as const, value });
const end = { done: true as const, value: undefined };

test("undefined, null and promises are items like any other", async () => {
  const channel = openBounded<unknown>({ capacity: 4 });
  const rejected = Promise.reject(new Error("an item, not an outcome"));
  rejected.catch(() => {});
  for (const one of [undefined, null, rejected]) await channel.send(one);
  assertEquals(await channel.receive(), item(undefined));
  assertEquals(await channel.receive(), item(null));
  assertEquals((await channel.receive()).value === rejected, true);
  const waiting = channel.receive();
  channel.trySend(rejected);
  assertEquals((await waiting).value === rejected, true);
});

test("tryReceive() tells an item that is undefined from none by the caller's own value", () => {
  const channel = openBounded<number | undefined>({ capacity: 1 });
  const none = Symbol("none");
  assertEquals(channel.tryReceive(none), none);
  channel.trySend(undefined);
  assertEquals(channel.tryReceive(none), undefined);
});

for (const capacity of [0, 1, 3, 100]) {
  test(`capacity ${capacity}: senders and receivers that wait are served in order`, async () => {
    const channel = new Channel<number>(capacity);
    const numbers = Array.from({ length: 120 }, (_, i) => i);
    const sent: number[] = [], received: number[] = [];
    const sending = numbers.map((n) => channel.send(n).then(() => sent.push(n)));
    const receiving = numbers.map(() =>
      channel.receive().then(({ value }) => received.push(value!))
    );
    await Promise.all([...sending, ...receiving]);
    assertEquals(received, numbers);
    assertEquals(sent, numbers);

    const early = numbers.map(() => channel.receive().then(({ value }) => received.push(value!)));
    await Promise.all(numbers.map((n) => channel.send(n)));
    await Promise.all(early);
    assertEquals(received, [...numbers, ...numbers]);
    assertEquals(channel.length, 0);
  });

  test(`capacity ${capacity}: one receive lets the first of many senders on, and no other`, async () => {
    const channel = new Channel<number>(capacity);
    for (let i = 0; i < capacity; i++) assertEquals(channel.trySend(i), true);
    const outcomes: string[] = [];
    const names = ["first", "second", "third"];
    const sending = names.map((name, i) =>
      channel.send(capacity + i).then(() => outcomes.push(name), () => outcomes.push("refused"))
    );
    assertEquals(channel.canSend, false);
    assertEquals(await channel.receive(), item(0));
    await sending[0];
    await channel.close();
    await Promise.all(sending);
    assertEquals(outcomes, ["first", "refused", "refused"]);
  });

  test(`capacity ${capacity}: whoever gives up leaves the line to the others`, async () => {
    const channel = new Channel<number>(capacity);
    const controller = new AbortController();
    const first = channel.receive(), second = channel.receive({ signal: controller.signal });
    const third = channel.receive({ timeout: 60_000 });
    controller.abort("enough");
    assertEquals(await second.catch((reason) => reason), "enough");
    await channel.send(1);
    await channel.send(2);
    assertEquals([await first, await third], [item(1), item(2)]);
    await assertRejects(() => channel.receive({ timeout: 1 }), DOMException, "within 1 ms");
    await assertRejects(() => channel.receive({ timeout: 0 }), DOMException, "within 0 ms");
    for (let i = 0; i < capacity; i++) channel.trySend(i);
    await assertRejects(() => channel.send(99, { timeout: 1 }), DOMException, "within 1 ms");
    for (let i = 0; i < capacity; i++) assertEquals(channel.tryReceive(), i);
    assertEquals(channel.tryReceive(), undefined);
  });

  test(`capacity ${capacity}: close() drains, wakes and refuses`, async () => {
    const channel = new Channel<number>(capacity);
    for (let i = 0; i < capacity; i++) channel.trySend(i);
    const refused = channel.send(99);
    await channel.close();
    await channel.close();
    const error = await assertRejects(() => refused, RingError);
    assertEquals([error.code, error.action], ["RING_CLOSED", "send"]);
    assertThrows(() => channel.trySend(1), RingError, "closed");
    await assertRejects(() => channel.send(1), RingError, "closed");
    const rest: number[] = [];
    for await (const value of channel) rest.push(value);
    assertEquals(rest, Array.from({ length: capacity }, (_, i) => i));
    assertEquals(await channel.receive({ timeout: 0 }), end);
    assertEquals(channel.done, true);

    const empty = new Channel<number>(capacity);
    const receiving = [empty.receive(), empty.receive({ timeout: 60_000 })];
    await empty.close();
    assertEquals(await Promise.all(receiving), [end, end]);
  });
}

test("an aborted signal and a timeout out of range are refused before anything is done", async () => {
  const channel = openBounded<number>({ capacity: 1 });
  const signal = AbortSignal.abort("no");
  assertEquals(await channel.send(1, { signal }).catch((reason) => reason), "no");
  const error = await assertRejects(() => channel.send(1, { timeout: NaN }), RingError);
  assertEquals([error.code, error.action], ["RING_INVALID", "send"]);
  assertEquals(channel.length, 0);
  channel.trySend(2);
  assertEquals(await channel.receive({ signal }).catch((reason) => reason), "no");
  assertEquals(channel.length, 1);
});

test("a signal that aborts once its item was handed over changes nothing", async () => {
  const channel = openBounded<number>({ capacity: 1 });
  const controller = new AbortController();
  const receiving = channel.receive({ signal: controller.signal });
  channel.trySend(1);
  controller.abort();
  assertEquals(await receiving, item(1));
  await channel.send(2);
  const sending = channel.send(3, { signal: controller.signal }).catch(() => "aborted before");
  assertEquals(await sending, "aborted before");
  assertEquals([channel.tryReceive(), channel.tryReceive()], [2, undefined]);
});

test("leaving the loop early leaves the channel open", async () => {
  const channel = openBounded<number>({ capacity: 2 });
  await channel.send(1);
  await channel.send(2);
  for await (const value of channel) {
    assertEquals(value, 1);
    break;
  }
  await channel.send(3);
  assertEquals([channel.tryReceive(), channel.tryReceive()], [2, 3]);
});

test("a conversation item by item stays in step, however long", async () => {
  const there = openBounded<number>({ capacity: 4 }), back = openRendezvous<number>();
  const echo = (async () => {
    for await (const value of there) await back.send(-value);
  })();
  for (let i = 1; i <= 300; i++) {
    await there.send(i);
    assertEquals(await back.receive(), item(-i));
  }
  await there.close();
  await echo;
});

test("items of all sizes of batches and single ones come in one order", async () => {
  const channel = openBounded<number>({ capacity: 5 });
  const writer = await channel.writer(), reader = await channel.reader();
  const received: number[] = [];
  const reading = (async () => {
    const into = [0, 0, 0];
    for (let turn = 0; !reader.done; turn++) {
      if (turn % 2 === 0) received.push(...into.slice(0, await reader.read(into)));
      else {
        const { done, value } = await channel.receive();
        if (!done) received.push(value);
      }
    }
  })();
  let next = 0;
  for (const size of [1, 7, 2, 12, 3, 1, 1, 20]) {
    await writer.write(Array.from({ length: size }, () => next++));
    await channel.send(next++);
  }
  await channel.close();
  await reading;
  assertEquals(received, Array.from({ length: next }, (_, i) => i));
});
