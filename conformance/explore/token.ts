/**
 * A schedule as text: where it does something else than let the thread that runs run on. "12:1.40:8"
 * says that at its 13th decision thread 1 goes on, and that at the 41st the timed sleep of thread 0
 * ends. Such a list is short for a shrunk schedule, and independent of the strategy that found it.
 */

export interface Deviation {
  /** Number of the decision, from 0. */
  readonly at: number;
  readonly choice: number;
}

export function tokenOf(deviations: readonly Deviation[]): string {
  return deviations.map(({ at, choice }) => `${at}:${choice}`).join(".") || "-";
}

/** Throws what is wrong with it. */
export function parseToken(token: string): Deviation[] {
  if (token === "-") return [];
  let last = -1;
  return token.split(".").map((part) => {
    const [, at, choice] = part.match(/^(\d{1,5}):(\d{1,2})$/) ?? [];
    const deviation = { at: Number(at), choice: Number(choice) };
    if (choice === undefined || deviation.choice > 15 || deviation.at <= last) {
      throw new Error(
        `"${token.slice(0, 60)}" is no schedule: "${part.slice(0, 20)}" cannot be read`,
      );
    }
    last = deviation.at;
    return deviation;
  });
}
