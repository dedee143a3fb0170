/** From what a job names to what it measures. */
import type { Adapter } from "../../impls/contract.ts";
import { loadAdapter } from "../../impls/load.ts";
import type { Contender } from "./contender.ts";
import type { Job } from "./job.ts";
import { referenceNamed } from "../references/all.ts";
import { RingContender } from "./ring.ts";

export async function loadContender(
  { ref, reference }: Pick<Job, "ref" | "reference">,
): Promise<Contender> {
  if (reference) return referenceNamed(ref).contender();
  // Numbers are items of every kind there is, of "any" too.
  return new RingContender(await loadAdapter(ref) as Adapter<number>);
}
