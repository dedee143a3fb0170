/**
 * Records in slots of 8 bytes: the length in bytes (u32), then the bytes. A record begins at a slot
 * and wraps round the end of the memory wherever that is; what is left of its last slot is unused.
 *
 *   ┌────────────┬────────────┬─────────────────────────┬──────────┬──────────────┐
 *   │ length: 13 │ bytes 0–3  │ bytes 4–11              │ 12       │ unused       │
 *   └────────────┴────────────┴─────────────────────────┴──────────┴──────────────┘
 *     slot n                    slot n + 1                slot n + 2
 */
import type { SharedMemory } from "../../shared/layout.ts";

export const SLOT_BYTES = 8;
const LENGTH_BYTES = 4;
/** Bytes from which on a copy by the engine is faster: of a whole array, and of a part of one. */
const WHOLE = 32, PART = 128;

/** Slots that a record of so many bytes takes. */
export function slotsFor(length: number): number {
  return Math.ceil((LENGTH_BYTES + length) / SLOT_BYTES);
}

export class RecordSlots {
  /** Bytes of the longest record that fits. */
  readonly longest: number;
  readonly #bytes: Uint8Array;
  /** Two words a slot. */
  readonly #words: Int32Array;
  readonly #mask: number;
  /** Where a record is gathered that a visitor is to see in one piece. */
  #gathered = new Uint8Array(0);

  constructor({ buffer, slotsAt, capacity }: SharedMemory) {
    this.longest = capacity * SLOT_BYTES - LENGTH_BYTES;
    this.#bytes = new Uint8Array(buffer, slotsAt, capacity * SLOT_BYTES);
    this.#words = new Int32Array(buffer, slotsAt, capacity * (SLOT_BYTES / 4));
    this.#mask = capacity - 1;
  }

  /** Bytes of the record at a position, as the memory has it: not to be believed unchecked. */
  lengthAt(position: number): number {
    return this.#words[2 * (position & this.#mask)]! >>> 0;
  }

  put(position: number, record: Uint8Array, from: number, length: number): void {
    this.#words[2 * (position & this.#mask)] = length;
    const at = this.#payloadAt(position), first = this.#first(at, length);
    copyBytes(this.#bytes, at, record, from, first);
    if (first < length) copyBytes(this.#bytes, 0, record, from + first, length - first);
  }

  take(position: number, length: number, into: Uint8Array, to: number): void {
    const at = this.#payloadAt(position), first = this.#first(at, length);
    copyBytes(into, to, this.#bytes, at, first);
    if (first < length) copyBytes(into, to + first, this.#bytes, 0, length - first);
  }

  /** A record as a new array of its own. */
  copyOf(position: number, length: number): Uint8Array {
    const at = this.#payloadAt(position);
    if (this.#first(at, length) === length) return this.#bytes.slice(at, at + length);
    const record = new Uint8Array(length);
    this.take(position, length, record, 0);
    return record;
  }

  /** Shows a record in one piece where it lies, or gathered if it wraps. */
  show(
    position: number,
    length: number,
    visit: (bytes: Uint8Array, begin: number, end: number) => void,
  ): void {
    const at = this.#payloadAt(position);
    if (this.#first(at, length) === length) return visit(this.#bytes, at, at + length);
    if (this.#gathered.length < length) {
      this.#gathered = new Uint8Array(Math.min(2 * length, this.longest));
    }
    this.take(position, length, this.#gathered, 0);
    visit(this.#gathered, 0, length);
  }

  #payloadAt(position: number): number {
    return (position & this.#mask) * SLOT_BYTES + LENGTH_BYTES;
  }

  /** Of `length` bytes from the `at`-th on, those before the end of the memory. */
  #first(at: number, length: number): number {
    return Math.min(length, this.#bytes.length - at);
  }
}

function copyBytes(
  target: Uint8Array,
  to: number,
  source: Uint8Array,
  from: number,
  count: number,
): void {
  if (count >= WHOLE && count === source.length) return target.set(source, to);
  if (count >= PART) return target.set(source.subarray(from, from + count), to);
  for (let i = 0; i < count; i++) target[to + i] = source[from + i]!;
}
