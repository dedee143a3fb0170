/** The writing end of a ring that overwrites: it never waits, whatever its readers do. */
import { RingError } from "../../errors.ts";
import { claimEnd } from "../../shared/layout.ts";
import { BatchingWriter } from "../batching.ts";
import { type Chunks, HAS_WRITER, LAPS } from "./chunks.ts";

export class OverwritingWriter extends BatchingWriter {
  readonly #chunks: Chunks;
  /** Chunks outside the table; those among them that no reader has pinned can be filled. */
  readonly #spares: Int32Array;
  /** What the readers have pinned, as last seen. */
  readonly #pins: Int32Array;
  /** Position of the chunk after the one that `at` lies in, and where in the slots that one ends. */
  #next: number;
  #end = 0;

  constructor(chunks: Chunks) {
    const { words, slots, published, chunkItems } = chunks;
    const release = claimEnd(words, HAS_WRITER, "writer");
    // What it waits on is of no account: it never waits.
    super(chunks.width, slots, published, published.items, release);
    this.#chunks = chunks;
    this.#spares = chunks.spares();
    this.#pins = new Int32Array(chunks.seats);
    const position = chunks.position(this.cursor, Atomics.load(words, LAPS));
    const number = chunks.numberAt(position);
    const offset = position - number * chunkItems;
    this.#next = position;
    if (offset === 0) return;
    // A writer before this one has begun the chunk.
    const chunk = chunks.named(Atomics.load(words, chunks.entryOf(number)), "write");
    this.moveTo(chunk * chunkItems + offset);
    this.#end = (chunk + 1) * chunkItems;
    this.#next = chunks.forward(position, chunkItems - offset);
  }

  protected room(): number {
    if (this.at === this.#end) this.#turn();
    return this.#end - this.at;
  }

  /** Begins the next chunk, in the place of the oldest one. */
  #turn(): void {
    const chunks = this.#chunks, { chunkItems } = chunks;
    chunks.countLap(this.#next);
    const spare = this.#unpinned();
    const chunk = this.#spares[spare]!;
    const entry = chunks.entryOf(chunks.numberAt(this.#next));
    this.#spares[spare] = chunks.named(Atomics.exchange(chunks.words, entry, chunk), "write");
    this.moveTo(chunk * chunkItems);
    this.#end = this.at + chunkItems;
    this.#next = chunks.forward(this.#next, chunkItems);
  }

  /** Which spare chunk is the first that no reader has pinned: there is one spare more than seats. */
  #unpinned(): number {
    const pins = this.#pins;
    const seats = this.#chunks.readPins(pins);
    for (let spare = 0;; spare++) {
      const chunk = this.#spares[spare];
      if (chunk === undefined) throw foreign();
      let seat = 0;
      while (seat < seats && pins[seat] !== chunk) seat++;
      if (seat === seats) return spare;
    }
  }

  protected hasRoom(): boolean {
    return true;
  }
}

/** Memory comes from elsewhere: of an honest ring there is always a spare chunk without a pin. */
function foreign(): RingError {
  return new RingError("RING_FOREIGN", "write", "it has no chunk to go on with");
}
