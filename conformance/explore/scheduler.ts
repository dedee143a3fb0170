/**
 * One thread at a time: the one that holds the turn. Before every atomic operation its holder
 * decides who goes on; to stay costs no system call. Sleeping, waking and time are modelled here,
 * so that a lost wake-up is a state in which nobody can go on, found at once and every time.
 */
import {
  type Control,
  float,
  lineOf,
  MAX_DECISIONS,
  MAX_WAITERS,
  outcome,
  status,
  word,
} from "./control.ts";
import { atomics } from "./platform.ts";
import { atStep, choose, cost, DEATH, lowestBit, THREADS, TIMEOUT } from "./strategies.ts";

/** Thrown into the explored program to end an execution that is decided. */
export class Stopped extends Error {
  override readonly name = "Stopped";
}

/** Looks at the wake word before a thread sleeps on it. */
const LOOKS = 300;
/** Reads in a row, with nothing written since the first, from which on a thread counts as spinning. */
const SPINNING = 12;
/** Milliseconds that a step takes, and a reading of the clock, on the virtual clock. */
const STEP_MS = 0.001, READING_MS = 0.01;
/** The deadline of a thread that was woken by it. */
const LATE = -Infinity;
const NOBODY = -1;

export class Scheduler {
  readonly me: number;
  readonly #words: Int32Array;
  readonly #floats: Float64Array;

  constructor(control: Control, me: number) {
    this.me = me;
    this.#words = control.words;
    this.#floats = control.floats;
  }

  nextNote(): number {
    return ++this.#words[word.notes]!;
  }

  /** What happens now is among what is to be written down. */
  get traced(): boolean {
    return this.#words[word.steps]! >= this.#words[word.traceFrom]!;
  }

  /** Milliseconds on the virtual clock. */
  now(): number {
    this.read();
    return this.#floats[float.now]! += READING_MS;
  }

  /**
   * Before an operation that other threads may see: whoever is chosen goes on, maybe another. False:
   * this thread dies here instead; whatever it tries on its way out is stopped.
   */
  point(): boolean {
    const words = this.#words;
    if (this.over) throw new Stopped();
    const steps = ++words[word.steps]!;
    this.#floats[float.now]! += STEP_MS;
    if (steps > words[word.maxSteps]!) this.end(outcome.endless);
    atStep(words, this.me);
    const choice = this.#next(this.#deadly());
    if (choice >= DEATH) {
      this.#die();
      return false;
    }
    this.#give(choice);
    return true;
  }

  /** After an operation that only looked: who only looks while nothing changes, spins. */
  read(): void {
    const words = this.#words, me = this.me;
    if (words[word.quietSince + me] !== words[word.writes]) {
      words[word.quietSince + me] = words[word.writes]!;
      words[word.quiet + me] = 0;
    }
    words[word.quiet + me]!++;
  }

  /** After an operation that changed something. */
  wrote(): void {
    this.#words[word.writes]!++;
    this.#words[word.marked + this.me] = 1;
  }

