/**
 * Memory of a ring that overwrites what is old while others may still be reading it: a pool of
 * chunks, of which a table says which hold the newest items.
 *
 *   words 0 …     the head, the seats' high-water mark, laps, and the place of a reader that left
 *   WRITTEN       the writer's cursor, and beside it nothing
 *   TABLE         for each of the last `live` chunk numbers n, at n % live: which chunk holds it
 *   SEATS         a stride each: the chunk that the seat's reader has pinned, and whether it is taken
 *   slots         the pool
 *
 * With all before it published, the writer puts an empty chunk into the table in the place of the
 * oldest, which thereby retires, and fills it. A chunk that has retired is put in again some time,
 * unless it is pinned then. A reader pins the chunk that the table names, and then looks how far the
 * writer has come. All this is by Atomics, and so in one order: either the reader finds that the
 * writer has passed the chunk, or the writer finds it pinned. So nobody writes where another reads,
 * elements are plain ones and copied as fast as memory goes, and there is nothing to validate after
 * a copy. (Source: Michael 2004, "Hazard pointers", for the pins; Simpson 1990, the four-slot
 * mechanism, for a writer that steps aside.)
 *
 * Every reader can hold one chunk, so there is one for each beyond those in the table, one more that
 * has just retired, and the writer never has to wait for one. The usual way instead is a reader that
 * copies first and looks afterwards whether the writer has passed it (Agrona's broadcast buffer). In
 * JavaScript each element would have to go through Atomics for that, which costs 14 to 17 ns an
 * element on V8 and 2.3 on JavaScriptCore, where a plain one costs 0.8 to 1.1.
 */
import { RingError } from "../../errors.ts";
import { FIRST_WORD, type Layout, type SharedMemory, STRIDE } from "../../shared/layout.ts";
import { ITEM_SHIFT } from "../cursor.ts";
import { Published } from "../published.ts";

export const HAS_WRITER = FIRST_WORD;
/** Seats with a higher number have never been taken. */
const SEATS_USED = HAS_WRITER + 1;
/** 2^29 items each: the upper part of the position, counted when the next chunk is begun. */
export const LAPS = HAS_WRITER + 2;
/** Where a reader that left stood, for rings whose next reader goes on there: laps and the rest. */
const LEFT_LAPS = HAS_WRITER + 3, LEFT_REST = HAS_WRITER + 4;
const WRITTEN = STRIDE;
const TABLE = 2 * STRIDE;
/** Chunks that the capacity is divided into; one more is live, so the table takes two strides. */
const PARTS = 32;
const SEATS = 4 * STRIDE;
/** In a seat's stride. */
const PINNED = 0, TAKEN = 1;
const NO_CHUNK = -1;

const LAP_SHIFT = 29, LAP = 2 ** LAP_SHIFT;
/** Elements of a chunk at least, for turning to a new one to be rare, unless that is all there are. */
const SMALLEST_CHUNK = 128;

export function overwritingLayout(kind: string, seats: number): Layout {
  return {
    kind,
    headerWords: SEATS + seats * STRIDE,
    elementBytes: 4,
    // The last term is for the size to tell any two capacities apart, as attach() checks it.
    slots(capacity, width) {
      const { chunks, chunkItems } = geometry(capacity, width, seats);
      return chunks * chunkItems + capacity % chunkItems;
    },
  };
}

interface Geometry {
  /** Items of a chunk: a power of two. */
  readonly chunkItems: number;
  /** Chunks that hold the newest `capacity` items wherever these begin. */
  readonly live: number;
  /** In the pool. */
  readonly chunks: number;
}

function geometry(capacity: number, width: number, seats: number): Geometry {
  const part = Math.ceil(Math.log2(capacity / PARTS));
  const smallest = Math.floor(Math.log2(SMALLEST_CHUNK / width));
  const whole = Math.ceil(Math.log2(capacity));
  const chunkItems = 2 ** Math.max(0, part, Math.min(smallest, whole));
  const live = Math.ceil(capacity / chunkItems) + 1;
  return { chunkItems, live, chunks: live + seats + 1 };
}

/** The memory as both ends see it. Positions are whole numbers modulo `positions`. */
export class Chunks implements Geometry {
  readonly words: Int32Array;
  readonly slots: Int32Array;
  readonly published: Published;
  readonly capacity: number;
  readonly width: number;
  readonly seats: number;
  readonly chunkItems: number;
  readonly live: number;
  readonly chunks: number;
  /** A multiple of all that positions are divided by, for each quotient to come round with them. */
  readonly positions: number;
  readonly #laps: number;

  constructor(memory: SharedMemory, seats: number) {
    const { buffer, slotsAt, words, capacity, width } = memory;
    const { chunkItems, live, chunks } = geometry(capacity, width, seats);
    this.words = words;
    this.slots = new Int32Array(buffer, slotsAt, chunks * chunkItems * width);
    this.published = new Published(words, WRITTEN);
    this.capacity = capacity;
    this.width = width;
    this.seats = seats;
    this.chunkItems = chunkItems;
    this.live = live;
    this.chunks = chunks;
    this.#laps = live * 2 ** 18; // 33 * 2^47 positions are less than 2^53
    this.positions = this.#laps * LAP;
  }

