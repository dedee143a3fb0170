// Claims, waiting, closing, attaching and disposal, with scripted devices in one realm.
import { test } from "node:test";
import {
  assert,
  assertEquals,
  assertGreaterOrEqual,
  assertRejects,
  assertThrows,
} from "@std/assert";
import type { Adapter, Handle } from "../contract.ts";
import { RingError, type RingErrorCode } from "../errors.ts";
import { adapter as capture } from "./capture.ts";
import { adapter as duplex } from "./duplex.ts";
import { adapter as playback } from "./playback.ts";

const open = (adapter: Adapter<number>, capacity = 4) =>
  adapter.open({ capacity, uri: adapter.scripted });

async function rejectsWith(code: RingErrorCode, run: () => Promise<unknown>): Promise<void> {
  assertEquals((await assertRejects(run, RingError)).code, code);
}

function throwsWith(code: RingErrorCode, run: () => unknown): void {
  assertEquals(assertThrows(run, RingError).code, code);
}

test("an end is refused while it is taken, and where the device holds it", async () => {
  await using ring = await open(duplex);
  const reader = await ring.reader(), writer = await ring.writer();
  await rejectsWith("RING_BUSY", () => ring.reader());
  await rejectsWith("RING_BUSY", () => ring.writer());
  await using attached = await duplex.attach(structuredClone(ring.handle!));
  await rejectsWith("RING_BUSY", () => attached.reader());
  await reader[Symbol.asyncDispose]();
  await writer[Symbol.asyncDispose]();
  const after = [await attached.reader()];
  await ring.writer();
  await rejectsWith("RING_UNSUPPORTED", () => ring.reader({ after }));
  await using source = await open(capture), sink = await open(playback);
  await rejectsWith("RING_UNSUPPORTED", () => source.writer());
  await rejectsWith("RING_UNSUPPORTED", () => sink.reader());
});

test("open refuses options out of range before anything else", async () => {
  for (const capacity of [0, -1, 1.5, NaN, 2 ** 30 + 1, 2 ** 29 + 1]) {
    await rejectsWith("RING_INVALID", () => capture.open({ capacity, uri: "virtual:" }));
  }
  await rejectsWith("RING_INVALID", () => duplex.open({ capacity: 2 ** 28 + 1 }));
  await rejectsWith("RING_INVALID", () => capture.open({ capacity: 1, width: 0 }));
  await rejectsWith("RING_INVALID", () => capture.open({ capacity: 1, start: -1 }));
  await rejectsWith("RING_INVALID", () => capture.open({ capacity: 1, uri: "cloak:" }));
  const uri = "clock:?period=65536";
  await rejectsWith("RING_INVALID", () => capture.open({ capacity: 1, width: 2 ** 20, uri }));
});

test("cycle refuses buffers that are not the device's", async () => {
  await using source = await open(capture), sink = await open(playback);
  await using both = await capture.open({ capacity: 4, width: 2, uri: "virtual:" });
  throwsWith("RING_INVALID", () => source.device!.cycle(undefined, [0]));
  throwsWith("RING_INVALID", () => source.device!.cycle([0], [0]));
  throwsWith("RING_INVALID", () => sink.device!.cycle([0], undefined));
  throwsWith("RING_INVALID", () => sink.device!.cycle(undefined, undefined));
  throwsWith("RING_INVALID", () => both.device!.cycle([1, 2, 3], undefined));
  await using third = await open(duplex);
  throwsWith("RING_INVALID", () => third.device!.cycle([1, 2], [0]));
  source.device!.cycle([], undefined);
  assertEquals((await source.reader()).stats(), { moved: 0, lost: 0, padded: 0, xruns: 0 });
});

test("a closed source is drained, then done; what comes later does not come in", async () => {
  await using ring = await open(capture);
  const reader = await ring.reader(), into = [0, 0];
  ring.device!.cycle([1, 2, 3], undefined);
  await ring.close();
  await ring.close();
  ring.device!.cycle([4], undefined);
  assertEquals([await reader.read(into), into, reader.done], [2, [1, 2], false]);
  assertEquals([reader.readSync!(into), into, reader.done], [1, [3, 2], true]);
  assertEquals([await reader.read(into), reader.readSync!(into), reader.tryRead(into)], [0, 0, 0]);
  assertEquals(reader.stats(), { moved: 3, lost: 0, padded: 0, xruns: 0 });
});

test("a closed sink refuses frames and plays those it has", async () => {
  await using ring = await open(playback);
  const writer = await ring.writer(), output = [9, 9, 9];
  assertEquals(writer.writeSync!([1, 2]), 2);
  await ring.close();
  throwsWith("RING_CLOSED", () => writer.tryWrite([3]));
  throwsWith("RING_CLOSED", () => writer.writeSync!([3]));
  await rejectsWith("RING_CLOSED", () => writer.write([3]));
  ring.device!.cycle(undefined, output);
  assertEquals(output, [1, 2, 0]);
});

