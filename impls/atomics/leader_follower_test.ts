import { test } from "node:test";
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { Claim, Reader, Writer } from "../contract.ts";
import type { RingError } from "../errors.ts";
import { adapter as one } from "./leader_follower.ts";
import { adapter as many } from "./leader_follower_many.ts";

const code = (error: unknown) => (error as RingError).code;
const rings = [one, many];

async function ends(
  adapter: typeof one,
  capacity = 8,
): Promise<{ writer: Writer<number>; reader: Reader<number>; close(): Promise<void> }> {
  const ring = await adapter.open({ capacity });
  const reader = await ring.reader(), writer = await ring.writer();
  return { writer, reader, close: () => ring.close() };
}

function filled(writer: Writer<number>, values: readonly number[]): Claim<number> {
  const claim = writer.reserve!(values.length)!;
  values.forEach((value, i) => {
    const [first, second] = claim.parts;
    if (i < first.length) first[i] = value;
    else second[i - first.length] = value;
  });
  return claim;
}

const contents = ({ parts }: Claim<number>) => parts.flatMap((part) => Array.from(part));

const drained = (reader: Reader<number>) => {
  const into = new Int32Array(16);
  return [...into.subarray(0, reader.tryRead(into))];
};

test("a reader's claim over slots that were given up has the items around them", async () => {
  for (const adapter of rings) {
    const { writer, reader } = await ends(adapter);
    const claims = [[1, 2], [3, 4, 5], [6], [7, 8]].map((values) => filled(writer, values));
    claims[1]!.commit(1);
    claims[2]!.commit(0);
    for (const i of [3, 0]) claims[i]!.commit();
    assertEquals(reader.reserve!(6), undefined);
    const whole = reader.reserve!(5)!;
    assertEquals(contents(whole), [1, 2, 3, 7, 8]);
    assertEquals(writer.tryWrite([9]), 0);
    whole.commit(4);
    assertEquals(drained(reader), [8]);
    assertEquals(reader.stats().moved, 5);
    assertEquals(writer.tryWrite([1, 2, 3, 4, 5, 6, 7, 8, 9]), 8);
  }
});

test("marks and stamps of what was given up are gone a round later", async () => {
  for (const adapter of rings) {
    for (let shift = 0; shift < 8; shift++) {
      const { writer, reader } = await ends(adapter);
      writer.tryWrite(new Array(shift).fill(0));
      drained(reader);
      const [first, second] = [filled(writer, [1, 2, 3]), filled(writer, [4])];
      first.commit(1);
      second.commit();
      assertEquals(drained(reader), [1, 4]);
      for (let round = 0; round < 5; round++) {
        const [first, second] = [filled(writer, [10, 11]), filled(writer, [12, 13, 14])];
        second.commit();
        first.commit(round % 3);
        assertEquals(drained(reader), [...[10, 11].slice(0, round % 3), 12, 13, 14]);
      }
    }
  }
});

test("a writer that takes over does not overwrite what a reader has still to read", async () => {
  for (const adapter of rings) {
    const ring = await adapter.open({ capacity: 4 });
    const reader = await ring.reader(), first = await ring.writer();
    assertEquals(first.tryWrite([1, 2, 3]), 3);
    await first[Symbol.asyncDispose]();
    const second = await ring.writer();
    assertEquals(second.tryWrite([4, 5]), 1);
    assertEquals(drained(reader), [1, 2, 3, 4]);
    assertEquals(code(assertThrows(() => first.tryWrite([6]))), "RING_CLOSED");
  }
});

test("a writer that leaves gives up its claims, and what stands behind them is seen", async () => {
  for (const adapter of rings) {
    const ring = await adapter.open({ capacity: 8 });
    const reader = await ring.reader(), writer = await ring.writer();
    const open = filled(writer, [1, 2]);
    filled(writer, [3]).commit();
    filled(writer, [4, 5]);
    await writer[Symbol.asyncDispose]();
    assertEquals(drained(reader), [3]);
    assertEquals(code(assertThrows(() => open.commit())), "RING_INVALID");
    assertEquals((await ring.writer()).tryWrite(new Array(9).fill(7)), 8);
  }
});

