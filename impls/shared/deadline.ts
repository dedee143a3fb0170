/** A deadline on an event loop: exact where setTimeout is not. */

/** The longest delay that setTimeout takes on every runtime, in milliseconds; beyond it fires at once. */
const LONGEST_DELAY = 2 ** 31 - 1;

/**
 * Calls `late` once `timeoutMs` have passed, never early by performance.now(); Infinity: never, yet
 * the process is kept alive, since whoever waits wants to go on. The answer cancels it.
 */
export function atDeadline(timeoutMs: number, late: () => void): () => void {
  const deadline = performance.now() + timeoutMs;
  let timer: ReturnType<typeof setTimeout>;
  const look = () => {
    const left = deadline - performance.now();
    if (left > 0) timer = setTimeout(look, Math.min(Math.ceil(left), LONGEST_DELAY));
    else late();
  };
  timer = setTimeout(look, Math.min(Math.ceil(timeoutMs), LONGEST_DELAY));
  return () => clearTimeout(timer);
}
