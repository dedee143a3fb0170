/**
 * node:stream's PassThrough in object mode, its queue on the writable side. write() tells when it
 * is full and `drain` when there is room again, which is when it has run empty.
 */
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { adapterFromAsyncCore, NOTHING } from "../async_core.ts";

export const adapter = adapterFromAsyncCore("pass_through", (capacity) => {
  const stream = new PassThrough({
    objectMode: true,
    writableHighWaterMark: capacity,
    readableHighWaterMark: 1,
  });
  let closed = false;
  const offer = (item: unknown) => {
    if (stream.writableNeedDrain) return false;
    stream.write(item);
    return true;
  };
  const poll = () => stream.read() ?? NOTHING;
  return {
    get done() {
      return stream.readableEnded || stream.destroyed;
    },
    offer,
    poll,
    async send(item, signal) {
      while (!closed) {
        if (offer(item)) return true;
        await any(stream, ["drain", "finish", "close"], signal);
      }
      return false;
    },
    async receive(signal) {
      for (;;) {
        const item = poll();
        if (item !== NOTHING || stream.readableEnded || stream.destroyed) return item;
        await any(stream, ["readable", "end", "close"], signal);
      }
    },
    close() {
      closed = true;
      stream.end();
    },
    discard: () => stream.destroy(),
  };
});

/** Resolves at the first of the events; rejects when the signal is aborted. */
async function any(stream: PassThrough, events: string[], signal: AbortSignal | undefined) {
  const over = new AbortController();
  const signals = signal ? [signal, over.signal] : [over.signal];
  const first = events.map((event) => once(stream, event, { signal: AbortSignal.any(signals) }));
  try {
    await Promise.race(first);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    over.abort();
    for (const other of first) other.catch(() => {});
  }
}
