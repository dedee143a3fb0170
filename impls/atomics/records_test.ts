import { test } from "node:test";
import { assertEquals, assertThrows } from "@std/assert";
import { RingError } from "../errors.ts";
import { attachRecords, openRecords, type RecordReader } from "./records.ts";
import { produce, recordOf } from "./records/worker_fixture.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);

/** The two ends of a ring of `capacity` slots. */
async function ends(capacity: number, start = 0) {
  const ring = openRecords({ capacity, start });
  return { ring, writer: await ring.writer(), reader: await ring.reader() };
}

const readers: Record<
  string,
  (reader: RecordReader, next: (record: Uint8Array) => void) => number
> = {
  "tryRead()": (reader, next) => {
    const into: Uint8Array[] = new Array(5).fill(undefined);
    const count = reader.tryRead(into);
    into.slice(0, count).forEach(next);
    return count;
  },
  "tryReadRecord()": (reader, next) => {
    const into = new Uint8Array(512);
    const length = reader.tryReadRecord(into);
    if (length >= 0) next(into.subarray(0, length));
    return length + 1;
  },
  "visitRecords()": (reader, next) =>
    reader.visitRecords((memory, begin, end) => next(memory.slice(begin, end)), 3),
};

for (const [name, read] of Object.entries(readers)) {
  test(`records of all lengths come from another thread, by ${name}`, async () => {
    const count = 6000;
    const ring = openRecords({ capacity: 64, start: 2 ** 30 - 5000 });
    const reader = await ring.reader();
    const producer = await produce(ring.handle, count);
    producer.go();
    let number = 0;
    const some: Uint8Array[] = [bytes()];
    const check = (record: Uint8Array) =>
      assertEquals([...record], [...recordOf(number++, 64 * 8 - 4)], `record ${number - 1}`);
    while (await reader.read(some) > 0) {
      check(some[0]!);
      while (read(reader, check) > 0);
    }
    assertEquals([number, reader.stats().moved], [count, count]);
  });
}

test("exactly `capacity` records of up to four bytes fit, or one that fills them all", async () => {
  const { writer, reader } = await ends(8, 2 ** 30 - 3);
  for (let round = 0; round < 10; round++) {
    for (let i = 0; i < 8; i++) {
      assertEquals(writer.tryWriteRecord(bytes(i, 1, 2, 3), 0, i % 5), true);
    }
    assertEquals(writer.tryWriteRecord(bytes()), false);
    assertEquals(reader.visitRecords((_, begin, end) => assertEquals(end - begin <= 4, true)), 8);
    const longest = Uint8Array.from({ length: writer.longest }, (_, i) => i + round);
    assertEquals([writer.longest, writer.tryWriteRecord(longest)], [60, true]);
    assertEquals(writer.tryWriteRecord(bytes()), false);
    const into = new Uint8Array(62);
    assertEquals([reader.peekLength(), reader.tryReadRecord(into, 2)], [60, 60]);
    assertEquals(into.subarray(2), longest);
    assertEquals([reader.peekLength(), reader.tryReadRecord(into)], [-1, -1]);
    // So that each round begins at another slot.
    assertEquals([writer.tryWrite([bytes(1)]), reader.tryRead([bytes()])], [1, 1]);
  }
});

test("a batch is accepted up to the first record that does not fit", async () => {
  const { writer, reader } = await ends(8);
  const batch = [bytes(1), new Uint8Array(30).fill(2), new Uint8Array(20).fill(3), bytes(4)];
  assertEquals([writer.tryWrite(batch), writer.tryWrite(batch, 2)], [2, 0]);
  const into: Uint8Array[] = new Array(5).fill(undefined);
  assertEquals([reader.tryRead(into, 4), into[4]], [1, bytes(1)]);
  assertEquals([writer.tryWrite(batch, 2), writer.tryWrite(batch, 3)], [1, 0]);
  assertEquals([reader.tryRead(into, 2), into[2], into[3]], [2, batch[1], batch[2]]);
});

test("a waiting writer of a long record is let in once there is room for all of it", async () => {
  const { writer, reader } = await ends(8);
  for (let i = 0; i < 8; i++) writer.tryWriteRecord(bytes(i));
  const long = new Uint8Array(20).fill(9);
  const writing = writer.write([long, bytes(10)]);
  const got: number[] = [];
  const into: Uint8Array[] = [bytes()];
  while (got.length < 10) {
    await reader.read(into);
    got.push(into[0]!.length);
  }
  await writing;
  assertEquals(got, [1, 1, 1, 1, 1, 1, 1, 1, 20, 1]);
});

