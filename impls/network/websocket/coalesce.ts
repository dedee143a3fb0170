/**
 * Calls within one turn of the event loop become one: the first runs at once, so that a single
 * message is not delayed, and those that follow run together when the turn is over.
 */
import { setImmediate } from "node:timers";

export function coalesced(run: () => void): () => void {
  let waiting = false, asked = false;
  const request = () => {
    if (waiting) {
      asked = true;
      return;
    }
    waiting = true;
    setImmediate(() => {
      waiting = false;
      if (!asked) return;
      asked = false;
      request();
    });
    run();
  };
  return request;
}
