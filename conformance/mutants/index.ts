/** Every ring that must fail. */
import { audioMutants } from "./audio.ts";
import { channelMutants } from "./channel.ts";
import type { Mutant } from "./mutant.ts";
import { networkMutants } from "./network.ts";
import { sharedMemoryMutants } from "./shared_memory.ts";

export type { Mutant } from "./mutant.ts";
export const mutants: readonly Mutant[] = [
  ...channelMutants,
  ...sharedMemoryMutants,
  ...audioMutants,
  ...networkMutants,
];
