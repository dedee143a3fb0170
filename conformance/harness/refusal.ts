/** What a call that ought to be refused ends with. */
import { Violation } from "../rule.ts";

/** The error, or undefined when there is none; what a rule itself found passes through. */
export async function refusal(
  act: () => unknown,
): Promise<(Error & { code?: unknown }) | undefined> {
  try {
    await act();
  } catch (error) {
    if (error instanceof Violation) throw error;
    return error instanceof Error ? error : new Error(String(error));
  }
  return undefined;
}
