/**
 * The receiving side of a port. A port hands each message to its listener once and keeps none, so
 * that whoever reads at moments of its own keeps a list of what has come.
 */
import { NOTHING } from "../async_core.ts";

export class Inbox {
  readonly #items: unknown[] = [];
  /** Those who wait for an item; each is called once, with one or with NOTHING at the end. */
  readonly #readers = new Set<(item: unknown) => void>();
  #ended = false;

  get done(): boolean {
    return this.#ended && this.#items.length === 0;
  }

  deliver(item: unknown): void {
    for (const reader of this.#readers) return reader(item);
    this.#items.push(item);
  }

  end(): void {
    this.#ended = true;
    for (const reader of this.#readers) reader(NOTHING);
  }

  poll(): unknown {
    return this.#items.length > 0 ? this.#items.shift() : NOTHING;
  }

  receive(signal: AbortSignal | undefined): Promise<unknown> {
    if (this.#items.length > 0 || this.#ended) return Promise.resolve(this.poll());
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#readers.delete(take);
        signal?.removeEventListener("abort", giveUp);
      };
      const take = (item: unknown) => (leave(), resolve(item));
      const giveUp = () => (leave(), reject(signal!.reason));
      this.#readers.add(take);
      signal?.addEventListener("abort", giveUp, { once: true });
    });
  }
}
