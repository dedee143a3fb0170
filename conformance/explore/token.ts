/**
 * A schedule as text: where it does something else than let the thread that runs run on. "12:1.40:8"
 * says that at its 13th decision thread 1 goes on, and that at the 41st the timed sleep of thread 0
 * ends; "12:x1" that thread 1 dies there. Such a list is short for a shrunk schedule, and independent
 * of the strategy that found it.
 */
import { DEATH } from "./strategies.ts";

export interface Deviation {
  /** Number of the decision, from 0. */
  readonly at: number;
  readonly choice: number;
}

export function tokenOf(deviations: readonly Deviation[]): string {
  const text = (choice: number) => choice < DEATH ? `${choice}` : `x${choice - DEATH}`;
  return deviations.map(({ at, choice }) => `${at}:${text(choice)}`).join(".") || "-";
}

/** Throws what is wrong with it. */
export function parseToken(token: string): Deviation[] {
  if (token === "-") return [];
  let last = -1;
  return token.split(".").map((part) => {
    const [, at, choice, dying] = part.match(/^(\d{1,5}):(?:([0-9]|1[0-5])|x([0-7]))$/) ?? [];
    const deviation = { at: Number(at), choice: Number(choice ?? DEATH + Number(dying)) };
    if (at === undefined || deviation.at <= last) {
      throw new Error(
        `"${token.slice(0, 60)}" is no schedule: "${part.slice(0, 20)}" cannot be read`,
      );
    }
    last = deviation.at;
    return deviation;
  });
}
