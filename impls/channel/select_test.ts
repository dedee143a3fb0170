import { test } from "node:test";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { RingError } from "../errors.ts";
import { openBounded } from "./bounded.ts";
import { openRendezvous } from "./rendezvous.ts";
import { receiving, select, sending, trySelect } from "./select.ts";

const kinds = [
  ["bounded", () => openBounded<number>({ capacity: 1 })],
  ["rendezvous", () => openRendezvous<number>()],
] as const;

for (const [kind, open] of kinds) {
  test(`${kind}: of two receives the one whose item comes takes place, and no other`, async () => {
    const a = open(), b = open();
    const selected = select([receiving(a), receiving(b)]);
    assertEquals(b.trySend(7), true);
    assertEquals(await selected, { index: 1, done: false, value: 7 });
    // Nobody stands in line at `a` any more: an item goes where items go when nobody waits.
    assertEquals(a.trySend(1), a.capacity === 1);
  });

  test(`${kind}: of two sends the one that is received takes place, and no other`, async () => {
    const a = open(), b = open();
    for (const channel of [a, b]) if (channel.capacity > 0) channel.trySend(0);
    const selected = select([sending(a, 1), sending(b, 2)]);
    const [first, second] = b.capacity > 0
      ? [await b.receive(), await b.receive()]
      : [undefined, await b.receive()];
    assertEquals([first?.value ?? 0, second.value], [0, 2]);
    assertEquals(await selected, { index: 1, done: false, value: undefined });
    if (a.capacity > 0) assertEquals(a.tryReceive(), 0);
    assertEquals(a.tryReceive("none"), "none");
  });

  test(`${kind}: an abort and a timeout leave nobody behind and take nothing`, async () => {
    const a = open(), b = open();
    if (a.capacity > 0) a.trySend(0);
    const controller = new AbortController();
    const cases = [sending(a, 1), receiving(b)] as const;
    const aborted = select(cases, { signal: controller.signal });
    controller.abort("enough");
    assertEquals(await aborted.catch((reason) => reason), "enough");
    await assertRejects(() => select(cases, { timeout: 1 }), DOMException, "within 1 ms");
    await assertRejects(() => select(cases, { timeout: 0 }), DOMException, "within 0 ms");
    assertEquals(trySelect(cases), undefined);
    if (a.capacity > 0) assertEquals(a.tryReceive(), 0);
    assertEquals(a.tryReceive("none"), "none");
    assertEquals(b.trySend(2), b.capacity > 0);
    assertEquals(b.tryReceive("none"), b.capacity > 0 ? 2 : "none");
  });

  test(`${kind}: closed channels are as in Go`, async () => {
    const a = open(), b = open();
    const ended = select([receiving(a), receiving(b)]);
    await a.close();
    assertEquals(await ended, { index: 0, done: true, value: undefined });
    assertEquals(trySelect([receiving(a)]), { index: 0, done: true, value: undefined });
    assertThrows(() => trySelect([sending(a, 1)]), RingError, "closed");
    if (b.capacity > 0) b.trySend(0);
    const refused = select([sending(b, 1)]);
    await b.close();
    const error = await assertRejects(() => refused, RingError);
    assertEquals([error.code, error.action], ["RING_CLOSED", "send"]);
  });
}

test("what is ready takes place without a wait, each with the same probability", async () => {
  const channels = [1, 2, 3, 4].map(() => openBounded<number>({ capacity: 3000 }));
  const ready = [0, 2, 3];
  for (const at of ready) for (let i = 0; i < 3000; i++) channels[at]!.trySend(i);
  const times = [0, 0, 0, 0];
  for (let i = 0; i < 3000; i++) {
    times[(await select(channels.map((channel) => receiving(channel)))).index]!++;
  }
  assertEquals(times[1], 0);
  // 1000 are expected of each; one run in 10^50 is out of these bounds.
  for (const at of ready) assert(times[at]! > 600 && times[at]! < 1400, `${times}`);
});

test("selections meet each other, through one channel and in a circle", async () => {
  const channel = openRendezvous<number>();
  const taking = select([receiving(channel), sending(channel, 1)]);
  assertEquals(await select([sending(channel, 2)]), { index: 0, done: false, value: undefined });
  assertEquals(await taking, { index: 0, done: false, value: 2 });

  const giving = select([receiving(channel), sending(channel, 3)]);
  assertEquals(await select([receiving(channel)]), { index: 0, done: false, value: 3 });
  assertEquals(await giving, { index: 1, done: false, value: undefined });
});

test("many selections over many channels lose and double nothing", async () => {
  const channels = [openBounded<number>({ capacity: 2 }), openRendezvous<number>()] as const;
  const total = 900, seen: number[] = [];
  const senders = [0, 1, 2].map(async (id) => {
    for (let i = id; i < total; i += 3) {
      await select([sending(channels[0], i), sending(channels[1], i)]);
    }
  });
  const receivers = [0, 1].map(async () => {
    for (;;) {
      const selected = await select([receiving(channels[0]), receiving(channels[1])]);
      if (!selected.done) seen.push(selected.value);
      else if (channels.every((channel) => channel.done)) return;
    }
  });
  await Promise.all(senders);
  await Promise.all(channels.map((channel) => channel.close()));
  await Promise.all(receivers);
  assertEquals(seen.toSorted((a, b) => a - b), Array.from({ length: total }, (_, i) => i));
});

test("no case is no selection", async () => {
  const error = await assertRejects(() => select([]), RingError);
  assertEquals([error.code, error.action], ["RING_INVALID", "select"]);
});
