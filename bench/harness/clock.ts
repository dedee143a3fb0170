/** What reading the clock takes, which measuring something short must not be taken for. */

const NS_PER_MS = 1e6;
const READINGS = 200, ROUNDS = 31;

/**
 * Nanoseconds of one performance.now(), in a loop that has been compiled: the least of several rounds,
 * since on a busy machine others come between the readings.
 */
export function clockCostNs(): number {
  return Math.min(...Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    let last = start;
    for (let reading = 0; reading < READINGS; reading++) last = performance.now();
    return (last - start) * NS_PER_MS / READINGS;
  }));
}
