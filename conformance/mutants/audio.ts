/** Faults of rings whose far end is a device: of the C that its thread runs, and of the near end. */
import type { Mutant } from "./mutant.ts";

const file = "impls/audio/callback.h";
const capture = { adapter: "capture", module: "impls/audio/capture.ts", file } as const;
const playback = { adapter: "playback", module: "impls/audio/playback.ts", file } as const;
const ends = "impls/audio/ends.ts";
const duplex = { adapter: "duplex", module: "impls/audio/duplex.ts", file } as const;

export const audioMutants: readonly Mutant[] = [
  {
    ...capture,
    name: "drops go uncounted",
    rule: "FUL3",
    fault: 44,
    find: "  if (count < frames) missed(lane, frames - count);\n",
    replace: "",
  },
  {
    ...capture,
    name: "a drop is counted by the callback, not by the frame",
    rule: "FIF4",
    find: "  if (count < frames) missed(lane, frames - count);\n",
    replace: "  if (count < frames) missed(lane, 1);\n",
  },
  {
    ...capture,
    name: "a callback that wraps repeats its first frames",
    rule: "RTM4",
    find: "memcpy(slots, input + first * width,",
    replace: "memcpy(slots, input,",
  },
  {
    ...capture,
    name: "the slot is what the cursor leaves, divided by a capacity that 2^32 is no multiple of",
    rule: "WRP2",
    fault: 5,
    find: "  float *slot = slots + lane->slot * width;\n",
    replace: "  float *slot = slots + written % ring->capacity * width;\n",
  },
  {
    ...capture,
    name: "a read has the callback's lock while it copies",
    rule: "RTM1",
    fault: 58,
    file: ends,
    find: "    copy(lane.frames, lane.slot * width, into, from * width, first);\n",
    replace: "    Atomics.store(lane.memory.words, 32, 1); // `turn`\n" +
      "    copy(lane.frames, lane.slot * width, into, from * width, first);\n" +
      "    Atomics.store(lane.memory.words, 32, 0);\n",
  },
  {
    ...capture,
    name: "frames are given back before they are read",
    rule: "RTM1",
    file: ends,
    find: "    copy(lane.frames, lane.slot * width, into, from * width, first);\n" +
      "    copy(lane.frames, 0, into, from * width + first, count * width - first);\n" +
      "    lane.advance(count);\n",
    replace: "    const { slot } = lane;\n" +
      "    lane.advance(count);\n" +
      "    copy(lane.frames, slot * width, into, from * width, first);\n" +
      "    copy(lane.frames, 0, into, from * width + first, count * width - first);\n",
  },
  {
    ...playback,
    name: "frames are handed over before they are written",
    rule: "RTM1",
    file: ends,
    find: "    copy(items, from * width, lane.frames, lane.slot * width, first);\n" +
      "    copy(items, from * width + first, lane.frames, 0, count * width - first);\n" +
      "    lane.advance(count);\n",
    replace: "    const { slot } = lane;\n" +
      "    lane.advance(count);\n" +
      "    copy(items, from * width, lane.frames, slot * width, first);\n" +
      "    copy(items, from * width + first, lane.frames, 0, count * width - first);\n",
  },
  {
    ...playback,
    name: "an underrun replays stale samples",
    rule: "RTM2",
    fault: 57,
    find: "  memset(output + count * width, 0, (frames - count) * width * sizeof(float));\n",
    replace: "",
  },
  {
    ...duplex,
    name: "a duplex miss is counted once",
    rule: "RTM3",
    fault: 56,
    find: "if (count < frames && lane->begun && !closed)",
    replace: "if (count < frames && lane->begun && !closed && ring->flow != DUPLEX)",
  },
];
