/**
 * The devices that a URI can name.
 *
 *   clock:?rate=48000&period=128   a thread with an absolute-deadline clock, no sound hardware: the
 *                                  default. rate in frames a second, period in frames a callback.
 *   virtual:                       no thread; `Ring.device` makes each callback.
 *
 * As a source the clock delivers the number of the frame since the ring was opened, modulo 2^24, on
 * every channel, so that the values prove what was lost. As a sink it takes what there is and drops
 * it. As a duplex it is a loopback: it captures, one period later, what it has played.
 */
import { RingError, shown } from "../errors.ts";

export interface Clock {
  /** Frames a second; 0: there is no clock, the caller makes the callbacks. */
  readonly rate: number;
  /** Frames a callback. */
  readonly period: number;
}

const VIRTUAL: Clock = { rate: 0, period: 0 };
const defaults: Record<string, number> = { rate: 48_000, period: 128 };
const largest: Record<string, number> = { rate: 768_000, period: 65_536 };

/** RING_INVALID names the scheme, the parameter or the value that is not right. */
export function parseDevice(uri = "clock:"): Clock {
  const parts = typeof uri === "string" ? /^([a-z]+:)(?:\?(.*))?$/s.exec(uri) : null;
  const [, scheme, query] = parts ?? [];
  if (scheme !== "clock:" && scheme !== "virtual:") {
    throw invalid(
      `unknown device ${shown(uri)}; there are clock:?rate=…&period=… and virtual:`,
      uri,
    );
  }
  const known = scheme === "clock:" ? { ...defaults } : {};
  const given = new Set<string>();
  for (const [name, value] of new URLSearchParams(query)) {
    if (!Object.hasOwn(known, name)) {
      throw invalid(`${scheme} has no parameter ${shown(name)}`, name);
    }
    if (given.has(name)) throw invalid(`${name} is given twice`, uri);
    given.add(name);
    known[name] = checked(name, value);
  }
  return scheme === "virtual:" ? VIRTUAL : { rate: known.rate!, period: known.period! };
}

function checked(name: string, value: string): number {
  const number = /^\d{1,6}$/.test(value) ? Number(value) : 0;
  if (number >= 1 && number <= largest[name]!) return number;
  throw invalid(
    `${name} must be a whole number from 1 to ${largest[name]}, got ${shown(value)}`,
    value,
  );
}

function invalid(why: string, value: unknown): RingError {
  return new RingError("RING_INVALID", "open", why, value);
}
