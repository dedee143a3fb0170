/**
 * The classic faults of rings, by number: from the literature, and from the systems that the spec was
 * drawn from. Each has a mutant here that bears its number, or the reason why no ring here has it.
 */

export interface Fault {
  readonly what: string;
  /** The rules that are there to kill it, the spec's own first. */
  readonly rules: readonly string[];
  /** Why no ring here can have it; it has no mutant then. */
  readonly absent?: string;
}

const NAMED = "no ring here outlives its processes: named memory and its repair are still to come";
const FRAMES =
  "frames are cut and joined by the WebSocket implementation, which is not ours to edit";

export const catalogue: Readonly<Record<number, Fault>> = {
  1: { what: "one slot too few", rules: ["CAP1"] },
  2: { what: "one slot too many", rules: ["CAP1"] },
  3: { what: "empty when head and tail are equal, though it is full", rules: ["EMP2"] },
  4: { what: "modulo of a negative number", rules: ["WRP2"] },
  5: { what: "a cursor modulo no power of two, at 2^32", rules: ["WRP2"] },
  6: { what: "signed comparison at 2^31", rules: ["WRP2"] },
  7: { what: "the second part of a copy at the wrong offset", rules: ["BAT2"] },
  8: { what: "a cursor out of range for a moment", rules: ["OWN3"] },
  9: { what: "the index before the data", rules: ["OWN3"] },
  10: { what: "published by a plain store", rules: ["OWN3"] },
  11: { what: "a slot freed before it is read", rules: ["OWN3"] },
  12: { what: "spinning on a plain load", rules: ["OWN3"] },
  // Lost wake-ups need a schedule: what BLK5 asks for, BLK9 explores.
  13: { what: "notified before it is stored", rules: ["BLK5", "BLK9"] },
  14: { what: "waiting on a value that was loaded again", rules: ["BLK5", "BLK9"] },
  15: { what: "a wake-up spared by a flag", rules: ["BLK5", "BLK9"] },
  16: { what: "one notified of several who wait for different things", rules: ["BLK5", "BLK9"] },
  // Between two steps: what several threads contend for dies in explored schedules too.
  17: { what: "ABA, for want of a lap", rules: ["FIF2", "OWN3"] },
  18: { what: "two consumers claim one item", rules: ["MCO1"] },
  19: { what: "a compare-and-exchange as a load and a store", rules: ["MPR1", "OWN3"] },
  20: { what: "the test for room outside of the claim", rules: ["GAT1", "OWN3"] },
  21: { what: "the slowest reader remembered too far on", rules: ["GAT1"] },
  22: { what: "a new reader missing from those that gate", rules: ["GAT1"] },
  23: { what: "the slowest reader is overwritten", rules: ["GAT1"] },
  24: { what: "a commit skips a hole", rules: ["RSV2"] },
  25: { what: "a claim that was given up stands in the way", rules: ["RSV3"] },
  26: { what: "a claimer that stalls blocks the others", rules: ["MPR3"] },
  27: { what: "waiters served last in, first out", rules: ["BLK6"] },
  28: { what: "a timeout consumes an item", rules: ["BLK3"] },
  29: { what: "an abort leaks a slot", rules: ["RSV3"] },
  30: { what: "milliseconds taken for nanoseconds", rules: ["BLK1"] },
  31: { what: "no timeout taken for none at all", rules: ["EMP3"] },
  32: { what: "close drops the last items", rules: ["CLS2"] },
  33: { what: "close beside a write loses what was accepted", rules: ["CLS2"] },
  34: { what: "close wakes one", rules: ["CLS3"] },
  35: { what: "a batch is visible before it is whole", rules: ["BAT3"] },
  36: { what: "a batch that fits in part answers with all of it", rules: ["BAT1"] },
  // Writers fill claims here, and no callback: its 0 is the 0 of a commit.
  37: { what: "a 0 that commits everything", rules: ["BAT4", "RSV3"] },
  38: { what: "a negative length rewinds", rules: ["BAT4"] },
  39: { what: "attached to another kind of memory", rules: ["CON4"] },
  40: { what: "the caller's buffer is the ring's", rules: ["OWN2"] },
  41: { what: "an overrun looked for before the copy", rules: ["OWN3"] },
  42: { what: "a full ring answers as if it had room", rules: ["FUL1"] },
  43: { what: "a shorter record leaves a stale header", rules: ["WRP3"] },
  44: { what: "drops go uncounted", rules: ["FUL3"] },
  45: { what: "a publisher that dies loses a cell", rules: ["ATT5"], absent: NAMED },
  46: { what: "two who repair rewind", rules: ["ATT5"], absent: NAMED },
  47: { what: "a producer's process id is stale, or another's", rules: ["ATT2"], absent: NAMED },
  48: { what: "a reader that is gone stalls the writer", rules: ["GAT2"] },
  49: { what: "formatting keeps old handles alive", rules: ["ATT4"], absent: NAMED },
  50: { what: "a frame split by a chunk's boundary", rules: ["NET2"], absent: FRAMES },
  51: { what: "frames lost that came in one chunk", rules: ["NET2"] },
  52: { what: "a duplicate after a reconnect", rules: ["NET4"] },
  53: { what: "acknowledged before it is in the queue", rules: ["NET4"] },
  54: { what: "a socket's queue without a bound", rules: ["NET3"] },
  55: { what: "a length that is allocated unchecked", rules: ["SEC1"] },
  56: { what: "a duplex miss counted once", rules: ["RTM3"] },
  57: { what: "an underrun replays stale samples", rules: ["RTM2"] },
  58: { what: "a lock in the callback", rules: ["RTM1"] },
  59: {
    what: "torn statistics",
    rules: ["OBS1"],
    absent: "each end counts in numbers of its own thread, and the device in words that are atomic",
  },
  // The contract asks for no number of free slots: what is free is what can be claimed.
  60: { what: "free slots that are reserved", rules: ["OBS1", "RSV4"] },
  61: { what: "a slot keeps what was read", rules: ["OWN4"] },
  62: { what: "a gated reader passes its gate", rules: ["GAT3"] },
};
