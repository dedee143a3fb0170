/**
 * The served ring itself, without the network: what was written, sent ahead and read, by position.
 *
 * consumed ≤ sent ≤ written ≤ granted ≤ consumed + capacity. An item leaves the ring when it was
 * consumed, not when it was sent: so credit is exact, and what a reader was sent and did not read is
 * still in place when the reader goes.
 */
import { ItemStore } from "./item_store.ts";
import { batchItems, ITEMS, Violation, windowItems, WORD_BYTES } from "./protocol.ts";

export class Ledger {
  readonly capacity: number;
  readonly width: number;
  readonly #items: ItemStore;
  readonly #batch: number;
  readonly #window: number;
  // Positions count items from 0 and never wrap: 2^53 are not reached.
  #granted = 0;
  #written = 0;
  #sent = 0;
  #consumed = 0;
  /** Where the present reader began. */
  #joined = 0;

  constructor(capacity: number, width: number) {
    this.capacity = capacity;
    this.width = width;
    this.#items = new ItemStore(capacity, width);
    this.#batch = batchItems(capacity, width);
    this.#window = windowItems(capacity, width);
  }

  /** Items the reader has not been sent. */
  get unsent(): number {
    return this.#written - this.#sent;
  }

  /** Items that the reader was sent and has not said it read. */
  get unconsumed(): number {
    return this.#sent - this.#consumed;
  }

  /** A new writer begins: the credit of the one before it, spent or not, is void. */
  joinWriter(): void {
    this.#granted = this.#written;
  }

  /** Credit not granted yet, which is granted by this call. */
  grant(): number {
    const credit = this.#consumed + this.capacity - this.#granted;
    this.#granted += credit;
    return credit;
  }

  /** Takes the items of an ITEMS message, or throws Violation with nothing taken. */
  accept(message: Uint8Array): void {
    const count = (message.length / WORD_BYTES - 1) / this.width;
    const credit = this.#granted - this.#written;
    if (count > credit) throw new Violation(1008, `${count} items on a credit of ${credit}`);
    this.#items.put(this.#written, message.subarray(WORD_BYTES));
    this.#written += count;
  }

  /** A new reader begins with the oldest item not consumed. */
  joinReader(): void {
    this.#sent = this.#consumed;
    this.#joined = this.#consumed;
  }

  /** The next ITEMS message for the reader, as full as can be; undefined when it has all for now. */
  next(): Int32Array | undefined {
    const room = this.#consumed + this.#window - this.#sent;
    const count = Math.min(room, this.unsent, this.#batch);
    if (count === 0) return undefined;
    const message = new Int32Array(1 + count * this.width);
    message[0] = ITEMS;
    this.#items.copy(this.#sent, count, message, 1);
    this.#sent += count;
    return message;
  }

  /** The present reader has read so many items since it began, modulo 2^32; or Violation. */
  consume(position: number): void {
    const count = (position - (this.#consumed - this.#joined)) >>> 0;
    if (count > this.unconsumed) {
      throw new Violation(1008, `${count} items read of ${this.unconsumed} sent`);
    }
    this.#consumed += count;
  }
}
