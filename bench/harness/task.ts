/** Two ends in one realm: two tasks that take turns on its event loop. */
import type { Case, Follow, Lead } from "../cases/case.ts";
import { type Partner, type Timed, timed, type Timing } from "./pace.ts";

export function runTask(
  work: Case,
  lead: Lead,
  follow: Follow,
  timing: Timing,
): Promise<Timed> {
  const failure = Promise.withResolvers<never>();
  let running: Promise<number> = Promise.resolve(0);
  const partner: Partner = {
    release(first, count) {
      running = Promise.try(follow.run, first, count);
      running.catch(failure.reject);
    },
    settled: () => running,
  };
  return Promise.race([timed(work, lead, partner, timing), failure.promise]);
}
