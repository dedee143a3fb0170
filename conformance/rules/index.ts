/** The spec: every rule, in the order in which reports show them. */
import type { Rule } from "../rule.ts";
import { attach } from "./attach.ts";
import { batch } from "./batch.ts";
import { blockingRules } from "./blocking.ts";
import { broadcast } from "./broadcast.ts";
import { capacity } from "./capacity.ts";
import { claimErrors } from "./claim_errors.ts";
import { claimsModel } from "./claims_model.ts";
import { close } from "./close.ts";
import { construct } from "./construct.ts";
import { deaths } from "./deaths.ts";
import { explored } from "./explored.ts";
import { locking } from "./locking.ts";
import { loss } from "./loss.ts";
import { model } from "./model.ts";
import { networkRules } from "./network.ts";
import { observe } from "./observe.ts";
import { order } from "./order.ts";
import { ownership } from "./ownership.ts";
import { realTime } from "./realtime.ts";
import { recordRules } from "./records.ts";
import { reserve } from "./reserve.ts";
import { securityRules } from "./security.ts";
import { stageRules } from "./stages.ts";
import { strategyRules } from "./strategies.ts";
import { succession } from "./succession.ts";

export const rules: readonly Rule[] = [
  ...construct,
  ...attach,
  ...capacity,
  ...batch,
  ...recordRules,
  ...order,
  ...succession,
  ...loss,
  ...broadcast,
  ...stageRules,
  ...reserve,
  ...claimErrors,
  ...blockingRules,
  ...strategyRules,
  ...locking,
  ...close,
  ...ownership,
  ...explored,
  ...deaths,
  ...model,
  ...claimsModel,
  ...observe,
  ...realTime,
  ...networkRules,
  ...securityRules,
];
