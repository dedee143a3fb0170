/**
 * Blocking waits that pass no time, in a realm whose thread has its rings to itself: nobody would wake
 * it, so that each of them would only run out.
 */

export function passNoTime(): void {
  const atomics = Atomics as { wait(words: Int32Array, index: number, value: number): string };
  atomics.wait = (words, index, value) =>
    Atomics.load(words, index) === value ? "timed-out" : "not-equal";
}
