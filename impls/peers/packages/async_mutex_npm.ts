/**
 * async-mutex's semaphores around an array: Dijkstra's bounded buffer, one permit a free slot and
 * one an item. A permit that comes after its waiter has left goes back, as the package's own
 * withTimeout() does it. (Source: npm, async-mutex 0.5; Dijkstra 1965.)
 */
import { E_CANCELED, Semaphore } from "async-mutex";
import { adapterFromAsyncCore, NOTHING, orAborted } from "../async_core.ts";

export const adapter = adapterFromAsyncCore("async_mutex_npm", (capacity) => {
  const free = new Semaphore(capacity), filled = new Semaphore(0);
  const items: unknown[] = [];
  let closed = false;
  const put = (item: unknown) => {
    items.push(item);
    filled.release();
  };
  const take = () => {
    const item = items.shift();
    free.release();
    return item;
  };
  const poll = () => {
    if (filled.isLocked()) return NOTHING;
    filled.acquire();
    return take();
  };
  return {
    get done() {
      return closed && items.length === 0;
    },
    offer(item) {
      if (free.isLocked()) return false;
      free.acquire();
      put(item);
      return true;
    },
    poll,
    async send(item, signal) {
      if (!(await permit(free, signal))) return false;
      put(item);
      return true;
    },
    async receive(signal) {
      return closed ? poll() : await permit(filled, signal) ? take() : NOTHING;
    },
    close() {
      closed = true;
      free.cancel();
      filled.cancel();
    },
  };
});

/** False when the semaphore's waiters were sent away. */
async function permit(semaphore: Semaphore, signal: AbortSignal | undefined): Promise<boolean> {
  const given = semaphore.acquire();
  try {
    await orAborted(given, signal);
    return true;
  } catch (error) {
    if (error === E_CANCELED) return false;
    given.then(([, release]) => release(), () => {});
    throw error;
  }
}
