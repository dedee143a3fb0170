/** The platform as it was before it was patched: what the explorer itself works with. */
import { setImmediate } from "node:timers";

export const atomics = {
  load: Atomics.load,
  store: Atomics.store,
  add: Atomics.add,
  sub: Atomics.sub,
  and: Atomics.and,
  or: Atomics.or,
  xor: Atomics.xor,
  exchange: Atomics.exchange,
  compareExchange: Atomics.compareExchange,
  wait: Atomics.wait,
  notify: Atomics.notify,
  pause: (Atomics as unknown as { pause?: () => void }).pause ?? (() => {}),
} as const;

/** Once the event loop has turned. */
export const soon: (act: () => void) => void = setImmediate;