  /** Sets new memory to the position of the first item. */
  begin(start: number): void {
    const { words, live, seats } = this;
    const position = start % this.positions;
    const laps = Math.floor(position / LAP);
    for (let i = 0; i < live; i++) Atomics.store(words, TABLE + i, i);
    for (let seat = 0; seat < seats; seat++) Atomics.store(words, seatWord(seat), NO_CHUNK);
    Atomics.store(words, LAPS, laps);
    this.keepPlace(position);
    this.published.begin(position);
  }

  /**
   * The position that a cursor stands for. The laps were read after the cursor,
   * and have not changed since before it; they may be one behind, as its own highest bit tells.
   * Laps out of range stand for none: memory may come from elsewhere.
   */
  position(cursor: number, laps: number): number {
    const items = cursor >>> ITEM_SHIFT;
    const whole = laps + ((laps ^ (items >>> LAP_SHIFT)) & 1);
    return this.#inRange(whole) * LAP + (items & (LAP - 1));
  }

  #inRange(laps: number): number {
    return laps >= 0 && laps < this.#laps ? laps : 0;
  }

  /** Items from the position `from` to the position `to`. */
  distance(to: number, from: number): number {
    return to >= from ? to - from : to - from + this.positions;
  }

  forward(position: number, count: number): number {
    const next = position + count;
    return next >= this.positions ? next - this.positions : next;
  }

  /** The number of the chunk of items that a position lies in; chunks count on like items. */
  numberAt(position: number): number {
    return Math.floor(position / this.chunkItems);
  }

  /** Where the table says which chunk holds those of this number. */
  entryOf(number: number): number {
    return TABLE + number % this.live;
  }

  /** The chunk that a word of the table names; RING_FOREIGN for one that the pool has not. */
  named(chunk: number, action: "read" | "write"): number {
    if (chunk >= 0 && chunk < this.chunks) return chunk;
    const why = `its table names chunk ${chunk} of ${this.chunks}`;
    throw new RingError("RING_FOREIGN", action, why, chunk);
  }

  /** Counts the lap that a position begins, if it begins one. */
  countLap(position: number): void {
    if (position % LAP === 0) Atomics.store(this.words, LAPS, position / LAP);
  }

  /** The chunks that the table does not name. Only the writer changes it. */
  spares(): Int32Array {
    const { words, chunks, live } = this;
    const free = new Set(Array.from({ length: chunks }, (_, chunk) => chunk));
    for (let i = 0; i < live; i++) {
      const chunk = Atomics.load(words, TABLE + i);
      if (free.delete(chunk)) continue;
      const why = `its table names chunk ${chunk}, which it has not or names twice`;
      throw new RingError("RING_FOREIGN", "open a writer", why, chunk);
    }
    return Int32Array.from(free);
  }

  keepPlace(position: number): void {
    Atomics.store(this.words, LEFT_LAPS, Math.floor(position / LAP));
    Atomics.store(this.words, LEFT_REST, position % LAP);
  }

  keptPlace(): number {
    const { words } = this;
    const laps = this.#inRange(Atomics.load(words, LEFT_LAPS));
    return laps * LAP + (Atomics.load(words, LEFT_REST) & (LAP - 1));
  }

  /** A seat of its own for a reader: the word of its pin. RING_BUSY. */
  takeSeat(): number {
    const { words, seats } = this;
    for (let seat = 0; seat < seats; seat++) {
      const pin = seatWord(seat);
      if (Atomics.compareExchange(words, pin + TAKEN, 0, 1) !== 0) continue;
      raise(words, SEATS_USED, seat + 1);
      return pin;
    }
    const what = seats === 1 ? "its one reader" : `its ${seats} readers`;
    throw new RingError("RING_BUSY", "open a reader", `the ring has ${what} already`);
  }

  leaveSeat(pin: number): void {
    Atomics.store(this.words, pin + PINNED, NO_CHUNK);
    Atomics.store(this.words, pin + TAKEN, 0);
  }

  /**
   * What each seat's reader has pinned, or tries to, into `pins`; how many seats that are. Each is
   * looked at once: a reader that changes its mind between two looks would seem to hold two chunks.
   */
  readPins(pins: Int32Array): number {
    const used = Math.min(Atomics.load(this.words, SEATS_USED), this.seats);
    for (let seat = 0; seat < used; seat++) pins[seat] = Atomics.load(this.words, seatWord(seat));
    return used;
  }
}

const seatWord = (seat: number) => SEATS + seat * STRIDE;

/** The word is `least` at least. */
function raise(words: Int32Array, index: number, least: number): void {
  for (let now = Atomics.load(words, index); now < least;) {
    now = Atomics.compareExchange(words, index, now, least);
  }
}
