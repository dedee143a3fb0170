/** Timers that can be cut short: by ringing, or by a signal. */
export class Bell {
  readonly #sleepers = new Set<() => void>();

  ring(): void {
    for (const wake of this.#sleepers) wake();
  }

  /** Resolves after that long, when the bell rings, or when the signal aborts. */
  sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", wake);
        this.#sleepers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      signal?.addEventListener("abort", wake, { once: true });
      this.#sleepers.add(wake);
    });
  }
}
