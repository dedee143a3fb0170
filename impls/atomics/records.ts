/**
 * A ring of records between one producer and one consumer on two threads: wait-free; each record is
 * any number of bytes, also none.
 *
 * The memory is `capacity` slots of 8 bytes. A record takes as many as its length and its bytes
 * need, one after the other round the end of the memory, so that there is no padding: exactly
 * `capacity` records of up to 4 bytes fit, or one of 8 × capacity − 4 bytes. The cursors count slots
 * and work as in the ring of int32 items. (Source: the record layout is that of Agrona's
 * OneToOneRingBuffer, Thompson, without its padding records and its separate publication of each.)
 *
 * What the memory says of a length is held against what was published before it is used.
 */
import type { Adapter, Capabilities, Handle, OpenOptions, Slots } from "../contract.ts";
import { RingError, shown } from "../errors.ts";
import { countFrom } from "../shared/arguments.ts";
import { SharedReader, SharedWriter } from "../shared/ends.ts";
import { claimEnd, FIRST_WORD, type Layout, type SharedMemory } from "../shared/layout.ts";
import {
  type Design,
  sharedAdapter,
  SharedRing,
  workerCapabilities,
} from "../shared/shared_ring.ts";
import {
  beginAt,
  close,
  closed,
  HEADER_WORDS,
  itemsOf,
  ReaderCursor,
  roomOf,
  WriterCursor,
} from "./records/cursors.ts";
import { RecordSlots, SLOT_BYTES, slotsFor } from "./records/slots.ts";

const HAS_WRITER = FIRST_WORD, HAS_READER = HAS_WRITER + 1;
const layout: Layout = { kind: "REC1", headerWords: HEADER_WORDS, elementBytes: SLOT_BYTES };

const capabilities: Capabilities = {
  ...workerCapabilities,
  items: "records",
  producers: 1,
  consumers: 1,
  progress: "wait-free",
  atomicBatch: true,
  width: false,
};

const design: Design<RecordWriter, RecordReader, Uint8Array> = {
  name: "records",
  family: "atomics",
  capabilities,
  layout,
  begin: ({ words }, start) => beginAt(words, start),
  writer: (memory) => new RecordWriter(memory),
  reader: (memory) => new RecordReader(memory),
  close: ({ words }) => close(words),
};

export type RecordRing = SharedRing<RecordWriter, RecordReader, Uint8Array>;

export const adapter: Adapter<Uint8Array> = sharedAdapter(design);

/**
 * A new ring of `capacity` slots of 8 bytes, a power of two. A record takes 4 bytes and its own.
 *
 * @example Lines of text from a worker, read without an allocation a line
 * ```ts
 * import { isMainThread, Worker, workerData } from "node:worker_threads";
 * import { assertEquals } from "@std/assert";
 * import { attachRecords, openRecords } from "ringproof/records";
 *
 * if (isMainThread) {
 *   const ring = openRecords({ capacity: 1024 });
 *   const reader = await ring.reader();
 *   new Worker(new URL(import.meta.url), { workerData: ring.handle });
 *   const line = new Uint8Array(80), some: Uint8Array[] = [new Uint8Array(0)];
 *   let lines = 0, bytes = 0;
 *   while (await reader.read(some) > 0) {
 *     for (let length = some[0]!.length; length >= 0; length = reader.tryReadRecord(line)) {
 *       lines++;
 *       bytes += length;
 *     }
 *   }
 *   assertEquals([lines, bytes], [2000, 14890]);
 * } else {
 *   const ring = attachRecords(workerData);
 *   const writer = await ring.writer();
 *   for (let i = 0; i < 2000; i++) {
 *     const line = new TextEncoder().encode(`row ${i}`);
 *     if (!writer.tryWriteRecord(line)) writer.writeSync([line]);
 *   }
 *   await ring.close();
 * }
 * ```
 */
export const openRecords = (options: OpenOptions): RecordRing => SharedRing.open(design, options);

/** The ring in the memory of a handle that came from another thread. */
export const attachRecords = (handle: Handle): RecordRing => SharedRing.attach(design, handle);

export class RecordWriter extends SharedWriter<Uint8Array> {
  /** Bytes of the longest record that the ring can hold; longer ones are refused. */
  readonly longest: number;
  readonly #cursor: WriterCursor;
  readonly #slots: RecordSlots;
  /** Slots that the next record is known to need. */
  #wanted = 1;

  constructor(memory: SharedMemory) {
    const { words, capacity } = memory;
    super(1, roomOf(words), claimEnd(words, HAS_WRITER, "writer"));
    this.#cursor = new WriterCursor(words, capacity);
    this.#slots = new RecordSlots(memory);
    this.longest = this.#slots.longest;
  }

