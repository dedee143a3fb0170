/** Every ring that must fail. */
import { audioMutants } from "./audio.ts";
import { broadcastMutants } from "./broadcast.ts";
import { channelMutants } from "./channel.ts";
import { deathMutants } from "./deaths.ts";
import { exploredMutants } from "./explored.ts";
import { historyMutants } from "./history.ts";
import { leaderFollowerMutants } from "./leader_follower.ts";
import { lockingMutants } from "./locking.ts";
import { messagePortMutants } from "./message_port.ts";
import type { Mutant } from "./mutant.ts";
import { mpmcMutants } from "./mpmc.ts";
import { networkMutants } from "./network.ts";
import { recordMutants } from "./records.ts";
import { securityMutants } from "./security.ts";
import { sharedMemoryMutants } from "./shared_memory.ts";
import { streamsMutants } from "./streams.ts";
import { successionMutants } from "./succession.ts";

export type { Mutant } from "./mutant.ts";
export const mutants: readonly Mutant[] = [
  ...channelMutants,
  ...streamsMutants,
  ...messagePortMutants,
  ...sharedMemoryMutants,
  ...lockingMutants,
  ...exploredMutants,
  ...historyMutants,
  ...deathMutants,
  ...audioMutants,
  ...mpmcMutants,
  ...recordMutants,
  ...leaderFollowerMutants,
  ...networkMutants,
  ...securityMutants,
  ...broadcastMutants,
  ...successionMutants,
];