test("a pending read and a pending write end when the device makes a callback", async () => {
  await using ring = await open(duplex, 2);
  const reader = await ring.reader(), writer = await ring.writer(), into = [0, 0, 0];
  const read = reader.read(into), write = writer.write([1, 2, 3, 4]);
  const output = [9];
  ring.device!.cycle([7], output);
  assertEquals([await read, into, output], [1, [7, 0, 0], [1]]);
  ring.device!.cycle([8], output);
  await write;
  assertEquals(writer.stats().moved, 4);
});

test("closing wakes who waits, disposal too", async () => {
  await using ring = await open(duplex, 1);
  const reader = await ring.reader(), writer = await ring.writer();
  const write = rejectsWith("RING_CLOSED", () => writer.write([1, 2]));
  const read = reader.read([0]);
  await ring.close();
  assertEquals([await read, reader.done, writer.stats().moved], [0, true, 1]);
  await write;
  const other = await open(capture);
  const pending = (await other.reader()).read([0]);
  await other[Symbol.asyncDispose]();
  assertEquals(await pending, 0);
});

test("timeouts and aborts take nothing, and fire no earlier than they should", async () => {
  await using ring = await open(duplex, 1);
  const reader = await ring.reader(), writer = await ring.writer();
  const began = performance.now();
  await assertRejects(() => reader.read([0], { timeout: 20 }), DOMException, "cannot read within");
  assertGreaterOrEqual(performance.now() - began, 20);
  const blocked = performance.now();
  assertEquals(reader.readSync!([0], 20), 0);
  assertGreaterOrEqual(performance.now() - blocked, 20);
  assertEquals(reader.readSync!([0], 0), 0);
  assertEquals(writer.writeSync!([1]), 1);
  assertEquals(writer.writeSync!([2], 5), 0);
  await assertRejects(() => writer.write([2], { timeout: 0 }), DOMException, "cannot write within");
  const reason = new Error("enough");
  const abort = new AbortController();
  const pending = [reader.read([0], abort), writer.write([2], abort)];
  abort.abort(reason);
  for (const end of pending) assertEquals(await assertRejects(() => end), reason);
  ring.device!.cycle([5], undefined);
  assertEquals(await assertRejects(() => reader.read([0], abort)), reason);
  assertEquals([reader.stats().moved, writer.stats().moved], [0, 1]);
  await rejectsWith("RING_INVALID", () => reader.read([0], { timeout: -1 }));
  throwsWith("RING_INVALID", () => reader.readSync!([0], NaN));
});

test("only the handle of an open ring of this adapter attaches", async () => {
  await using ring = await open(capture);
  const { adapter, at } = ring.handle! as { adapter: string; at: string };
  const [, pid, id] = at.split(":");
  const wrong: unknown[] = [
    { adapter: "playback", at },
    { adapter, at: `audio:${Number(pid) + 1}:${id}` },
    { adapter, at: `audio:${pid}:${Number(id) + 1_000_000}` },
    { adapter, at: `audio:${pid}:-1` },
    { adapter, at: `audio:${pid}:9999999999` },
    { adapter, at: `${at} ` },
    { adapter, at: new SharedArrayBuffer(4096) },
    { adapter, at: undefined },
    {},
  ];
  for (const handle of wrong) {
    await rejectsWith("RING_FOREIGN", () => capture.attach(handle as Handle));
  }
  await rejectsWith("RING_FOREIGN", () => playback.attach({ adapter: "playback", at }));
  await using attached = await capture.attach(JSON.parse(JSON.stringify(ring.handle)));
  const reader = await attached.reader(), into = [0];
  ring.device!.cycle([3], undefined);
  assertEquals([attached.capacity, reader.tryRead(into), into], [4, 1, [3]]);
  await ring[Symbol.asyncDispose]();
  assert(reader.done);
  await attached[Symbol.asyncDispose]();
  await rejectsWith("RING_FOREIGN", () => capture.attach({ adapter, at }));
});

test("rings are isolated, and what is disposed of is closed and empty", async () => {
  await using other = await open(duplex);
  const untouched = await other.reader();
  const ring = await open(duplex);
  const reader = await ring.reader(), writer = await ring.writer();
  ring.device!.cycle([1, 2, 3, 4, 5], undefined);
  reader.tryRead([0]);
  await ring[Symbol.asyncDispose]();
  await ring[Symbol.asyncDispose]();
  await ring.close();
  assertEquals([reader.done, reader.tryRead([0]), await reader.read([0])], [true, 0, 0]);
  assertEquals(reader.stats(), { moved: 1, lost: 1, padded: 0, xruns: 1 });
  throwsWith("RING_CLOSED", () => writer.tryWrite([1]));
  throwsWith("RING_CLOSED", () => ring.device!.cycle([1], undefined));
  await rejectsWith("RING_CLOSED", () => ring.reader());
  assertEquals([untouched.tryRead([0]), untouched.done], [0, false]);
});