test("what can never fit, and what is no record, is refused before anything is written", async () => {
  const { writer, reader } = await ends(4);
  const long = new Uint8Array(29);
  const refused: [() => unknown, string][] = [
    [() => writer.tryWriteRecord(long), "28 bytes at most, got 29"],
    [() => writer.tryWrite([bytes(1), long]), "28 bytes at most, got 29"],
    [() => writer.tryWrite(["text" as never]), "a record is a Uint8Array"],
    [() => writer.tryWriteRecord([1] as never), "a record is a Uint8Array"],
    [() => writer.tryWriteRecord(bytes(1, 2), 1, 2), "got 2 from 1 on"],
    [() => writer.tryWriteRecord(bytes(1, 2), -1), "from -1 on"],
    [() => writer.tryWriteRecord(bytes(1, 2), 0, 0.5), "got 0.5 from 0 on"],
    [() => writer.tryWriteRecord(bytes(1, 2), NaN), "from NaN on"],
  ];
  for (const [call, why] of refused) {
    const error = assertThrows(call, RingError, why);
    assertEquals(error.code, "RING_INVALID");
  }
  assertEquals([reader.peekLength(), writer.stats().moved], [-1, 0]);
  assertEquals(writer.tryWriteRecord(long, 1), true);
});

test("a record longer than the buffer stays the next one", async () => {
  const { writer, reader } = await ends(4);
  writer.tryWrite([bytes(1, 2, 3, 4, 5), bytes(6)]);
  assertThrows(() => reader.tryReadRecord(new Uint8Array(4)), RingError, "has 5 bytes");
  assertThrows(() => reader.tryReadRecord(new Uint8Array(8), 4), RingError, "has 5 bytes");
  assertThrows(() => reader.tryReadRecord(new Uint8Array(8), -1), RingError, "has 5 bytes");
  const into = new Uint8Array(8);
  assertEquals([reader.tryReadRecord(into), ...into], [5, 1, 2, 3, 4, 5, 0, 0, 0]);
  assertEquals([reader.tryReadRecord(into), into[0]], [1, 6]);
});

test("a length that the memory does not have is not believed", async () => {
  const { ring, writer, reader } = await ends(4);
  writer.tryWriteRecord(bytes(1, 2));
  const words = new Int32Array(ring.handle.at as SharedArrayBuffer);
  const at = words.length - 4 * 2; // of the first of four slots
  assertEquals(words[at], 2);
  for (const length of [5, 28, 29, 2 ** 31 - 1, -1, -4, -8]) {
    words[at] = length;
    for (
      const call of [
        () => reader.peekLength(),
        () => reader.tryReadRecord(new Uint8Array(64)),
        () => reader.tryRead([bytes()]),
        () => reader.visitRecords(() => {}),
      ]
    ) assertEquals(assertThrows(call, RingError).code, "RING_FOREIGN");
  }
  words[at] = 2;
  assertEquals(reader.tryReadRecord(new Uint8Array(2)), 2);
});

test("records shown lie in one piece, also where they wrap, and one that throws has been read", async () => {
  const { writer, reader } = await ends(8);
  for (let length = 0; length < 60; length++) {
    const record = Uint8Array.from({ length }, (_, i) => i + length);
    writer.tryWrite([record, bytes(7)].slice(0, length > 50 ? 1 : 2));
    const seen: Uint8Array[] = [];
    while (reader.visitRecords((memory, begin, end) => seen.push(memory.slice(begin, end)), 1) > 0);
    assertEquals(seen[0], record);
  }
  writer.tryWrite([bytes(1), bytes(2)]);
  assertThrows(
    () =>
      reader.visitRecords(() => {
        throw new Error("enough");
      }),
    Error,
    "enough",
  );
  const into = new Uint8Array(1);
  assertEquals([reader.tryReadRecord(into), into[0], reader.stats().moved], [1, 2, 51 * 2 + 9 + 2]);
});

test("a closed ring is drained and refuses records, full or not", async () => {
  const { ring, writer, reader } = await ends(2);
  writer.tryWrite([bytes(1), bytes(2)]);
  await ring.close();
  for (const call of [() => writer.tryWriteRecord(bytes()), () => writer.tryWrite([bytes()])]) {
    assertThrows(call, RingError, "RING_CLOSED");
    assertEquals(reader.done, false);
    assertEquals(reader.tryReadRecord(new Uint8Array(1)), 1);
  }
  assertThrows(() => writer.tryWriteRecord(bytes()), RingError, "RING_CLOSED");
  assertEquals([reader.done, reader.peekLength(), writer.stats().moved], [true, -1, 2]);
});

test("an end that is given back is taken up where it stopped", async () => {
  const ring = openRecords({ capacity: 4 });
  for (let item = 0; item < 20; item++) {
    const writer = await ring.writer(), reader = await ring.reader();
    assertEquals(writer.tryWrite([bytes(item), bytes(1, 2, 3, 4, 5, 6)]), 2);
    const into: Uint8Array[] = new Array(2).fill(undefined);
    assertEquals([reader.tryRead(into), into[0]![0]], [2, item]);
    await writer[Symbol.asyncDispose]();
    await reader[Symbol.asyncDispose]();
  }
});

test("memory of another ring, and a ring cut short, are foreign", () => {
  const { handle } = openRecords({ capacity: 8 });
  const memory = handle.at as SharedArrayBuffer;
  for (const at of [memory.slice(0, 8), memory.slice(0, memory.byteLength - 8)]) {
    assertThrows(() => attachRecords({ adapter: "records", at }), RingError, "RING_FOREIGN");
  }
});
