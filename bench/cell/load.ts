/** From what a job names to what it measures. */
import type { Adapter } from "../../impls/contract.ts";
import { loadAdapter } from "../../impls/load.ts";
import { directNamed } from "../directs.ts";
import type { Contender } from "./contender.ts";
import type { Job } from "./job.ts";
import { RingContender } from "./ring.ts";

export async function loadContender(
  { ref, direct }: Pick<Job, "ref" | "direct">,
): Promise<Contender> {
  if (direct) return directNamed(ref).contender();
  // Numbers are items of every kind there is, of "any" too.
  return new RingContender(await loadAdapter(ref) as Adapter<number>);
}