  /**
   * One record: `length` bytes of `bytes` from the `from`-th on, all by default. False = it does not
   * fit now. RING_INVALID for a part that `bytes` does not have, or longer than `longest`;
   * RING_CLOSED once closed.
   */
  tryWriteRecord(bytes: Uint8Array, from = 0, length: number = bytes.length - from): boolean {
    this.#checkPart(bytes, from, length);
    const slots = slotsFor(length);
    if (this.#cursor.free(slots) < slots) return this.#full(slots);
    this.#slots.put(this.#cursor.position, bytes, from, length);
    this.#cursor.publish(slots);
    this.moved++;
    return true;
  }

  /** As many whole records as fit, published at once. RING_INVALID: one can never fit, or is none. */
  tryWrite(items: ArrayLike<Uint8Array>, from = 0): number {
    const offered = countFrom(items, from, 1, "write");
    for (let i = 0; i < offered; i++) this.#check(items[from + i]);
    const { position } = this.#cursor;
    let count = 0, used = 0;
    for (; count < offered; count++) {
      const record = items[from + count]!;
      const slots = slotsFor(record.length);
      if (this.#cursor.free(used + slots) < used + slots) {
        this.#wanted = slots;
        break;
      }
      this.#slots.put(position + used, record, 0, record.length);
      used += slots;
    }
    if (count === 0) {
      this.#full(this.#wanted);
      return 0;
    }
    this.#cursor.publish(used);
    this.moved += count;
    return count;
  }

  #full(wanted: number): false {
    if (this.#cursor.closed) throw closed();
    this.#wanted = wanted;
    return false;
  }

  #check(record: unknown): asserts record is Uint8Array {
    if (record instanceof Uint8Array && record.length <= this.longest) return;
    throw new RingError(
      "RING_INVALID",
      "write",
      record instanceof Uint8Array
        ? `the ring holds records of ${this.longest} bytes at most, got ${record.length}`
        : `a record is a Uint8Array, got ${shown(record)}`,
      record instanceof Uint8Array ? record.length : record,
    );
  }

  #checkPart(bytes: Uint8Array, from: number, length: number): void {
    const good = bytes instanceof Uint8Array && Number.isInteger(from) &&
      Number.isInteger(length) && from >= 0 && length >= 0 && from + length <= bytes.length &&
      length <= this.longest;
    if (good) return;
    if (from === 0 && length === bytes?.length) this.#check(bytes);
    throw new RingError(
      "RING_INVALID",
      "write",
      `a part of a record's ${bytes?.length} bytes, and ${this.longest} of them at most, is needed, ` +
        `got ${shown(length)} from ${shown(from)} on`,
      length,
    );
  }

  protected hasRoom(): boolean {
    return this.#cursor.free(this.#wanted) >= this.#wanted || this.#cursor.closed;
  }
}

export class RecordReader extends SharedReader<Uint8Array> {
  readonly #cursor: ReaderCursor;
  readonly #slots: RecordSlots;
  readonly #capacity: number;

  constructor(memory: SharedMemory) {
    const { words, capacity } = memory;
    super(1, itemsOf(words), claimEnd(words, HAS_READER, "reader"));
    this.#cursor = new ReaderCursor(words);
    this.#slots = new RecordSlots(memory);
    this.#capacity = capacity;
  }

  get done(): boolean {
    return this.#cursor.done;
  }

  /** Bytes of the next record; −1 = empty. */
  peekLength(): number {
    const there = this.#cursor.there;
    if (there === 0) return -1;
    const length = this.#slots.lengthAt(this.#cursor.position);
    if (slotsFor(length) <= there && there <= this.#capacity) return length;
    throw new RingError(
      "RING_FOREIGN",
      "read",
      `the next record says it has ${length} bytes, of the ${there} slots that are published`,
      length,
    );
  }

  /**
   * The next record's bytes to `into` from the `to`-th on; how many they are, −1 = empty.
   * RING_INVALID when they are more than there is room for: the record stays the next one.
   */
  tryReadRecord(into: Uint8Array, to = 0): number {
    const length = this.peekLength();
    if (length < 0) return length;
    if (!(Number.isInteger(to) && to >= 0 && to + length <= into.length)) {
      throw new RingError(
        "RING_INVALID",
        "read",
        `the next record has ${length} bytes, the buffer has ${into.length} and ${shown(to)} are ` +
          "left out",
        length,
      );
    }
    this.#slots.take(this.#cursor.position, length, into, to);
    this.#cursor.pass(slotsFor(length));
    this.#cursor.free();
    this.moved++;
    return length;
  }

  /**
   * Shows the next records, `most` of them at most, to `visit` without copying any but those that
   * wrap: each is the bytes from `begin` up to `end`, until `visit` returns. Their slots are freed
   * together. A record at which `visit` throws has been read. How many were shown; 0 = empty.
   */
  visitRecords(
    visit: (bytes: Uint8Array, begin: number, end: number) => void,
    most = Infinity,
  ): number {
    let count = 0;
    try {
      for (let length; count < most && (length = this.peekLength()) >= 0;) {
        const { position } = this.#cursor;
        this.#cursor.pass(slotsFor(length));
        count++;
        this.#slots.show(position, length, visit);
      }
    } finally {
      this.#cursor.free();
      this.moved += count;
    }
    return count;
  }

  /** Each record as a new Uint8Array. */
  tryRead(into: Slots<Uint8Array>, from = 0): number {
    const asked = countFrom(into, from, 1, "read");
    let count = 0;
    for (let length; count < asked && (length = this.peekLength()) >= 0; count++) {
      into[from + count] = this.#slots.copyOf(this.#cursor.position, length);
      this.#cursor.pass(slotsFor(length));
    }
    this.#cursor.free();
    this.moved += count;
    return count;
  }

  protected hasItems(): boolean {
    return this.#cursor.there > 0;
  }
}
