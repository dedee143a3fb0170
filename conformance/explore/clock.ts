/**
 * Replaces the clocks and timers of this realm by ones that run on the virtual clock, and lets a
 * thread whose event loop has nothing to do pass the turn on.
 */
import { soon } from "./platform.ts";
import { Stopped } from "./scheduler.ts";
import type { Session } from "./session.ts";

interface Timer {
  readonly id: number;
  readonly deadline: number;
  readonly fire: () => void;
}

export class EventLoop {
  readonly #session: Session;
  #timers: Timer[] = [];
  #ids = 0;
  #stop: (reason: unknown) => void = () => {};

  constructor(session: Session) {
    this.#session = session;
  }

  patch(): void {
    const globals = globalThis as unknown as Record<string, unknown>;
    const realSet = globals.setTimeout as (act: () => void, ms?: number) => unknown;
    const realClear = globals.clearTimeout as (id: unknown) => void;
    const session = this.#session;
    const now = performance.now.bind(performance), today = Date.now;
    performance.now = () => session.active ? session.scheduler.now() : now();
    Date.now = () => session.active ? Math.floor(session.scheduler.now()) : today();
    globals.setTimeout = (act: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
      session.active ? this.#set(() => act(...args), ms) : realSet(() => act(...args), ms);
    globals.clearTimeout = (timer: unknown) => {
      if (typeof timer === "object" && this.#timers.includes(timer as Timer)) {
        this.#timers = this.#timers.filter((one) => one !== timer);
      } else if (!(typeof timer === "object" && timer !== null && "fire" in timer)) {
        realClear(timer);
      }
    };
    globals.setImmediate = (act: (...args: unknown[]) => void, ...args: unknown[]) =>
      session.active ? this.#set(() => act(...args), 0) : soon(() => act(...args));
  }

  /** Runs one thread of the program to its end, through whatever it awaits. */
  run(thread: () => unknown): unknown {
    this.#timers = [];
    const value = thread();
    return value instanceof Promise ? this.#turnUntil(value) : value;
  }

  async #turnUntil(value: Promise<unknown>): Promise<unknown> {
    const stopped = new Promise<never>((_, reject) => (this.#stop = reject));
    let pending = true;
    const settled = value.finally(() => (pending = false));
    settled.catch(() => {});
    const look = () => {
      if (!pending) return;
      try {
        this.#turn();
        soon(look);
      } catch (error) {
        this.#stop(error);
      }
    };
    soon(look);
    return await Promise.race([settled, stopped]);
  }

  #set(fire: () => void, ms: number): Timer {
    const deadline = this.#session.scheduler.now() + Math.max(1, Number(ms) || 0);
    const timer = { id: ++this.#ids, deadline, fire };
    this.#timers.push(timer);
    return timer;
  }

  /** One turn of the event loop: what has come to pass while it ran, else it sleeps until something does. */
  #turn(): void {
    const { scheduler, dreams } = this.#session;
    if (scheduler.over) throw new Stopped();
    if (this.#deliver()) return;
    const deadline = Math.min(
      ...dreams.map((dream) => dream.deadline),
      ...this.#timers.map((timer) => timer.deadline),
    );
    scheduler.sleep(deadline);
    this.#deliver();
  }

  /** Resolves the sleeps that ended, and fires the first timer that is due; whether there was one. */
  #deliver(): boolean {
    const { scheduler, dreams, races } = this.#session;
    const now = scheduler.now();
    for (let i = 0; i < dreams.length; i++) {
      const dream = dreams[i]!;
      const asleep = scheduler.sleeps(dream.ticket);
      if (asleep && dream.deadline > now) continue;
      dreams.splice(i, 1);
      scheduler.leave(dream.ticket);
      races.queue(dream.memory, dream.byte);
      this.#session.note(asleep ? "waitAsync times out" : "waitAsync is woken");
      dream.resolve(asleep ? "timed-out" : "ok");
      return true;
    }
    const due = this.#timers.filter(({ deadline }) => deadline <= now)
      .sort((a, b) => a.deadline - b.deadline || a.id - b.id)[0];
    if (!due) return false;
    this.#timers = this.#timers.filter((timer) => timer !== due);
    this.#session.note("a timer fires");
    due.fire();
    return true;
  }
}
