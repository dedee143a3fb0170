/**
 * Who goes on, wherever more than one may. A choice is a thread, or, from 8 on, the end of a timed
 * sleep of a thread: time passes then; or, from 16 on, the death of the thread that runs.
 *
 * depth first  every schedule with at most so many preemptions, the fewest first. (Source: Musuvathi
 *              and Qadeer 2007, iterative context bounding.)
 * random       stays with a thread mostly; what it changes to is even.
 * pct          random priorities that change at a few random steps: a fault that takes d ordering
 *              constraints is found with a probability of 1 / (n · k^(d-1)) at least. (Source:
 *              Burckhardt et al. 2010.)
 *
 * Deaths are free to a depth-first schedule, which tries one wherever there may be one; the other
 * two draw the steps at which threads die.
 */
import { MAX_THREADS, word } from "./control.ts";

export const strategy = { depthFirst: 0, random: 1, pct: 2, replay: 3 } as const;
export type StrategyName = "depth-first" | "random" | "pct";

/** The choice that ends the timed sleep of thread 0. */
export const TIMEOUT = MAX_THREADS;
/** The choice that thread 0 dies. */
export const DEATH = 2 * MAX_THREADS;
/** The choices that are threads. */
export const THREADS = (1 << MAX_THREADS) - 1;
/** The choices that are deaths. */
const DEATHS = THREADS << DEATH;
/** One in so many random choices lets time pass though somebody could go on. */
const HASTE = 16;
const NONE = -1;
/** A step that no execution comes to. */
const NEVER = 2 ** 31 - 1;

/** Prepares the words of the next execution. */
export function begin(words: Int32Array): void {
  const seed = words[word.seed]!;
  words[word.seed] = (seed + 1) | 0;
  // Neighbouring seeds must not give neighbouring sequences, and xorshift stands still at 0.
  words[word.random] = Math.imul(seed ^ (seed >>> 16), 0x45d9f3b) ^ 0x9e3779b9 || 1;
  drawDeath(words);
  if (words[word.strategy] !== strategy.pct) return;
  const threads = words[word.threads]!, depth = words[word.depth]!;
  for (let i = 0; i < threads; i++) words[word.priorities + i] = depth + i;
  for (let i = threads - 1; i > 0; i--) {
    const j = random(words) % (i + 1);
    const kept = words[word.priorities + i]!;
    words[word.priorities + i] = words[word.priorities + j]!;
    words[word.priorities + j] = kept;
  }
  for (let i = 0; i + 1 < depth; i++) {
    words[word.changes + i] = 1 + random(words) % Math.max(1, words[word.length]!);
  }
}

/** Lowers the priority of the thread that runs, at the steps drawn for it. */
export function atStep(words: Int32Array, me: number): void {
  if (words[word.strategy] !== strategy.pct) return;
  const steps = words[word.steps]!;
  for (let i = 0; i + 1 < words[word.depth]!; i++) {
    if (words[word.changes + i] === steps) words[word.priorities + me] = i;
  }
}

/** One of the bits of `given`, of which there are two or more; `me` is who asks. */
export function choose(words: Int32Array, given: number, me: number): number {
  const death = given & DEATHS;
  if (death !== 0 && words[word.steps]! >= words[word.deathAt]!) {
    drawDeath(words);
    return lowestBit(death);
  }
  const enabled = given & ~DEATHS, threads = enabled & THREADS;
  switch (words[word.strategy]) {
    case strategy.random:
      if (threads === 0 || (enabled !== threads && random(words) % HASTE === 0)) {
        return pickBit(words, enabled);
      }
      if (threads & (1 << me) && random(words) % 1000 >= words[word.restless]!) return me;
      return pickBit(words, threads);
    case strategy.pct:
      if (threads === 0 || (enabled !== threads && random(words) % HASTE === 0)) {
        return pickBit(words, enabled);
      }
      return highest(words, threads);
    default:
      return enabled & (1 << me) ? me : lowestBit(enabled);
  }
}

/** At which step of those to come the next thread dies; none does where nothing is drawn. */
function drawDeath(words: Int32Array): void {
  const how = words[word.strategy], now = words[word.steps]!;
  const drawn = words[word.mostDeaths]! > 0 && (how === strategy.random || how === strategy.pct);
  words[word.deathAt] = drawn ? now + 1 + random(words) % Math.max(1, words[word.length]!) : NEVER;
}

/** Turns the schedule that was into the one to try next; false = there is none left. */
export function advance(words: Int32Array): boolean {
  if (words[word.strategy] !== strategy.depthFirst) return true;
  while (!backtrack(words)) {
    if (words[word.bound] === words[word.lastBound]) return false;
    words[word.bound]!++;
    words[word.forced] = 0;
    words[word.decisions] = 0;
    return true;
  }
  return true;
}

function backtrack(words: Int32Array): boolean {
  const bound = words[word.bound]!;
  for (let at = words[word.decisions]! - 1; at >= 0; at--) {
    const tried = words[word.tried + at]! | (1 << words[word.choices + at]!);
    words[word.tried + at] = tried;
    const next = alternative(words, at, tried, bound);
    if (next === NONE) continue;
    for (let i = 0; i < at; i++) words[word.given + i] = words[word.choices + i]!;
    words[word.given + at] = next;
    words[word.forced] = at + 1;
    return true;
  }
  return false;
}

function alternative(words: Int32Array, at: number, tried: number, bound: number): number {
  const enabled = words[word.enabled + at]!, before = words[word.before + at]!;
  for (let left = enabled & ~tried; left !== 0; left &= left - 1) {
    const choice = lowestBit(left);
    const spent = (before >> 3) + cost(choice, enabled, before & 7);
    if (spent <= bound) return choice;
  }
  return NONE;
}

/** A preemption: another goes on though the one that ran could have; or time passes though. */
export function cost(choice: number, enabled: number, me: number): number {
  if (choice >= DEATH) return 0;
  if (choice >= TIMEOUT) return (enabled & THREADS) === 0 ? 0 : 1;
  return choice !== me && enabled & (1 << me) ? 1 : 0;
}

function highest(words: Int32Array, threads: number): number {
  let best = lowestBit(threads);
  for (let left = threads; left !== 0; left &= left - 1) {
    const thread = lowestBit(left);
    if (words[word.priorities + thread]! > words[word.priorities + best]!) best = thread;
  }
  return best;
}

function pickBit(words: Int32Array, bits: number): number {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count++;
  let left = bits;
  for (let skip = random(words) % count; skip > 0; skip--) left &= left - 1;
  return lowestBit(left);
}

export const lowestBit = (bits: number): number => 31 - Math.clz32(bits & -bits);

/** Marsaglia's xorshift: three operations, on a word that all threads share. */
function random(words: Int32Array): number {
  let state = words[word.random]!;
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  words[word.random] = state;
  return state >>> 0;
}
