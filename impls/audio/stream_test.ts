import { test } from "node:test";
import { assertEquals, assertGreater, assertRejects, assertThrows } from "@std/assert";
import { RingError } from "../errors.ts";
import { AudioStream } from "./stream.ts";

const uri = "virtual:";

test("a buffer is received whole or not at all", async () => {
  await using audio = await AudioStream.open({ flow: "source", frames: 3, uri });
  const buffer = new Float32Array(3);
  audio.device!.cycle([1, 2], undefined);
  assertThrows(() => audio.receiveSync(buffer, 1), DOMException, "cannot receive within 1 ms");
  await assertRejects(() => audio.receive(buffer, { timeout: 1 }), DOMException);
  assertEquals([...buffer], [0, 0, 0]);
  const pending = audio.receive(buffer);
  audio.device!.cycle([3, 4], undefined);
  assertEquals([await pending, [...buffer]], [[], [1, 2, 3]]);
  await audio.close();
  const left = assertThrows(() => audio.receiveSync(buffer), RingError, "1 of 3 frames are left");
  assertEquals(left.code, "RING_CLOSED");
});

test("an overrun is reported with the buffer it lies in, with its frame and length", async () => {
  await using audio = await AudioStream.open({ flow: "source", frames: 2, buffers: 3, uri });
  const buffer = new Float32Array(2);
  audio.device!.cycle([1, 2, 3, 4, 5, 6, 7], undefined);
  audio.device!.cycle([8, 9], undefined);
  assertEquals([audio.receiveSync(buffer), ...buffer], [[], 1, 2]);
  audio.device!.cycle([10, 11], undefined);
  assertEquals([audio.receiveSync(buffer), ...buffer], [[], 3, 4]);
  assertEquals([audio.receiveSync(buffer), ...buffer], [[], 5, 6]);
  const lost = [1, 2].map((frames) => ({ side: "capture", frame: 6, frames }));
  assertEquals([await audio.receive(buffer), ...buffer], [lost, 10, 11]);
  assertEquals(audio.stats().received, { moved: 8, lost: 3, padded: 0, xruns: 2 });
});

test("an underrun is reported with the next buffer sent", async () => {
  await using audio = await AudioStream.open({ flow: "sink", frames: 2, channels: 2, uri });
  assertEquals(audio.sendSync([1, 2, 3, 4]), []);
  audio.device!.cycle(undefined, new Float32Array(10));
  assertEquals(await audio.send([5, 6, 7, 8]), [{ side: "playback", frame: 2, frames: 3 }]);
  assertEquals(audio.sendSync([5, 6, 7, 8]), []);
  assertThrows(() => audio.sendSync([0, 0, 0, 0], 1), DOMException, "cannot send within 1 ms");
  assertEquals(audio.stats().sent, { moved: 6, lost: 0, padded: 3, xruns: 1 });
  await audio.close();
  assertThrows(() => audio.sendSync([0, 0, 0, 0]), RingError, "closed");
});

test("sendReceive moves a buffer each way", async () => {
  await using audio = await AudioStream.open({ flow: "duplex", frames: 2, uri });
  const input = new Float32Array(2), output = new Float32Array(5);
  const pending = audio.sendReceive([1, 2], input);
  audio.device!.cycle([5, 6, 7, 8, 9], output);
  const padded = { side: "playback", frame: 2, frames: 3 };
  assertEquals([await pending, ...input, ...output], [[padded], 5, 6, 1, 2, 0, 0, 0]);
  assertEquals([audio.sendReceiveSync([3, 4], input), ...input], [[], 7, 8]);
});

test("the overruns reported are exactly the gaps in what is received", async () => {
  await using audio = await AudioStream.open({ flow: "source", frames: 5, uri });
  const buffer = new Float32Array(5);
  let state = 1, offered = 0, filled = 0, position = 0, next = 0;
  for (let step = 0; step < 2000; step++) {
    const count = (state = state * 48_271 % 2_147_483_647) % 9;
    audio.device!.cycle(Float32Array.from({ length: count }, () => offered++), undefined);
    filled = Math.min(10, filled + count);
    if (filled < 5 || count % 2 === 0) continue;
    const received = audio.receiveSync(buffer);
    filled -= 5;
    const gaps = new Map<number, number>();
    for (const { frame, frames } of received) gaps.set(frame, (gaps.get(frame) ?? 0) + frames);
    for (const value of buffer) {
      next += gaps.get(position++) ?? 0;
      assertEquals(value, next++);
    }
  }
  assertGreater(audio.stats().received!.xruns, 100);
});

test("the log of misses is bounded, the counts are not", async () => {
  await using audio = await AudioStream.open({ flow: "source", frames: 1, buffers: 1, uri });
  for (let i = 0; i < 100; i++) audio.device!.cycle([i], undefined);
  const buffer = new Float32Array(1);
  assertEquals(audio.receiveSync(buffer), []);
  audio.device!.cycle([100], undefined);
  assertEquals(audio.receiveSync(buffer).length, 64);
  assertEquals(audio.stats().received, { moved: 2, lost: 99, padded: 0, xruns: 99 });
});

test("what is no whole buffer, and the end that a device holds, is refused", async () => {
  await using audio = await AudioStream.open({ flow: "source", frames: 3, uri });
  await assertRejects(() => audio.receive([0, 0]), RingError, "a buffer has 3 samples, got 2");
  assertThrows(() => audio.sendSync([1, 2, 3]), RingError, "a source plays nothing");
  for (const options of [{ frames: 0.5 }, { frames: 0 }, { frames: 1, buffers: 1.5 }]) {
    await assertRejects(
      () => AudioStream.open({ flow: "sink", uri, ...options }),
      RingError,
      "must be a whole number from 1",
    );
  }
});
