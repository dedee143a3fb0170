/** The spec: every rule, in the order in which reports show them. */
import type { Rule } from "../rule.ts";
import { batch } from "./batch.ts";
import { blockingRules } from "./blocking.ts";
import { capacity } from "./capacity.ts";
import { close } from "./close.ts";
import { construct } from "./construct.ts";
import { model } from "./model.ts";
import { networkRules } from "./network.ts";
import { observe } from "./observe.ts";
import { order } from "./order.ts";
import { ownership } from "./ownership.ts";
import { realTime } from "./realtime.ts";

export const rules: readonly Rule[] = [
  ...construct,
  ...capacity,
  ...batch,
  ...order,
  ...blockingRules,
  ...close,
  ...ownership,
  ...model,
  ...observe,
  ...realTime,
  ...networkRules,
];
