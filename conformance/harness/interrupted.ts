/**
 * Something else in the middle of a ring's copy, on the same thread: what another thread, a signal or
 * a driver's callback would do between any two instructions happens here at one that is chosen.
 */
import type { Slots } from "../../impls/contract.ts";

/**
 * The elements in a plain array, which rings copy one by one: `act` is called once, when the one at
 * `index` is first read or written.
 */
export function interruptedAt(
  index: number,
  elements: ArrayLike<unknown>,
  act: () => void,
): Slots<unknown> {
  const items = Array.from(elements);
  let value = items[index], due = true;
  const interrupt = () => {
    if (due) {
      due = false;
      act();
    }
  };
  return Object.defineProperty(items, index, {
    get() {
      interrupt();
      return value;
    },
    set(written) {
      interrupt();
      value = written;
    },
  });
}
