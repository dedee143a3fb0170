/**
 * What is known to fail, and why: faults and limits of published packages and of platforms, none of
 * them ours to mend. Each stays in the report with its reproduction. A failure that is not listed
 * fails the run, and so does one that is listed and does not happen.
 */
import type { Runtime } from "../runner/runtimes.ts";

export interface Known {
  readonly adapter: string;
  readonly rules: readonly string[];
  /** What it does instead, after "because". */
  readonly reason: string;
  /** On these alone. */
  readonly runtimes?: readonly Runtime["name"][];
  /** It fails by waiting for ever. */
  readonly hangs?: true;
  /** Whether it shows is a matter of timing: a pass is no news. */
  readonly sometimes?: true;
}

/** What a full queue is asked for. */
const bounds = [
  ...["CAP1", "CAP2", "CAP3", "FUL1", "BAT1", "WRP1", "MPR4", "BLK2", "CLS3", "CLS4", "MOD1"],
];

/** What writes without a reader waiting, and goes on when that was accepted. */
const awaitedWrites = [
  ...["CON3", "CAP2", "CAP3", "FUL1", "FUL2", "EMP1", "EMP2", "BAT1", "BAT2", "BAT4", "BAT5"],
  ...["WRP1", "BLK2", "BLK3", "BLK4", "BLK6", "CLS2", "CLS3", "CLS4", "OWN2", "OWN4", "MOD1"],
  ...["MPR4", "OBS1"],
];

export const known: readonly Known[] = [
  {
    adapter: "ringbuf_js",
    rules: ["SEC2"],
    reason: "it takes the two positions in its memory for right, however far apart they are",
  },
  {
    adapter: "locked_array",
    rules: ["SEC2"],
    reason: "a lock that nobody holds, and says it is held, is spun on for ever",
    hangs: true,
  },
  {
    adapter: "mnemonist_circular",
    rules: ["OWN4"],
    reason: "its slots keep what was shifted out of them until they are written again",
  },
  {
    adapter: "mnemonist_deque",
    rules: ["OWN4"],
    reason: "its slots keep what was shifted out of them until they are written again",
  },
  {
    adapter: "effect_queue",
    rules: ["CLS3"],
    reason: "end() lets offers that wait go on waiting for room, and they are accepted after it",
    hangs: true,
  },
  {
    adapter: "thi_ng_csp",
    rules: awaitedWrites,
    reason: "an awaited write() is settled by the read of its item, not by its place in the buffer",
    hangs: true,
  },
  {
    adapter: "post_message",
    rules: bounds,
    reason: "nothing bounds what is under way between two ports",
  },
  {
    adapter: "broadcast_channel",
    rules: [...bounds, "GAT1"],
    reason: "nothing bounds what is under way, and no reader holds the others back",
  },
  {
    adapter: "broadcast_channel",
    rules: ["BRC1"],
    reason:
      "two who send at once are heard in different orders; Deno also drops all but the newest " +
      "256 messages of a burst",
    hangs: true,
    sometimes: true,
  },
  {
    adapter: "broadcast_channel",
    rules: ["SEC2"],
    reason: "whoever says a channel's name has a channel of that name: there is nobody to refuse",
  },
  {
    adapter: "broadcast_channel",
    rules: ["FIF2"],
    runtimes: ["bun", "node"],
    reason: "a message that was sent is nowhere to be read until the event loop has brought it",
    sometimes: true,
  },
  {
    adapter: "broadcast_channel",
    rules: ["EMP2"],
    reason: "a message that was sent is nowhere to be read until the event loop has brought it",
    sometimes: true,
  },
  {
    adapter: "broadcast_channel",
    rules: ["FIF2", "FIF3", "MPR1"],
    runtimes: ["deno"],
    reason: "all but the newest 256 messages of a burst are dropped, without a word",
  },
  {
    adapter: "transform_stream",
    rules: ["BAT5"],
    reason: "a stream cannot be asked for an item without waiting, so that tryRead() finds none",
    hangs: true,
  },
  {
    adapter: "pass_through",
    rules: ["WRP1", "MPR4", "MOD1", "OBS1"],
    reason: "once it was full there is room again only after it has run empty",
    hangs: true,
  },
  {
    adapter: "pass_through",
    rules: ["CLS3"],
    reason: "end() emits nothing to those who wait for room until all that is inside was read",
    hangs: true,
  },
  {
    adapter: "locked_array",
    rules: ["LCK1"],
    reason: "a thread that dies holding the lock leaves it locked, and all others spin for ever",
    hangs: true,
  },
  {
    adapter: "locked_array",
    rules: ["LCK2"],
    reason: "a thread that dies holding the lock leaves it locked, and all others spin for ever",
    hangs: true,
    sometimes: true,
  },
];

/** Why this adapter is known to fail this rule there, or undefined. */
export function knownFailure(
  adapter: string,
  runtime: Runtime["name"],
  rule: string,
): Known | undefined {
  return known.find((one) =>
    one.adapter === adapter && one.rules.includes(rule) &&
    (one.runtimes === undefined || one.runtimes.includes(runtime))
  );
}
