/** ts-chan: channels after Go's, each operation ending in a turn of the event loop. (npm, 0.6.) */
import { Chan, SendOnClosedChannelError } from "ts-chan";
import { adapterFromAsyncCore, NOTHING } from "../async_core.ts";

export const adapter = adapterFromAsyncCore("ts_chan", (capacity) => {
  const channel = new Chan<unknown>(capacity);
  let closed = false;
  return {
    get done() {
      return closed && channel.length === 0;
    },
    offer: (item) => channel.trySend(item),
    poll() {
      const found = channel.tryRecv();
      return found === undefined || found.done ? NOTHING : found.value;
    },
    async send(item, signal) {
      try {
        await channel.send(item, signal);
        return true;
      } catch (error) {
        if (error instanceof SendOnClosedChannelError) return false;
        throw error;
      }
    },
    async receive(signal) {
      const { value, done } = await channel.recv(signal);
      return done ? NOTHING : value;
    },
    close() {
      closed = true;
      channel.close();
    },
  };
});