  /** A pause says that the thread spins. */
  spin(): void {
    this.read();
    if (this.#words[word.quiet + this.me]! > 1) this.#words[word.quiet + this.me] = SPINNING + 1;
  }

  /** Stands in line at a place; the answer names the sleep. */
  enlist(place: number): number {
    const words = this.#words, at = words[word.sleepers]!;
    if (at === MAX_WAITERS) throw new Error(`more than ${MAX_WAITERS} sleepers at once`);
    const ticket = words[word.tickets]!++;
    words[word.sleeperThreads + at] = this.me;
    words[word.sleeperPlaces + at] = place;
    words[word.sleeperTickets + at] = ticket;
    words[word.sleepers] = at + 1;
    return ticket;
  }

  /** Whether a sleep goes on: nobody has notified it. */
  sleeps(ticket: number): boolean {
    return this.#find(ticket) >= 0;
  }

  leave(ticket: number): void {
    const at = this.#find(ticket);
    if (at >= 0) this.#strike(at);
  }

  /** Until somebody makes this thread ready; false = its deadline has come. */
  sleep(deadline: number): boolean {
    const at = float.deadlines + this.me;
    this.#words[word.statuses + this.me] = status.asleep;
    this.#floats[at] = deadline;
    this.#give(this.#next());
    this.#words[word.marked + this.me] = 1; // a wake-up is gone that another could have had
    return this.#floats[at] !== LATE;
  }

  /** Wakes the first `count` that sleep at a place. */
  notify(place: number, count: number): number {
    const words = this.#words;
    let woken = 0;
    for (let at = 0; at < words[word.sleepers]! && woken < count;) {
      if (words[word.sleeperPlaces + at] !== place) at++;
      else {
        words[word.statuses + words[word.sleeperThreads + at]!] = status.ready;
        this.#strike(at);
        woken++;
      }
    }
    this.wrote();
    return woken;
  }

  /** Decides the execution; every thread leaves it at its next step. */
  end(how: number): never {
    this.decide(how);
    throw new Stopped();
  }

  decide(how: number): void {
    const words = this.#words;
    if (words[word.outcome] !== outcome.running) return;
    words[word.outcome] = how;
    words[word.culprit] = this.me;
  }

  get decided(): boolean {
    return this.#words[word.outcome] !== outcome.running;
  }

  /** This thread takes no step any more: the execution is decided, or it has died. */
  get over(): boolean {
    return this.decided || this.isDead(this.me);
  }

  isDead(thread: number): boolean {
    return this.#words[word.statuses + thread] === status.dead;
  }

  /** Chooses who goes first. */
  start(): void {
    this.#handTo(this.#next());
  }

  /** This thread has come to its end; true = it was the last, and keeps the turn. */
  finish(): boolean {
    const words = this.#words;
    if (!this.isDead(this.me)) words[word.statuses + this.me] = status.done;
    if (++words[word.done]! === words[word.threads]) return true;
    const choice = this.decided ? NOBODY : this.#next();
    const next = choice >= TIMEOUT ? this.#timeUp(choice) : choice;
    this.#handTo(next === NOBODY ? this.#anyLeft() : next);
    return false;
  }

  /** Blocks until the turn comes. */
  await(): void {
    const words = this.#words, wake = lineOf(word.wakes, this.me);
    for (let look = 0; look < LOOKS; look++) {
      if (atomics.load(words, wake) === 1) return this.#take(wake);
      atomics.pause();
    }
    const asleep = lineOf(word.asleep, this.me);
    atomics.store(words, asleep, 1);
    while (atomics.load(words, wake) === 0) atomics.wait(words, wake, 0);
    atomics.store(words, asleep, 0);
    this.#take(wake);
  }

  #take(wake: number): void {
    atomics.store(this.#words, wake, 0);
  }

  #handTo(thread: number): void {
    const words = this.#words, wake = lineOf(word.wakes, thread);
    atomics.store(words, wake, 1);
    if (atomics.load(words, lineOf(word.asleep, thread)) === 1) atomics.notify(words, wake);
  }

