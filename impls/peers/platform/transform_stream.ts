/**
 * The platform's TransformStream, its queue on the writable side. (WHATWG Streams.)
 *
 * Room is what `ready` and `desiredSize` tell; the promise of a single write is settled by whoever
 * reads it. A stream has no way to ask for an item without waiting: tryRead() finds none, ever. A
 * read is given up by releasing the lock that it is made under.
 */
import { adapterFromAsyncCore, NOTHING, orAborted } from "../async_core.ts";

export const adapter = adapterFromAsyncCore("transform_stream", (capacity) => {
  const { writable, readable } = new TransformStream<unknown, unknown>(
    undefined,
    { highWaterMark: capacity },
    { highWaterMark: 0 },
  );
  const writer = writable.getWriter();
  let reader = readable.getReader();
  let closed = false, ended = false;
  // Errors come to those who wait, by the promises that these are besides.
  for (const end of [writer.closed, reader.closed]) end.catch(() => {});
  const offer = (item: unknown) => {
    if ((writer.desiredSize ?? 0) <= 0) return false;
    writer.write(item).catch(() => {});
    return true;
  };
  return {
    get done() {
      return ended;
    },
    offer,
    poll: () => NOTHING,
    async send(item, signal) {
      while (!closed) {
        if (offer(item)) return true;
        await orAborted(writer.ready, signal);
      }
      return false;
    },
    async receive(signal) {
      const giveUp = () => {
        reader.releaseLock();
        reader = readable.getReader();
      };
      signal?.addEventListener("abort", giveUp, { once: true });
      try {
        const { value, done } = await reader.read();
        ended ||= done;
        return done ? NOTHING : value;
      } catch (error) {
        signal?.throwIfAborted();
        throw error;
      } finally {
        signal?.removeEventListener("abort", giveUp);
      }
    },
    close() {
      closed = true;
      writer.close().catch(() => {});
    },
    discard() {
      ended = true;
      reader.cancel().catch(() => {});
    },
  };
}, { producers: 1, consumers: 1 });
