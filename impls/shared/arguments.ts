/** What open() and the ends refuse, in the same words everywhere, before anything is allocated. */
import type {
  Capabilities,
  Handle,
  OpenOptions,
  ReaderName,
  ReaderOptions,
  WaitStrategy,
} from "../contract.ts";
import { RingError, shown } from "../errors.ts";

/** Items: more than this cannot be indexed by 32-bit cursors that tell full from empty. */
export const MAX_CAPACITY = 2 ** 30;
/** Bytes that one ring may take; engines refuse larger shared buffers. */
const MAX_BYTES = 2 ** 31;

/** The options, complete and in range, or RING_INVALID. `elementBytes`: of one element of an item. */
export function checkedOptions(
  options: OpenOptions,
  capabilities: Capabilities,
  elementBytes: number,
): { capacity: number; width: number; start: number } {
  const { capacity, width = 1, start = 0 } = options ?? {}; // nothing at all has no capacity
  const sizes = capabilities.sizes === "power-of-two" ? "a power of two" : "a whole number";
  const good = Number.isInteger(capacity) && capacity >= 1 && capacity <= MAX_CAPACITY &&
    (capabilities.sizes === "any" || Number.isInteger(Math.log2(capacity)));
  if (!good) {
    throw new RingError(
      "RING_INVALID",
      "open",
      `capacity must be ${sizes} from 1 to ${MAX_CAPACITY}, got ${shown(capacity)}`,
      capacity,
    );
  }
  if (width !== 1 && !capabilities.width) {
    throw new RingError("RING_UNSUPPORTED", "open", "items of this ring have no width", width);
  }
  if (!Number.isInteger(width) || width < 1 || capacity * width * elementBytes > MAX_BYTES) {
    throw new RingError(
      "RING_INVALID",
      "open",
      `width must be a whole number from 1 to ${
        Math.floor(MAX_BYTES / capacity / elementBytes)
      } at this capacity, got ${shown(width)}`,
      width,
    );
  }
  if (start !== 0 && !capabilities.start) {
    throw new RingError("RING_UNSUPPORTED", "open", "this ring has no position to start at", start);
  }
  if (!Number.isSafeInteger(start) || start < 0) {
    throw new RingError(
      "RING_INVALID",
      "open",
      `start must be a whole number from 0 to 2^53 - 1, got ${shown(start)}`,
      start,
    );
  }
  return { capacity, width, start };
}

/** A handle of that adapter, or RING_FOREIGN; each of its parts is looked at once, as it may change. */
export function checkedHandle(handle: unknown, adapter: string): { readonly at: unknown } {
  const { adapter: name, at } = (handle ?? {}) as Partial<Handle>;
  if (name === adapter) return { at };
  const why = `a handle of ${adapter} is needed, got one of ${shown(name)}`;
  throw new RingError("RING_FOREIGN", "attach", why, name);
}

/** Whole items in `buffer` after the `from`-th, or RING_INVALID. */
export function countFrom(
  buffer: { readonly length: number },
  from: number,
  width: number,
  action: "read" | "write",
): number {
  // Hot loops come through here, and this is what most of them pass.
  if (from === 0 && width === 1) return buffer.length;
  const items = buffer.length / width;
  if (from >= 0 && from <= items && Number.isInteger(from) && Number.isInteger(items)) {
    return items - from;
  }
  throw new RingError(
    "RING_INVALID",
    action,
    Number.isInteger(items)
      ? `from must be a whole number from 0 to ${items}, got ${shown(from)}`
      : `a buffer of ${buffer.length} elements holds no whole number of items of ${width}`,
    Number.isInteger(items) ? from : buffer.length,
  );
}

/** The timeout in milliseconds, Infinity when there is none, or RING_INVALID. */
export function checkedTimeout(timeout: number | undefined, action: string): number {
  if (timeout === undefined) return Infinity;
  if (typeof timeout === "number" && timeout >= 0) return timeout;
  throw new RingError(
    "RING_INVALID",
    action,
    `timeout must be 0 or more milliseconds, got ${shown(timeout)}`,
    timeout,
  );
}

const strategies: readonly WaitStrategy[] = ["spin", "yield", "park", "spin-then-park"];

/**
 * The options of an end, looked at once, as they may change; refuses what an adapter does not claim
 * of them, or does not know.
 */
export function checkEnd(
  end: "reader" | "writer",
  options: ReaderOptions | undefined,
  claims: Pick<Capabilities, "stages" | "strategies"> = { stages: false, strategies: false },
): { readonly after: readonly ReaderName[]; readonly waiting: WaitStrategy | undefined } {
  const { after = [], waiting } = options ?? {};
  const action = `open a ${end}`;
  if (!Array.isArray(after)) {
    const why = `after must be an array of readers, got ${shown(after)}`;
    throw new RingError("RING_INVALID", action, why, after);
  }
  if (after.length > 0 && !(claims.stages && end === "reader")) {
    refuse(action, `its ${end}s follow no other`);
  }
  if (waiting === undefined) return { after, waiting };
  if (!claims.strategies) refuse(action, "its ends wait in one way only", waiting);
  if (strategies.includes(waiting)) return { after, waiting };
  throw new RingError(
    "RING_INVALID",
    action,
    `waiting must be one of ${strategies.join(", ")}, got ${shown(waiting)}`,
    waiting,
  );
}

/** For what an adapter does not claim. */
export function refuse(action: string, what: string, value?: unknown): never {
  throw new RingError("RING_UNSUPPORTED", action, what, value);
}
