/**
 * Rings by the interface of their own that their adapters wrap: what an adapter costs more is the
 * price of the contract.
 */
import type { Direct } from "../cell/direct.ts";
import { pushing } from "./push.ts";
import { records } from "./records.ts";
import { sending } from "./send.ts";
import { simplePair } from "./simple_pair.ts";

export const naturals: readonly Direct[] = [
  pushing("spsc"),
  pushing("mpmc"),
  pushing("broadcast"),
  sending("bounded"),
  simplePair,
  records,
];
