/** What rings are compared with that is no ring behind the contract. */
import type { Direct } from "../cell/direct.ts";
import { bareLoop } from "./bare_loop.ts";
import { cppRing } from "./cpp_ring/cpp_ring.ts";
import { memcpy } from "./memcpy.ts";
import { messageChannel } from "./message_channel.ts";
import { naiveLoop } from "./naive_loop.ts";

export const references: readonly Direct[] = [bareLoop, naiveLoop, cppRing, memcpy, messageChannel];
