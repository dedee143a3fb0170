/** Faults of rings whose far end is a device; the edits are of the C that its thread runs. */
import type { Mutant } from "./mutant.ts";

const file = "impls/audio/callback.h";
const capture = { adapter: "capture", module: "impls/audio/capture.ts", file } as const;
const playback = { adapter: "playback", module: "impls/audio/playback.ts", file } as const;
const duplex = { adapter: "duplex", module: "impls/audio/duplex.ts", file } as const;

export const audioMutants: readonly Mutant[] = [
  {
    ...capture,
    name: "drops go uncounted",
    rule: "FUL3",
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
    ...playback,
    name: "an underrun replays stale samples",
    rule: "RTM2",
    find: "  memset(output + count * width, 0, (frames - count) * width * sizeof(float));\n",
    replace: "",
  },
  {
    ...duplex,
    name: "a duplex miss is counted once",
    rule: "RTM3",
    find: "if (count < frames && lane->begun && !closed)",
    replace: "if (count < frames && lane->begun && !closed && ring->flow != DUPLEX)",
  },
];
