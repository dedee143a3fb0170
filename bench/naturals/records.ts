/** The ring of records by tryWriteRecord() and tryReadRecord(), from bytes and into bytes. */
import type { Adapter, Handle, Ring } from "../../impls/contract.ts";
import { registry } from "../../impls/registry.ts";
import type { Case, Follow, Lead, Pass } from "../cases/case.ts";
import { direct } from "../cell/direct.ts";
import { CAPACITY } from "../cell/ring.ts";
import { Mismatch } from "../harness/numbering.ts";
import { payloadOf } from "../harness/payload.ts";
import { Spin } from "../harness/spin.ts";

interface RecordWriter {
  tryWriteRecord(bytes: Uint8Array): boolean;
}

interface RecordReader {
  /** Its length; -1 = empty. */
  tryReadRecord(into: Uint8Array): number;
}

/** What fills a record, with a number that it is recognised by. */
interface Content {
  readonly bytes: Uint8Array;
  stamp(number: number): number;
  verify(number: number): number;
}

const { load, family } = registry.records!;
const adapter = async () => await load() as Adapter<Uint8Array>;

export const records = direct<Ring<Uint8Array>>({
  name: "records:copy",
  of: "records",
  family,
  kind: "ring",
  summary: "records by tryWriteRecord() and tryReadRecord(), one at a time",
  async open({ capacity = CAPACITY }: Case) {
    const { handle } = await (await adapter()).open({ capacity });
    return { lead: { at: handle }, follow: { at: handle } };
  },
  join: async (at) => await (await adapter()).attach(at as Handle),
  loops: {
    throughput: {
      batches: [1],
      lead: async (ring) => receiver(await readerOf(ring), numbered()),
      follow: async (ring) => sender(await writerOf(ring), numbered()),
    },
    payload: {
      lead: async (ring) => receiver(await readerOf(ring), large()),
      follow: async (ring) => sender(await writerOf(ring), large()),
    },
    memory: { solo: async (ring) => pass(await writerOf(ring), await readerOf(ring)) },
  },
});

const writerOf = async (ring: Ring<Uint8Array>) => await ring.writer() as unknown as RecordWriter;
const readerOf = async (ring: Ring<Uint8Array>) => await ring.reader() as unknown as RecordReader;

/** Four bytes, which are its number. */
function numbered(): Content {
  const word = new Int32Array(1);
  return {
    bytes: new Uint8Array(word.buffer),
    stamp: (number) => word[0] = number,
    verify(number) {
      if (word[0] === number) return number;
      throw new Mismatch(`record ${number >>> 0} should hold ${number}, holds ${word[0]}`);
    },
  };
}

function large(): Content {
  const { words, stamp, verify } = payloadOf();
  return { bytes: new Uint8Array(words.buffer), stamp, verify };
}

function sender(writer: RecordWriter, { bytes, stamp }: Content): Follow {
  return {
    grain: 1,
    run(first, count) {
      const spin = new Spin();
      let sum = 0;
      for (let i = 0; i < count; i++) {
        sum = (sum + stamp((first + i) | 0)) | 0;
        while (!writer.tryWriteRecord(bytes)) spin.idle(i);
      }
      return sum;
    },
  };
}

function receiver(reader: RecordReader, { bytes, verify }: Content): Lead {
  return {
    grain: 1,
    run(first, count) {
      const spin = new Spin();
      let sum = 0;
      for (let i = 0; i < count; i++) {
        let length = reader.tryReadRecord(bytes);
        for (; length < 0; length = reader.tryReadRecord(bytes)) spin.idle(i);
        expectLength(length, bytes);
        sum = (sum + verify((first + i) | 0)) | 0;
      }
      return sum;
    },
    rest() {
      if (reader.tryReadRecord(bytes) >= 0) throw new Mismatch("a record more than was sent");
    },
  };
}

function pass(writer: RecordWriter, reader: RecordReader): Pass {
  const { bytes, stamp, verify } = numbered();
  let first = 0;
  return {
    items: CAPACITY,
    run() {
      for (let i = 0; i < CAPACITY; i++) {
        stamp((first + i) | 0);
        if (!writer.tryWriteRecord(bytes)) throw new Mismatch(`full with ${i} records`);
      }
      for (let i = 0; i < CAPACITY; i++) {
        expectLength(reader.tryReadRecord(bytes), bytes);
        verify((first + i) | 0);
      }
      first = (first + CAPACITY) | 0;
    },
  };
}

function expectLength(length: number, { length: expected }: Uint8Array): void {
  if (length !== expected) throw new Mismatch(`a record of ${length} bytes, not ${expected}`);
}
