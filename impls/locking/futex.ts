/**
 * A mutual exclusion lock in a word of shared memory, for threads that may block.
 *
 * Three states: 0 free, 1 locked, 2 locked and somebody may sleep. Only an unlock that finds 2 makes
 * a call to wake one sleeper, who takes the lock with state 2, since others may sleep still.
 * (Source: Drepper, "Futexes Are Tricky", the second mutex.)
 */
import { pause } from "../shared/runtime.ts";

const FREE = 0, LOCKED = 1, CONTENDED = 2;
/** Tries before a thread sleeps; a critical section here is shorter than a sleep and a wake-up. */
const SPINS = 100;

/** Runs `section` holding the lock, which is released on every path. */
export function locked<R>(words: Int32Array, word: number, section: () => R): R {
  lock(words, word);
  try {
    return section();
  } finally {
    unlock(words, word);
  }
}

function lock(words: Int32Array, word: number): void {
  for (let spin = 0; spin < SPINS; spin++) {
    if (Atomics.compareExchange(words, word, FREE, LOCKED) === FREE) return;
    pause();
  }
  while (Atomics.exchange(words, word, CONTENDED) !== FREE) Atomics.wait(words, word, CONTENDED);
}

function unlock(words: Int32Array, word: number): void {
  if (Atomics.exchange(words, word, FREE) === CONTENDED) Atomics.notify(words, word, 1);
}
