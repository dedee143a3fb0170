/**
 * @thi.ng/csp: channels after Hoare's CSP over a ring buffer. (npm, 3.)
 *
 * Its select() is how a read is given up: it waits for whichever channel is readable first, and
 * here the other one is closed by the signal. A write cannot be given up.
 */
import { channel, select } from "@thi.ng/csp";
import { adapterFromAsyncCore, NOTHING, orAborted } from "../async_core.ts";

export const adapter = adapterFromAsyncCore("thi_ng_csp", (capacity) => {
  const items = channel<unknown>(capacity);
  const found = (item: unknown) => item === undefined ? NOTHING : item;
  return {
    get done() {
      return items.closed();
    },
    offer: (item) => items.offer(item),
    poll: () => found(items.poll()),
    send: (item, signal) => orAborted(items.write(item), signal),
    async receive(signal) {
      if (!signal) return found(await items.read());
      const given = channel<unknown>();
      const giveUp = () => given.close();
      signal.addEventListener("abort", giveUp, { once: true });
      const [item] = await select(items, given);
      signal.removeEventListener("abort", giveUp);
      signal.throwIfAborted();
      return found(item);
    },
    close: () => items.close(),
  };
});