  #give(choice: number): void {
    if (choice === NOBODY) throw new Stopped();
    const next = choice >= TIMEOUT ? this.#timeUp(choice) : choice;
    if (next === this.me) return;
    this.#handTo(next);
    this.await();
    if (this.decided) throw new Stopped();
  }

  /** Whose timed sleep ends now: time has passed, and the thread is ready. */
  #timeUp(choice: number): number {
    const thread = choice - TIMEOUT;
    const floats = this.#floats;
    floats[float.now] = Math.max(floats[float.now]!, floats[float.deadlines + thread]!);
    floats[float.deadlines + thread] = LATE;
    this.#words[word.statuses + thread] = status.ready;
    return thread;
  }

  /**
   * The bit of this thread's death, if it may die here. Only where others could tell it from a death
   * before: not after steps that changed nothing.
   */
  #deadly(): number {
    const words = this.#words, me = this.me;
    if ((words[word.mortal]! & (1 << me)) === 0 || words[word.marked + me] === 0) return 0;
    if (words[word.deaths]! >= words[word.mostDeaths]!) return 0;
    words[word.marked + me] = 0;
    return 1 << (DEATH + me);
  }

  #die(): void {
    const words = this.#words;
    words[word.deaths]!++;
    words[word.statuses + this.me] = status.dead;
    this.wrote(); // to those who spin for it
  }

  /**
   * Who goes on: decided where more than one may; a thread, TIMEOUT + thread, or nobody can. With
   * `deadly` it may be DEATH + this thread as well.
   */
  #next(deadly = 0): number {
    const words = this.#words, me = this.me;
    const living = this.#enabled();
    if (living === 0 || this.#sleepsTooLong(living)) return this.#giveUp(outcome.deadlock);
    const enabled = living | deadly;
    if ((enabled & (enabled - 1)) === 0) return lowestBit(enabled);
    const at = words[word.decisions]!;
    if (at === MAX_DECISIONS) return this.#giveUp(outcome.endless);
    words[word.decisions] = at + 1;
    const forced = words[word.forced]!;
    const given = at < forced ? words[word.given + at]! : me;
    const choice = at < forced && enabled & (1 << given) ? given : choose(words, enabled, me);
    if (at >= forced) words[word.tried + at] = 0;
    words[word.choices + at] = choice;
    words[word.enabled + at] = enabled;
    words[word.before + at] = me + 8 * words[word.preemptions]!;
    words[word.preemptions]! += cost(choice, enabled, me);
    return choice;
  }

  /** Bits of the threads that can go on, a spinning one only when no other can, and of what may time out. */
  #enabled(): number {
    const words = this.#words, floats = this.#floats;
    const threads = words[word.threads]!, writes = words[word.writes]!;
    let going = 0, spinning = 0, soonest = Infinity, due = 0;
    for (let thread = 0; thread < threads; thread++) {
      const state = words[word.statuses + thread];
      if (state === status.ready) {
        const spins = words[word.quiet + thread]! > SPINNING &&
          words[word.quietSince + thread] === writes;
        if (spins) spinning |= 1 << thread;
        else going |= 1 << thread;
      } else if (state === status.asleep) {
        const deadline = floats[float.deadlines + thread]!;
        if (deadline < soonest) due = 0;
        if (deadline <= soonest && deadline < Infinity) {
          soonest = deadline;
          due |= 1 << (TIMEOUT + thread);
        }
      }
    }
    return (going || this.#turnOf(spinning)) | due;
  }

  /** Nobody can go on before time has passed, and too much of it has. */
  #sleepsTooLong(enabled: number): boolean {
    if ((enabled & THREADS) !== 0) return false;
    const floats = this.#floats;
    const next = floats[float.deadlines + lowestBit(enabled) - TIMEOUT]!;
    floats[float.idle]! += Math.max(0, next - floats[float.now]!);
    return floats[float.idle]! > floats[float.patience]!;
  }

  /** Those that only spin take turns: each may have missed, just so, what it spins for. */
  #turnOf(spinning: number): number {
    const behind = spinning & (-2 << this.me);
    const next = behind || spinning;
    return next & -next;
  }

  #giveUp(how: number): number {
    this.decide(how);
    return NOBODY;
  }

  /** A thread that has still to leave an execution that is decided. */
  #anyLeft(): number {
    const words = this.#words;
    for (let thread = 0; thread < words[word.threads]!; thread++) {
      if (words[word.statuses + thread]! < status.done) return thread;
    }
    return this.me;
  }

  #find(ticket: number): number {
    const words = this.#words;
    for (let at = 0; at < words[word.sleepers]!; at++) {
      if (words[word.sleeperTickets + at] === ticket) return at;
    }
    return -1;
  }

  #strike(at: number): void {
    const words = this.#words, last = words[word.sleepers]! - 1;
    for (const first of [word.sleeperThreads, word.sleeperPlaces, word.sleeperTickets]) {
      words.copyWithin(first + at, first + at + 1, first + last + 1);
    }
    words[word.sleepers] = last;
  }
}
