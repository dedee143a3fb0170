/** Replaces the functions of `Atomics` in this realm by ones that the session hears of. */
import { atomics as real } from "./platform.ts";
import { at, placeOf, type Session } from "./session.ts";
import { rawOf } from "./views.ts";

/** Of any integer type; the types of one stand for all. */
type Words = Int32Array;
type Operation = (view: Words, index: number, ...values: number[]) => number;

export function patchAtomics(session: Session): void {
  const patched = Atomics as unknown as Record<string, unknown>;
  const watched = (view: Words) => session.active ? session.memoryOf(view.buffer) : undefined;
  const byteOf = (view: Words, index: number) => view.byteOffset + index * view.BYTES_PER_ELEMENT;

  patched.load = (given: Words, index: number) => {
    const view = rawOf(given), memory = watched(view);
    if (memory === undefined) return real.load(view, index);
    session.point();
    const value = real.load(view, index);
    const byte = byteOf(view, index), bytes = view.BYTES_PER_ELEMENT;
    session.loaded(memory, byte, bytes);
    if (session.tracing) session.note(`load ${at(memory, byte, bytes)} → ${value}`);
    return value;
  };
  patched.store = (given: Words, index: number, value: number) => {
    const view = rawOf(given), memory = watched(view);
    if (memory === undefined) return real.store(view, index, value);
    session.point();
    const byte = byteOf(view, index), bytes = view.BYTES_PER_ELEMENT;
    session.stored(memory, byte, bytes);
    if (session.tracing) session.note(`store ${at(memory, byte, bytes)} ← ${value}`);
    return real.store(view, index, value);
  };
  for (const name of ["add", "sub", "and", "or", "xor", "exchange", "compareExchange"] as const) {
    const operation = real[name] as Operation;
    patched[name] = (given: Words, index: number, ...values: number[]) => {
      const view = rawOf(given), memory = watched(view);
      if (memory === undefined) return operation(view, index, ...values);
      session.point();
      const before = operation(view, index, ...values);
      const byte = byteOf(view, index), bytes = view.BYTES_PER_ELEMENT;
      const failed = name === "compareExchange" && before !== coerced(view, values[0]!);
      if (failed) session.loaded(memory, byte, bytes);
      else session.updated(memory, byte, bytes, real.load(view, index) !== before);
      if (session.tracing) {
        session.note(
          `${name} ${at(memory, byte, bytes)} ${values.join(" → ")}: ` +
            (failed ? `no, it is ${before}` : `was ${before}`),
        );
      }
      return before;
    };
  }
  patched.pause = () => {
    if (!session.active) return real.pause();
    session.point();
    session.scheduler.spin();
  };
  patchWaiting(session, patched, watched, byteOf);
}

function patchWaiting(
  session: Session,
  patched: Record<string, unknown>,
  watched: (view: Words) => number | undefined,
  byteOf: (view: Words, index: number) => number,
): void {
  const { scheduler } = session;

  patched.wait = (given: Words, index: number, value: number, timeout = Infinity) => {
    const view = rawOf(given);
    if (!session.active) return real.wait(view, index, value, timeout);
    session.point();
    const memory = watched(view);
    const limit = Number.isNaN(timeout) ? Infinity : Math.max(0, timeout);
    const deadline = scheduler.now() + limit;
    if (memory === undefined) return nap(deadline);
    const byte = byteOf(view, index), bytes = view.BYTES_PER_ELEMENT;
    session.loaded(memory, byte, bytes);
    if (real.load(view, index) !== coerced(view, value)) {
      session.note(`wait ${at(memory, byte, bytes)} = ${value}: no, it is another`);
      return "not-equal";
    }
    session.races.queue(memory, byte);
    session.note(`wait ${at(memory, byte, bytes)} = ${value}: sleeps`);
    const ticket = scheduler.enlist(placeOf(memory, byte));
    let woken = false;
    try {
      // Woken for a waitAsync of its own, it goes on sleeping.
      while (scheduler.sleeps(ticket) && scheduler.sleep(deadline));
    } finally {
      woken = !scheduler.sleeps(ticket);
      scheduler.leave(ticket);
    }
    session.races.queue(memory, byte);
    session.note(woken ? "is woken" : "times out");
    return woken ? "ok" : "timed-out";
  };

  /** On memory that nobody else knows: time is all that can end it. */
  function nap(deadline: number): string {
    session.note("sleeps for a time");
    scheduler.sleep(deadline);
    return "timed-out";
  }

  patched.notify = (given: Words, index: number, count = Infinity) => {
    const view = rawOf(given), memory = watched(view);
    if (memory === undefined) return real.notify(view, index, count);
    session.point();
    const byte = byteOf(view, index);
    session.races.queue(memory, byte);
    const woken = scheduler.notify(placeOf(memory, byte), count);
    session.note(`notify ${at(memory, byte, view.BYTES_PER_ELEMENT)}: ${woken} woken`);
    return woken;
  };

  patched.waitAsync = (given: Words, index: number, value: number, timeout = Infinity) => {
    const view = rawOf(given), memory = watched(view);
    if (memory === undefined) {
      throw new Error("waitAsync on memory that is not shared is not explored");
    }
    session.point();
    const byte = byteOf(view, index), bytes = view.BYTES_PER_ELEMENT;
    session.loaded(memory, byte, bytes);
    if (real.load(view, index) !== coerced(view, value)) {
      return { async: false, value: "not-equal" };
    }
    if (timeout <= 0) return { async: false, value: "timed-out" };
    session.races.queue(memory, byte);
    session.note(`waitAsync ${at(memory, byte, bytes)} = ${value}: sleeps`);
    const ticket = scheduler.enlist(placeOf(memory, byte));
    const { promise, resolve } = Promise.withResolvers<string>();
    const limit = Number.isNaN(timeout) ? Infinity : timeout;
    session.dreams.push({ ticket, deadline: scheduler.now() + limit, memory, byte, resolve });
    return { async: true, value: promise };
  };
}

/** As the element's type has it: 2^31 is −2^31 in an Int32Array. */
function coerced(view: Words, value: number): number {
  return new (view.constructor as Int32ArrayConstructor)([value])[0]!;
}
