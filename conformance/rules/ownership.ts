/** Whose memory it is: payloads intact, copies where copies are promised, nothing kept alive. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Slots } from "../../impls/contract.ts";
import {
  all,
  always,
  check,
  loop,
  nearReader,
  nearWriter,
  ownsReferences,
  type Rule,
  type Trial,
  Undecided,
  wide,
} from "../rule.ts";
import { checkEqual, numbers, take } from "../harness/subject.ts";

const group = "Ownership";

const OWN1: Rule = {
  id: "OWN1",
  group,
  level: "MUST",
  sentence: "Each element of a payload of many elements arrives intact, across the wrap.",
  why: "Rings that move a word well lose the second half of a record at the seam.",
  source: "S2",
  technique: ["sequential"],
  needs: all(loop, wide),
  async run(trial) {
    const width = 17, capacity = 4;
    const { ring, codec } = await trial.open({ capacity, width: width * trialWidth(trial) });
    const elements = codec.width;
    const reader = await ring.reader(), writer = await ring.writer();
    const buffer = () =>
      trial.adapter.capabilities.items === "float32"
        ? new Float32Array(3 * elements)
        : trial.adapter.capabilities.items === "bytes"
        ? new Uint8Array(3 * elements)
        : new Int32Array(3 * elements);
    for (let round = 0; round < 50; round++) {
      const items = buffer().map((_, i) => (round * 7919 + i * 31) & 0x7f);
      await writer.write(items as never);
      const got: number[] = [];
      while (got.length < items.length) {
        const into = buffer();
        const count = await reader.read(into as never);
        check(count > 0, "the end came before the payload");
        got.push(...into.subarray(0, count * elements));
      }
      checkEqual(got, [...items], `payload ${round} of 3 items of ${elements} elements`);
    }
  },
};

const trialWidth = ({ adapter }: { adapter: { capabilities: { items: string } } }) =>
  adapter.capabilities.items === "bytes" ? 4 : 1;

const OWN2: Rule = {
  id: "OWN2",
  group,
  level: "MUST",
  sentence: "The caller's buffers stay the caller's: changing one after the call changes no item.",
  why: "Callers use one buffer over and over; a ring that keeps it delivers the newest item twice.",
  source: "S3",
  technique: ["sequential"],
  needs: always,
  async run(trial) {
    const subject = await trial.open();
    const drain = await subject.drain();
    const { flow } = trial.adapter.capabilities;
    const items = subject.codec.encode([1, 2, 3]);
    if (flow === "loop" || flow === "sink") {
      await (await subject.nearWriter()).write(items);
    } else subject.ring.device!.cycle(items, undefined);
    const zeros = subject.codec.encode([0, 0, 0]);
    for (let i = 0; i < items.length; i++) {
      // The bytes of a record are the caller's too.
      if (items[i] instanceof Uint8Array) (items[i] as Uint8Array).fill(0);
      items[i] = zeros[i];
    }
    checkEqual(await take(drain, 3), [1, 2, 3], "after the caller's buffer was cleared");
    if (flow === "loop") await checkDelivered(trial);
  },
};

/** What was delivered stays as it is while the ring goes round. */
async function checkDelivered(trial: Trial): Promise<void> {
  const { ring, codec } = await trial.open({ capacity: 4 });
  const reader = await ring.reader(), writer = await ring.writer();
  const delivered = async () => {
    const batches: { into: Slots<unknown>; count: number }[] = [];
    for (let got = 0; got < 4;) {
      const into = codec.buffer(4 - got);
      const count = await reader.read(into);
      check(count > 0, `the end came after ${got} of 4 items`);
      batches.push({ into, count });
      got += count;
    }
    return () => batches.flatMap(({ into, count }) => codec.decode(into, count));
  };
  await writer.write(codec.encode([1, 2, 3, 4]));
  const first = await delivered();
  for (let lap = 1; lap <= 3; lap++) {
    await writer.write(codec.encode(numbers(4 * lap + 1, 4)));
    await delivered();
  }
  checkEqual(first(), [1, 2, 3, 4], "what was delivered, three laps later");
}

const OWN4: Rule = {
  id: "OWN4",
  group,
  level: "MUST",
  sentence: "Once read, an item is no longer kept alive by the ring.",
  why: "A slot that holds on to what was read keeps megabytes until the ring comes round again.",
  source: "S3",
  technique: ["sequential"],
  needs: all(ownsReferences, nearReader, nearWriter),
  async run(trial) {
    const collect = collector();
    if (!collect) throw new Undecided("this runtime offers no way to collect garbage");
    const { ring } = await trial.open({ capacity: 8 });
    const writer = await ring.writer(), reader = await ring.reader();
    const items = await passObjects(writer, reader);
    trial.doing("waiting for items that were read to be collected");
    for (let round = 0; round < 20; round++) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      collect();
      if (items.every((item) => item.deref() === undefined)) return;
    }
    const kept = items.filter((item) => item.deref() !== undefined).length;
    // Conservative collectors may miss one that an old stack word happens to point to.
    check(kept <= 1, `${kept} of ${items.length} items that were read are still kept alive`);
  },
};

/** In a frame of its own, so that no local variable keeps the objects, nor a buffer that one kept. */
async function passObjects(
  writer: { write(items: unknown[]): Promise<void> },
  reader: { read(into: unknown[]): Promise<number> },
): Promise<WeakRef<object>[]> {
  const items: unknown[] = numbers(0, 6).map(() => ({ payload: new Uint8Array(1024) }));
  const refs = items.map((item) => new WeakRef(item as object));
  await writer.write(items);
  const into = new Array(6).fill(undefined);
  for (let got = 0; got < 6;) got += await reader.read(into);
  items.fill(undefined);
  into.fill(undefined);
  return refs;
}

function collector(): (() => void) | undefined {
  const { Bun } = globalThis as { Bun?: { gc(force: boolean): void } };
  if (Bun) return () => Bun.gc(true);
  try {
    setFlagsFromString("--expose-gc");
    return (globalThis as { gc?: () => void }).gc ?? runInNewContext("gc");
  } catch {
    return undefined;
  }
}

export const ownership: readonly Rule[] = [OWN1, OWN2, OWN4];
