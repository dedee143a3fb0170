/** The one error class of every ring: a stable code, the action that failed, the value received. */

export type RingErrorCode =
  | "RING_FULL"
  | "RING_EMPTY"
  | "RING_CLOSED" // written after close()
  | "RING_BUSY" // no slot is free for another writer or reader
  | "RING_STALE" // the ring that the handle named has been re-made
  | "RING_FOREIGN" // a handle, buffer or peer that is not a ring of this adapter
  | "RING_INVALID" // an argument out of its range
  | "RING_LOST" // the far end died
  | "RING_UNSUPPORTED" // a capability that the adapter does not claim
  | "RING_UNAVAILABLE"; // something it needs is missing on this machine

export class RingError extends Error {
  override readonly name = "RingError";
  readonly code: RingErrorCode;
  /** What was attempted: "open", "attach", "write" … */
  readonly action: string;
  /** What was received, where a value was at fault. */
  readonly value: unknown;

  constructor(code: RingErrorCode, action: string, why: string, value?: unknown) {
    super(`${code}: cannot ${action}: ${why}`);
    this.code = code;
    this.action = action;
    this.value = value;
  }
}

/** What a wait that ran out of time rejects with; the name is the platform's. */
export const timeoutError = (action: string, timeoutMs: number): DOMException =>
  new DOMException(`cannot ${action} within ${timeoutMs} ms`, "TimeoutError");

/** A value as an error message shows it: short, and never throwing. */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 60));
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return "function";
  if (typeof value === "object" && value !== null) return kindOf(value);
  return String(value);
}

/** The name of its class; an object may be one that does not want to be looked at. */
function kindOf(value: object): string {
  try {
    const name: unknown = value.constructor?.name;
    return typeof name === "string" ? name : "object";
  } catch {
    return "object";
  }
}