test("a claim gives its rest back though a look behind it has found slots to pass over", async () => {
  for (const adapter of rings) {
    const { writer, reader } = await ends(adapter);
    const [first, second, open] = [[1, 2, 3], [4, 5], [6]].map((values) => filled(writer, values));
    first!.commit();
    const claim = reader.reserve!(3)!;
    second!.commit(0);
    assertEquals(drained(reader), []);
    claim.commit(1);
    assertEquals(drained(reader), [2, 3]);
    open!.commit();
    assertEquals(drained(reader), [6]);
  }
});

test("a capacity beyond what cursors can tell apart is refused before it is allocated", async () => {
  for (const adapter of rings) {
    const refused = await assertRejects(() => adapter.open({ capacity: 2 ** 29 }));
    assertEquals(code(refused), "RING_INVALID");
  }
});

test("items that cannot be read leave the ring as it was", async () => {
  for (const adapter of rings) {
    const { writer, reader } = await ends(adapter);
    const broken = [1, 2, 3];
    Object.defineProperty(broken, 1, {
      get() {
        throw new Error("broken");
      },
    });
    assertThrows(() => writer.tryWrite(broken), Error, "broken");
    assertEquals(drained(reader), []);
    assertEquals(writer.tryWrite([1, 2, 3, 4, 5, 6, 7, 8, 9]), 8);
    assertEquals(drained(reader), [1, 2, 3, 4, 5, 6, 7, 8]);
  }
});

test("a staged reader keeps behind, is freed by those that leave, and sleeps until then", async () => {
  for (const adapter of rings) {
    const ring = await adapter.open({ capacity: 4 });
    const [left, right] = [await ring.reader(), await ring.reader()];
    const last = await ring.reader({ after: [left, { id: right.id! }], waiting: "park" });
    const writer = await ring.writer(), into = new Int32Array(1);
    await writer.write([1, 2, 3, 4]);
    const waiting = last.read(into);
    assertEquals(drained(left), [1, 2, 3, 4]);
    assertEquals(right.tryRead(into), 1);
    assertEquals([await waiting, into[0]], [1, 1]);
    const again = last.read(into);
    await right[Symbol.asyncDispose]();
    assertEquals([await again, into[0]], [1, 2]);
    assertEquals(drained(last), [3, 4]);
    const afterAll = last.read(into);
    await left[Symbol.asyncDispose]();
    writer.tryWrite([5]);
    assertEquals([await afterAll, into[0]], [1, 5]);
    for (const [id, why] of [[left.id!, "RING_STALE"], [77, "RING_INVALID"]] as const) {
      const refused = await assertRejects(() => ring.reader({ after: [{ id }] }));
      assertEquals(code(refused), why);
    }
  }
});

test("with no reader a writer that waits for its own claim goes on when it is settled", async () => {
  for (const adapter of rings) {
    for (const count of [4, 1, 0]) {
      const ring = await adapter.open({ capacity: 4 });
      const writer = await ring.writer({ waiting: "park" });
      const claim = filled(writer, [1, 2, 3, 4]);
      const waiting = writer.write([5]);
      claim.commit(count);
      await waiting;
      assertEquals(writer.stats().moved, count + 1);
    }
  }
});

test("after close() readers drain what was committed, and pass over what was not", async () => {
  const { writer, reader, close } = await ends(many);
  const open = [filled(writer, [1, 2]), filled(writer, [4])];
  filled(writer, [3]).commit();
  await close();
  assertEquals(drained(reader), [3]);
  assertEquals(reader.done, true);
  for (const claim of open) assertEquals(code(assertThrows(() => claim.commit())), "RING_CLOSED");
  assertEquals([reader.done, drained(reader), writer.stats().moved], [true, [], 1]);
});

test("an open claim hides what is behind it until it is committed", async () => {
  const { writer, reader } = await ends(many);
  const open = filled(writer, [1]);
  writer.tryWrite([2]);
  assertEquals(drained(reader), []);
  open.commit();
  assertEquals(drained(reader), [1, 2]);
});
